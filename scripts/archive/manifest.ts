import { z } from "zod";
import { SchemaVersion } from "./schema-version";

/** Of the form of backups and exports; a reader refuses others. */
export const formatVersion = 1;

export const Table = z.object({ name: z.string(), columns: z.array(z.string()) });
export type Table = z.output<typeof Table>;

/** What a reader must know before the first row: tables in the order in which they can be loaded. */
export const Header = z.object({
  format: z.literal(formatVersion, "It has another format than this version reads."),
  /** One export is continued, not mixed with another. */
  id: z.string(),
  product: z.string(),
  createdAt: z.string(),
  schema: SchemaVersion,
  tables: z.array(Table),
  /** Of each partitioned table, from when to when its partitions are. */
  partitions: z.array(z.object({ table: z.string(), from: z.string(), to: z.string() })),
  sequences: z.array(z.object({ name: z.string(), last: z.string().nullable() })),
});
export type Header = z.output<typeof Header>;

export const Member = z.object({
  name: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  /** Of a part of a table. */
  table: z.string().optional(),
  rows: z.number().optional(),
});
export type Member = z.output<typeof Member>;

/** What must be in it for it to be whole. */
export const Manifest = z.object({
  id: z.string(),
  members: z.array(Member),
  /** Missing where the bucket was left out. */
  objects: z
    .object({ count: z.number(), bytes: z.number(), sha256: z.string().optional() })
    .optional(),
  /** Messages that waited in queues which are not in here. */
  waiting: z.number().optional(),
});
export type Manifest = z.output<typeof Manifest>;
