import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { onServer, withDatabase } from "./stack";

/** A migrated database of the file's own, without a worker; `client` is there once the tests run. */
export function useDatabase(purpose: string): { client: pg.Client } {
  const name = `brinkwatch_${purpose}_${randomBytes(6).toString("hex")}`;
  const serverUrl = inject("serverUrl");
  const client = new pg.Client({ connectionString: withDatabase(serverUrl, name) });
  beforeAll(async () => {
    await onServer(serverUrl, `create database ${name} template ${inject("template")}`);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await onServer(serverUrl, `drop database ${name}`);
  });
  return { client };
}
