import { rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildWeb, bundleWorker } from "../scripts/local/bundle";
import { startNeonBridge } from "../scripts/local/neon-bridge";
import { startPostgres } from "../scripts/local/postgres";
import { migrateDatabase } from "../scripts/migrate-database";
import { compileCommands } from "./compile-commands";
import { startKeeper } from "./keeper";
import { makeScratch, removeAbandoned } from "./scratch";
import { onServer, withDatabase } from "./stack";
import { watchForStandstill } from "./standstill";
import { startWatchdog } from "./start-watchdog";

declare module "vitest" {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- only an interface can be added to
  export interface ProvidedContext {
    /** Connection string of the server; each test file makes its own database on it. */
    serverUrl: string;
    template: string;
    neonUrl: string;
    bundle: string;
    /** Hands out the stacks that files share. */
    keeperUrl: string;
    /** Where the commands of npm are that were compiled. */
    commands: string;
    /** Of this run, for logs. */
    folder: string;
  }
}

/** One database server, one migrated template and one bundle for the whole run. */
export default async function setup(project: TestProject) {
  watchForStandstill();
  removeAbandoned();
  const folder = makeScratch("test");
  const bundling = bundleWorker(join(folder, "bundle"), {
    "@better-auth/utils/password": join(import.meta.dirname, "cheap-passwords.ts"),
  });
  bundling.catch(() => undefined);
  // Before starts that come at once would each build them.
  const pages = buildWeb();
  pages.catch(() => undefined);
  // What is tested is a killed server, not a lost machine: the operating system keeps what was written.
  const embedded = process.env.DATABASE_URL
    ? undefined
    : await startPostgres(join(folder, "postgres"), { settings: { fsync: "off" } });
  if (embedded) startWatchdog()(embedded.pid, "SIGINT");
  const serverUrl = process.env.DATABASE_URL ?? embedded?.url ?? "";
  const template = `brinkwatch_template_${process.pid}`;
  await onServer(serverUrl, `create database ${template}`);
  await migrateDatabase(withDatabase(serverUrl, template));
  const neon = await startNeonBridge(serverUrl);

  project.provide("serverUrl", serverUrl);
  project.provide("template", template);
  project.provide("neonUrl", neon.url);
  await pages;
  project.provide("bundle", await bundling);
  project.provide("folder", folder);
  project.provide("commands", await compileCommands(folder));
  const keeper = await startKeeper({
    serverUrl,
    template,
    neonUrl: neon.url,
    bundle: await bundling,
    logFolder: folder,
  });
  project.provide("keeperUrl", keeper.url);

  return async () => {
    await keeper.close();
    await neon.close();
    if (embedded) await embedded.stop();
    else await onServer(serverUrl, `drop database if exists ${template} with (force)`);
    rmSync(folder, { recursive: true, force: true });
  };
}
