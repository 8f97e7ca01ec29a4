import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { startNeonBridge } from "../scripts/local/neon-bridge";
import { type RunningPostgres, startPostgres } from "../scripts/local/postgres";
import { beganOf } from "../scripts/local/processes";
import { eventually } from "./harness";
import { onServer } from "./stack";

let folder: string;
let postgres: RunningPostgres | undefined;
const start = async () => {
  postgres = await startPostgres(join(folder, "postgres"), { settings: { fsync: "off" } });
  return postgres;
};
afterEach(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const withPassword = (url: string, password: string) => {
  const changed = new URL(url);
  changed.password = password;
  return changed.href;
};
const refused = (url: string) =>
  Promise.all(
    ["", "postgres", "0".repeat(64)].map(async (password) => {
      const client = new pg.Client({ connectionString: withPassword(url, password) });
      return client.connect().then(
        () => client.end().then(() => "let in"),
        (error: Error) => error.message,
      );
    }),
  );
const words = [
  expect.stringContaining("client password must be a"),
  ...Array(2).fill('password authentication failed for user "postgres"'),
];

test("the embedded database asks everybody for its password, also over a folder of before it had one", async () => {
  folder = mkdtempSync(join(tmpdir(), "brinkwatch-postgres-"));
  chmodSync(folder, 0o711);
  const first = await start();
  await onServer(first.url, "create table kept (id int)");
  expect(await refused(first.url)).toEqual(words);
  const path = (name: string) => join(folder, "postgres", name);
  expect(statSync(path("brinkwatch-password")).mode & 0o777).toBe(0o600);
  await first.stop();
  const again = await start();
  expect(new URL(again.url).password).toBe(new URL(first.url).password);

  await onServer(again.url, "alter role postgres password null");
  await again.stop();
  rmSync(path("brinkwatch-password"));
  writeFileSync(path("pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
  const taken = await start();
  expect(await refused(taken.url)).toEqual(words);
  expect(new URL(taken.url).password).not.toBe(new URL(first.url).password);
  await onServer(taken.url, "insert into kept values (1)");
});

test("the bridge to it answers only whoever shows the same user and password", async () => {
  folder = mkdtempSync(join(tmpdir(), "brinkwatch-postgres-"));
  chmodSync(folder, 0o711);
  const { url } = await start();
  const bridge = await startNeonBridge(url);
  const ask = async (connection: string | undefined) => {
    const response = await fetch(bridge.url, {
      method: "POST",
      headers: connection === undefined ? {} : { "neon-connection-string": connection },
      body: JSON.stringify({ query: "select 1 as one" }),
    });
    const { rows, message } = (await response.json()) as { rows?: unknown; message?: string };
    return [response.status, rows ?? message];
  };
  try {
    expect(await ask(url)).toEqual([200, [{ one: "1" }]]);
    for (const wrong of [
      undefined,
      "",
      "nonsense",
      withPassword(url, ""),
      withPassword(url, "x"),
      withPassword(url, "0".repeat(64)),
      url.replace("postgres:", "template:"),
      url.replace("127.0.0.1", "127.0.0.2"),
    ]) {
      expect([wrong, await ask(wrong)]).toEqual([wrong, [400, "password authentication failed"]]);
    }
  } finally {
    await bridge.close();
  }
});

test("another program that has the number of a killed server now is left alone", async () => {
  folder = mkdtempSync(join(tmpdir(), "brinkwatch-postgres-"));
  chmodSync(folder, 0o711);
  await (await start()).stop();
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  try {
    writeFileSync(join(folder, "postgres/postmaster.pid"), `${other.pid}\n`);
    await start();
    expect([other.exitCode, other.signalCode]).toEqual([null, null]);
    expect(beganOf(other.pid ?? 0)).toBeDefined();
  } finally {
    other.kill("SIGKILL");
  }
});

test("a start that was killed while it made the database leaves nothing that the next takes for one", async () => {
  folder = mkdtempSync(join(tmpdir(), "brinkwatch-postgres-"));
  chmodSync(folder, 0o711);
  const begun = spawn(
    process.execPath,
    ["--import", "tsx", join(import.meta.dirname, "make-database.ts"), join(folder, "postgres")],
    { cwd: join(import.meta.dirname, ".."), detached: true },
  );
  const ended = once(begun, "exit");
  // PostgreSQL writes its version first and all else after it.
  const versions = () =>
    readdirSync(folder).filter((name) => existsSync(join(folder, name, "PG_VERSION")));
  await eventually(() => expect(versions()).toHaveLength(1));
  // With all that it has started.
  process.kill(-(begun.pid ?? 0), "SIGKILL");
  await ended;

  const { url } = await start();
  await onServer(url, "create table kept (id int)");
  expect(readdirSync(folder)).toEqual(["postgres"]);
});

// Recovery from a copy takes as long as the command that fetches the log.
test("a database that takes long to recover is waited for and not left behind, however much it prints meanwhile", async () => {
  folder = mkdtempSync(join(tmpdir(), "brinkwatch-postgres-"));
  chmodSync(folder, 0o711);
  await (await start()).stop();
  writeFileSync(join(folder, "postgres/recovery.signal"), "");
  const lines: string[] = [];
  postgres = await startPostgres(join(folder, "postgres"), {
    settings: {
      fsync: "off",
      restore_command: `i=0; while [ $i -lt 400 ]; do echo "${"x".repeat(100)} no %f" >&2; i=$((i+1)); done; false`,
    },
    say: (line) => lines.push(line),
    sayEveryMs: 1,
  });
  expect(lines.length).toBeGreaterThan(0);
  expect(new Set(lines.map((line) => line.slice(0, 28)))).toEqual(
    new Set(["PostgreSQL is not ready yet:"]),
  );
  const { pid } = postgres;
  await onServer(postgres.url, "create table kept (id int)");
  await postgres.stop();
  expect(beganOf(pid)).toBeUndefined();
});
