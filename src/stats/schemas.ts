import { z } from "@hono/zod-openapi";
import { moment } from "../protocol/moment";
import { listItemsMax, listOf } from "../protocol/query-list";
import { idPattern } from "../protocol/row-id";

export const groupings = ["outcome", "category", "reason", "project"] as const;

const idOrAll = new RegExp(`^-1$|${idPattern.source}`);

export const StatsQuery = z.object({
  field: z.enum(["sum(quantity)", "sum(times_seen)"]),
  category: listOf(z.string().max(32)).openapi({
    type: "array",
    items: { type: "string", maxLength: 32 },
    maxItems: listItemsMax,
    description: "error, transaction, … ; all when it is left out",
    example: ["error"],
  }),
  outcome: listOf(z.string().max(32)).openapi({
    type: "array",
    items: { type: "string", maxLength: 32 },
    maxItems: listItemsMax,
    description: "accepted, filtered, rate_limited, invalid, abuse, client_discard",
  }),
  reason: listOf(z.string().max(64)).openapi({
    type: "array",
    items: { type: "string", maxLength: 64 },
    maxItems: listItemsMax,
    description: "default_limit, new_issues_limit, … ; all when it is left out",
  }),
  groupBy: listOf(z.enum(groupings)).openapi({
    type: "array",
    items: { type: "string", enum: [...groupings] },
    maxItems: listItemsMax,
    description: "Without it, one series of what was accepted",
  }),
  start: moment.optional(),
  end: moment.optional(),
  statsPeriod: z
    .string()
    .regex(/^\d{1,4}[mhdw]$/, "must be like 24h or 14d")
    .max(5)
    .optional()
    .openapi({ description: "Instead of start and end", example: "14d" }),
  interval: z.enum(["1d", "1h", "1m"]).default("1h"),
  project: listOf(z.string().regex(idOrAll, "must be an id, or -1 for all")).openapi({
    type: "array",
    items: { type: "integer", maximum: 999_999_999_999_999 },
    maxItems: listItemsMax,
  }),
});
export type StatsQuery = z.output<typeof StatsQuery>;

export const Stats = z
  .object({
    start: z.string(),
    end: z.string(),
    intervals: z.array(z.string()).openapi({ example: ["2026-01-01T00:00:00+00:00"] }),
    groups: z.array(
      z.object({
        by: z.record(z.string(), z.union([z.string(), z.number()])),
        totals: z.record(z.string(), z.number()),
        series: z.record(z.string(), z.array(z.number())),
      }),
    ),
  })
  .openapi("Stats");
