import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, inject, test } from "vitest";
import { freePort } from "../../scripts/local/postgres";
import { beganOf, childrenOf } from "../../scripts/local/processes";
import { eventEnvelope, eventually } from "../harness";
import { askForHome } from "../keeper";
import { tokenIn } from "../local-server";
import { makeScratch } from "../scratch";
import { onServer, withDatabase } from "../stack";

const root = join(import.meta.dirname, "../..");
const script = join(root, "scripts/local/start.mjs");
const folders: string[] = [];
const started: ChildProcess[] = [];

afterAll(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("exit", resolve));
    }
  }
  const resets = folders.map(async (folder) => {
    const reset = await run(["--import", "tsx", join(root, "scripts/local/reset.ts")], {
      BRINKWATCH_HOME: folder,
    });
    rmSync(folder, { recursive: true, force: true });
    return reset;
  });
  expect(await Promise.all(resets)).toEqual(folders.map(() => ({ status: 0, stderr: "" })));
  // Nothing that was begun goes on writing there.
  expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
});

/** An empty folder that other users cannot enter, as below /root. */
function home(): string {
  const folder = makeScratch("home");
  chmodSync(folder, 0o700);
  folders.push(folder);
  return folder;
}

/** The same, but that a start finds its bundle there. */
async function homeWithBundle(): Promise<string> {
  const folder = home();
  const earlier = await askForHome(inject("keeperUrl"));
  cpSync(join(earlier, "bundle"), join(folder, "bundle"), { recursive: true });
  return folder;
}

/** Node with these arguments, to its end. */
const run = (parameters: string[], variables: Record<string, string>) =>
  new Promise<{ status: unknown; stderr: string }>((resolve) => {
    const options = { cwd: root, env: environmentOf(variables), timeout: 120_000 };
    execFile(process.execPath, parameters, options, (error, _stdout, stderr) =>
      resolve({ status: error ? (error.code ?? error.signal) : 0, stderr }),
    );
  });

const environmentOf = (variables: Record<string, string>) => {
  const { DATABASE_URL: _, REDIS_URL: __, ...rest } = process.env;
  return { ...rest, ...variables };
};

async function start(variables: Record<string, string>) {
  const child = spawn(process.execPath, [script], {
    env: environmentOf(variables),
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  await eventually(() => {
    if (child.exitCode === null) expect(output).toContain("is ready at");
  }, 240_000);
  if (child.exitCode !== null) throw new Error(output);
  const find = (pattern: RegExp) => pattern.exec(output)?.[1] ?? "";
  return {
    child,
    output: () => output,
    dsn: find(/DSN\s+(\S+)/),
    token: tokenIn(variables.BRINKWATCH_HOME ?? ""),
  };
}

const readCredentials = (folder: string): { email: string; password: string } =>
  JSON.parse(readFileSync(join(folder, "credentials.json"), "utf8"));

const isThere = (pid: number) => beganOf(pid) !== undefined;

const failure = async (variables: Record<string, string>, flags: string[] = []) => {
  const { status, stderr } = await run([...flags, script], variables);
  return { status, lines: stderr.trim().split("\n") };
};

describe.concurrent("npm start", () => {
  test("from nothing to an issue; data outlives a restart; Ctrl-C leaves no process", async () => {
    const port = String(await freePort());
    const variables = { BRINKWATCH_HOME: home(), PORT: port };
    const first = await start(variables);
    const { host, pathname, username } = new URL(first.dsn);
    const sent = await fetch(`http://${host}/api${pathname}/envelope/?sentry_key=${username}`, {
      method: "POST",
      body: eventEnvelope(),
    });
    expect(sent.status).toBe(200);
    const issues = async (token: string, at = port) =>
      (
        await fetch(`http://localhost:${at}/api/0/organizations/acme/issues/`, {
          headers: { authorization: `Bearer ${token}` },
        })
      ).json();
    await eventually(async () =>
      expect(await issues(first.token)).toMatchObject([{ title: "Error: it broke", count: "1" }]),
    );

    // A database that is killed comes back, and what was accepted meanwhile is stored.
    const database = childrenOf(first.child.pid ?? 0).find(({ name }) =>
      name.startsWith("postgres"),
    );
    process.kill(database?.pid ?? 0, "SIGKILL");
    const during = await fetch(`http://${host}/api${pathname}/envelope/?sentry_key=${username}`, {
      method: "POST",
      body: eventEnvelope(),
    });
    expect(during.status).toBe(200);
    await eventually(async () => expect(await issues(first.token)).toMatchObject([{ count: "2" }]));

    const children = childrenOf(first.child.pid ?? 0).map(({ pid }) => pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    first.child.kill("SIGINT");
    await new Promise((resolve) => first.child.once("exit", resolve));
    await eventually(() => expect(children.filter(isThere)).toEqual([]));

    const otherPort = String(await freePort());
    const second = await start({ ...variables, PORT: otherPort });
    expect(second.dsn).toBe(first.dsn.replace(`:${port}/`, `:${otherPort}/`));
    expect(second.token).toBe(first.token);
    // Journals are kept and passed on: only the first start prints secrets, later ones say where they are.
    const { email, password } = readCredentials(variables.BRINKWATCH_HOME);
    expect(first.output()).toContain(`Login      ${email} / ${password}\n`);
    expect(first.output()).toContain(`API token  ${first.token}\n`);
    const later = second.output();
    expect(later).not.toContain(password);
    expect(later).not.toContain(first.token);
    expect(later).toContain(`${variables.BRINKWATCH_HOME}/credentials.json`);
    expect(later).toContain(`npm run create-user -- --email ${email}`);
    expect(await issues(second.token, otherPort)).toMatchObject([
      { title: "Error: it broke", count: "2" },
    ]);
    const events = await fetch(`http://localhost:${otherPort}/api/0/projects/acme/shop/events/`, {
      headers: { authorization: `Bearer ${first.token}` },
    });
    expect(await events.json()).toMatchObject([
      { title: "Error: it broke" },
      { title: "Error: it broke" },
    ]);

    const ofSecond = childrenOf(second.child.pid ?? 0).map(({ pid }) => pid);
    // A kill that cannot be caught: the bridges end what is left.
    second.child.kill("SIGKILL");
    await eventually(() => expect(ofSecond.filter(isThere)).toEqual([]));
  }, 600_000);

  test("a second start on the same folder says so and leaves the first one alone", async () => {
    const variables = { BRINKWATCH_HOME: await homeWithBundle(), PORT: String(await freePort()) };
    const first = await start(variables);
    expect(await failure({ ...variables, PORT: String(await freePort()) })).toEqual({
      status: 1,
      lines: [
        `Brinkwatch could not start. Brinkwatch runs already in ${variables.BRINKWATCH_HOME} (process ${first.child.pid}, http://localhost:${variables.PORT}). Stop it first, or set BRINKWATCH_HOME to another folder.`,
      ],
    });
    const alive = await fetch(`http://localhost:${variables.PORT}/_health/ready`);
    const works = expect.objectContaining({ status: "ok" });
    // The queues and the disk are those of this machine.
    expect([alive.status, await alive.json()]).toEqual([
      200,
      {
        status: "ok",
        checks: { database: works, redis: works, bucket: works, queues: works, disk: works },
      },
    ]);
  }, 600_000);

  test("a taken port, an old Node, an unreachable and an unfit database: one sentence each", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const taken = String(typeof address === "object" && address ? address.port : 0);
    const nowhere = await freePort();
    try {
      expect(await failure({ BRINKWATCH_HOME: await homeWithBundle(), PORT: taken })).toEqual({
        status: 1,
        lines: [
          `Brinkwatch could not start. Port ${taken} is taken; choose another with PORT=8001 npm start.`,
        ],
      });
      expect(
        await failure({}, [
          "--import",
          'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"18.20.1"}})',
        ]),
      ).toEqual({ status: 1, lines: ["Brinkwatch needs Node 20.19 or newer; this is 18.20.1."] });
      const unreachable = await failure({
        BRINKWATCH_HOME: await homeWithBundle(),
        PORT: String(await freePort()),
        DATABASE_URL: `postgresql://x@127.0.0.1:${nowhere}/x`,
      });
      expect(unreachable).toEqual({
        status: 1,
        lines: [
          expect.stringMatching(/^Brinkwatch could not start\. The database cannot be reached: /),
        ],
      });
    } finally {
      server.close();
    }
    const name = `brinkwatch_unfit_${process.pid}`;
    const serverUrl = inject("serverUrl");
    await onServer(serverUrl, `create database ${name}`);
    try {
      await onServer(withDatabase(serverUrl, name), "create table users (id int)");
      const unfit = await failure({
        BRINKWATCH_HOME: await homeWithBundle(),
        PORT: String(await freePort()),
        DATABASE_URL: withDatabase(serverUrl, name),
      });
      expect(unfit).toEqual({
        status: 1,
        lines: [
          expect.stringMatching(
            /^Brinkwatch could not start\. The database could not be migrated: .*already exists/,
          ),
        ],
      });
    } finally {
      await onServer(serverUrl, `drop database ${name} with (force)`);
    }
  }, 600_000);
});
