import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import pg from "pg";
import { inject } from "vitest";
import { quoted } from "../../scripts/archive/dump-tables";
import { type BlobStore, everyBlob } from "../../scripts/local/bucket/blob-store";
import type { Stack } from "../harness";
import { onServer, withDatabase } from "../stack";

/** A database without anything in it. */
export async function emptyDatabase(
  template?: string,
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `brinkwatch_copy_${randomBytes(6).toString("hex")}`;
  const serverUrl = inject("serverUrl");
  await onServer(serverUrl, `create database ${name}${template ? ` template ${template}` : ""}`);
  return {
    url: withDatabase(serverUrl, name),
    drop: () => onServer(serverUrl, `drop database if exists ${name} with (force)`),
  };
}

export async function inDatabase<T>(
  url: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** All rows of all tables, with the numbers that are next. */
export const contentOf = (url: string): Promise<Record<string, string[]>> =>
  inDatabase(url, async (client) => {
    const { rows: tables } = await client.query(
      `select relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
    );
    const content: Record<string, string[]> = {};
    for (const { name } of tables) {
      const { rows } = await client.query(
        `select t::text as row from ${quoted(name)} t order by 1`,
      );
      content[name] = rows.map(({ row }) => row);
    }
    const { rows } = await client.query(
      "select sequencename || ' ' || last_value as row from pg_sequences where last_value is not null order by 1",
    );
    content.sequences = rows.map(({ row }) => row);
    return content;
  });

/** All objects, with what is known about them. */
export async function objectsOf(store: BlobStore): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const { key } of everyBlob(store)) {
    const opened = await store.get(key);
    const bytes = Buffer.concat((await opened?.body.toArray()) ?? []);
    found[key] = [bytes.toString("base64"), opened?.head.custom, opened?.head.http];
  }
  return found;
}

/** The bucket of a running stack, to read from. */
export function bucketOf(stack: Pick<Stack, "control">): BlobStore {
  const { bucket } = stack.control;
  const refuse = () => Promise.reject(new Error("It is only read."));
  const headOf = (key: string, size: number) => ({
    key,
    size,
    etag: "",
    version: "",
    uploadedAtMs: 0,
    custom: [],
    http: {},
  });
  const get = async (key: string) => {
    const bytes = await bucket.get(key);
    if (!bytes) return undefined;
    const head = headOf(key, bytes.length);
    return { head, offset: 0, length: bytes.length, body: Readable.from([Buffer.from(bytes)]) };
  };
  return {
    get,
    head: async (key) => (await get(key))?.head,
    put: refuse,
    delete: refuse,
    list: async ({ prefix = "" }) => ({
      blobs: (await bucket.list(prefix)).map((key) => headOf(key, 0)),
    }),
  };
}
