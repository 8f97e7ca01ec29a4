import { z } from "zod";

/**
 * An accepted request, kept as the SDK sent it. On the wire: one line of JSON (this), then the raw body, so that
 * compressed bytes are never parsed or copied into text. A body over 100 KB is parked in R2 under `blob`.
 */
export const AcceptedEnvelope = z.object({
  v: z.literal(1),
  /** UUIDv7 minted at acceptance: the same at every redelivery. */
  id: z.string(),
  /** Milliseconds since 1970. */
  receivedAt: z.number(),
  door: z.enum(["envelope", "store", "security"]),
  projectId: z.number(),
  orgId: z.number(),
  scrubDefaults: z.boolean(),
  scrubIpAddresses: z.boolean(),
  /** The project was never grouped by g1, so its hashes are not computed. Nothing changes that. */
  isOnG2Alone: z.boolean().optional(),
  /** Version of the project's rules, as far as the edge knew; absent where it never had any. */
  rulesVersion: z.number().optional(),
  encoding: z.string().nullable(),
  client: z.string().optional(),
  userAgent: z.string().optional(),
  ip: z.string().optional(),
  geo: z
    .object({
      country_code: z.string().optional(),
      city: z.string().optional(),
      region: z.string().optional(),
    })
    .optional(),
  /** Event id that the answer named, when the request itself brought none. */
  eventId: z.string().optional(),
  /** Of a security report's query string. */
  release: z.string().optional(),
  environment: z.string().optional(),
  /** Limit groups that were over their limit: those items are already counted and must be skipped. */
  limited: z.array(z.string()).optional(),
  blob: z.string().optional(),
});
export type AcceptedEnvelope = z.infer<typeof AcceptedEnvelope>;

/** Counts that no digest makes: refusals at the edge. Added up per isolate, sent about once a second. */
export const OutcomeCounts = z.object({
  v: z.literal(1),
  id: z.string(),
  receivedAt: z.number(),
  counts: z.array(
    z.object({
      projectId: z.number(),
      /** Milliseconds since 1970, a whole hour. */
      hour: z.number(),
      category: z.string(),
      outcome: z.string(),
      reason: z.string(),
      quantity: z.number().int().positive(),
    }),
  ),
});
export type OutcomeCounts = z.infer<typeof OutcomeCounts>;

/** What may happen to an issue. A new kind is a word here; readers (queues/change-readers.ts) say which they want. */
export const changeKinds = ["created", "regressed", "escalating", "reopened"] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Says that there is a row of the outbox. The row is the truth. */
export const IssueChange = z.object({
  v: z.literal(1),
  changeId: z.number(),
  issueId: z.number(),
  change: z.enum(changeKinds),
});

export type EnvelopeMessage = { meta: AcceptedEnvelope; body: Uint8Array };

/** Everything that may travel on a queue. A test keeps wrangler.toml, this table and the consumers equal. */
export const catalog = {
  envelopes: AcceptedEnvelope,
  outcomes: OutcomeCounts,
  "issue-changes": IssueChange,
} satisfies Record<string, z.ZodType>;

export type QueueName = keyof typeof catalog;
export type MessageOf<Q extends QueueName> = Q extends "envelopes"
  ? EnvelopeMessage
  : z.infer<(typeof catalog)[Q]>;

const newline = 10;

/** First line the description, then the body untouched. */
export function packEnvelope({ meta, body }: EnvelopeMessage): Uint8Array {
  const head = new TextEncoder().encode(`${JSON.stringify(meta)}\n`);
  const packed = new Uint8Array(head.length + body.length);
  packed.set(head);
  packed.set(body, head.length);
  return packed;
}

export function unpackEnvelope(packed: Uint8Array): EnvelopeMessage {
  const end = packed.indexOf(newline);
  if (end < 0) throw new Error("an envelope message has no description");
  const meta = AcceptedEnvelope.parse(
    JSON.parse(new TextDecoder().decode(packed.subarray(0, end))),
  );
  return { meta, body: packed.subarray(end + 1) };
}
