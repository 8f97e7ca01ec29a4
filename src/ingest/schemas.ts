import { z } from "zod";
import { daySeconds } from "../protocol/durations";

/** At most `count` things of a category in each window. Stored in `quotas` of organizations and projects. */
export const Quota = z.object({
  category: z.string().max(32),
  count: z.number().int().min(0),
  windowSeconds: z
    .number()
    .int()
    .min(1)
    .max(31 * daySeconds),
});
export type Quota = z.infer<typeof Quota>;

const Limit = Quota.extend({
  scope: z.enum(["organization", "project", "key"]),
  /** What is counted together: id of the organization, project or key. */
  scopeId: z.string(),
  /** Holds for every category that has no limit of this scope: nobody set it. */
  isDefault: z.boolean().optional(),
});
export type Limit = z.infer<typeof Limit>;

/** All that the edge must know of a key, in one record that Redis can keep. */
export const KeyRecord = z.object({
  projectId: z.number(),
  orgId: z.number(),
  isActive: z.boolean(),
  isAcceptingEvents: z.boolean(),
  /** Percent turned away, by the organization's rule and by the project's, each decided by chance for itself. */
  throttleRates: z.tuple([z.number(), z.number()]),
  allowedOrigins: z.array(z.string()),
  scrubDefaults: z.boolean(),
  scrubIpAddresses: z.boolean(),
  /** Whether the project was never grouped by g1. A record that does not say so is of a release that knew g1 alone. */
  isOnG2Alone: z.boolean().default(false),
  /** Of the rules that the digest follows. 0: the project never had any. */
  rulesVersion: z.number().default(0),
  limits: z.array(Limit),
});
export type KeyRecord = z.infer<typeof KeyRecord>;
