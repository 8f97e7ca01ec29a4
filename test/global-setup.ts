import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startNeonBridge } from "../scripts/dev/neon-bridge";
import { startPostgres } from "../scripts/dev/postgres";
import { startWatchdog } from "../scripts/dev/processes";
import { bundleWorker } from "../scripts/dev/worker";
import { migrateDatabase } from "../scripts/migrate";

declare module "vitest" {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- only an interface can be added to
  export interface ProvidedContext {
    /** Connection string of the server; each test file makes its own database on it. */
    serverUrl: string;
    template: string;
    neonUrl: string;
    bundle: string;
  }
}

/** One database server, one migrated template and one bundle for the whole run. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), "faultline-test-"));
  // The database runs as another user when the tests run as root.
  chmodSync(folder, 0o711);
  const bundling = bundleWorker(join(folder, "bundle"));
  bundling.catch(() => undefined);
  // What is tested is a killed server, not a lost machine: the operating system keeps what was written.
  const embedded = process.env.DATABASE_URL
    ? undefined
    : await startPostgres(join(folder, "postgres"), { settings: { fsync: "off" } });
  if (embedded) startWatchdog()(embedded.pid, "SIGINT");
  const serverUrl = process.env.DATABASE_URL ?? embedded?.url ?? "";
  const template = `faultline_template_${process.pid}`;
  await onServer(serverUrl, `create database ${template}`);
  await migrateDatabase(withDatabase(serverUrl, template));
  const neon = await startNeonBridge(serverUrl);

  project.provide("serverUrl", serverUrl);
  project.provide("template", template);
  project.provide("neonUrl", neon.url);
  project.provide("bundle", await bundling);

  return async () => {
    await neon.close();
    if (embedded) await embedded.stop();
    else await onServer(serverUrl, `drop database if exists ${template} with (force)`);
    rmSync(folder, { recursive: true, force: true });
  };
}

export function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
