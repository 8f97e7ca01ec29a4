import { execFile, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { chooseAccount } from "../../scripts/deploy-setup/account";
import { openCloudflareApi } from "../../scripts/deploy-setup/cloudflare-api";
import { deploySetup } from "../../scripts/deploy-setup/deploy-setup";
import { releaseTag } from "../../scripts/deploy-setup/release-tag";
import { stepsOf } from "../../scripts/deploy-setup/steps";
import { untilReady } from "../../scripts/deploy-setup/until-ready";
import { readWranglerConfig } from "../../scripts/local/wrangler-config";
import { startCloudflareStub } from "../cloudflare-stub";
import { commandLine } from "../command-line";
import { root } from "../sources";
import { onServer, withDatabase } from "../stack";

type Stub = Awaited<ReturnType<typeof startCloudflareStub>>;

const token = "cf-token-that-nobody-may-read";
const accountId = "a".repeat(32);
const name = `brinkwatch_setup_${randomBytes(6).toString("hex")}`;
const databaseUrl = withDatabase(inject("serverUrl"), name);
const secrets = new Map([
  ["DATABASE_URL", databaseUrl],
  ["UPSTASH_REDIS_REST_URL", "https://redis.example"],
  ["UPSTASH_REDIS_REST_TOKEN", "redis-token-that-nobody-may-read"],
]);
const queues = ["envelopes", "outcomes", "issue-changes", "dead-letters"];
let stub: Stub;
let folder: string;

/** A checkout of its own: its wrangler.toml is written to. */
function checkOut(): string {
  const made = mkdtempSync(join(tmpdir(), "brinkwatch-setup-"));
  cpSync(join(root, "wrangler.toml"), join(made, "wrangler.toml"));
  const linked = ["src", "queues", "drizzle", "scripts", "dist", "node_modules", "package.json"];
  for (const each of [...linked, "package-lock.json", "tsconfig.json"])
    symlinkSync(join(root, each), join(made, each));
  return made;
}
const toml = () => readFileSync(join(folder, "wrangler.toml"), "utf8");

beforeAll(() => onServer(inject("serverUrl"), `create database ${name}`));
afterAll(() => onServer(inject("serverUrl"), `drop database ${name} with (force)`));
beforeEach(async () => {
  stub = await startCloudflareStub(token, accountId);
  folder = checkOut();
});
afterEach(async () => {
  await stub.close();
  rmSync(folder, { recursive: true });
});

/** One run, but for the upload, of which the stub learns the tag. */
async function setUp(
  options: {
    isDryRun?: boolean;
    agrees?: boolean;
    url?: string;
    secrets?: Map<string, string>;
    bearer?: string;
  } = {},
) {
  const said: string[] = [];
  const deployed: string[] = [];
  stub.calls.length = 0;
  const steps = stepsOf({
    api: openCloudflareApi(stub.url, options.bearer ?? token),
    accountId,
    config: readWranglerConfig(join(folder, "wrangler.toml")),
    secrets: options.secrets ?? secrets,
    url: options.url,
    deploy: async (tag) => {
      deployed.push(tag);
      if (stub.account.worker) stub.account.worker.tag = tag;
    },
  });
  const talk = {
    print: (line: string) => void said.push(line),
    agree: async () => options.agrees ?? true,
  };
  const outcome = await deploySetup(steps, talk, options.isDryRun ?? false);
  const writes = stub.writes().map(({ method, path, body }) => {
    const at = path.replace(`/accounts/${accountId}`, "");
    const { queue_name: queue = "", name: made = "" } = body.startsWith("{")
      ? JSON.parse(body)
      : {};
    return `${method} ${at} ${queue}${made}`.trim();
  });
  return { outcome, said: said.join("\n"), writes, deployed };
}

const everyWrite = [
  ...queues.map((queue) => `POST /queues ${queue}`),
  "POST /r2/buckets brinkwatch",
  "PUT /r2/buckets/brinkwatch/lifecycle",
  "PUT /workers/scripts/brinkwatch",
  ...[...secrets.keys(), "AUTH_SECRET"].map(
    (secret) => `PUT /workers/scripts/brinkwatch/secrets ${secret}`,
  ),
];

describe("an empty account", () => {
  test("gets what wrangler.toml names, each thing once; a second run changes nothing", async () => {
    const first = await setUp();
    expect([first.outcome, first.writes]).toEqual(["complete", everyWrite]);
    expect(first.deployed).toEqual([releaseTag(folder)]);
    const { worker, buckets } = stub.account;
    expect(Object.fromEntries(worker?.secrets ?? [])).toEqual({
      ...Object.fromEntries(secrets),
      AUTH_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    // The rule that Cloudflare made itself stays.
    expect(buckets.get("brinkwatch")).toEqual([
      { id: "Default Multipart Abort Rule" },
      expect.objectContaining({
        conditions: { prefix: "inbox/" },
        deleteObjectsTransition: { condition: { type: "Age", maxAge: 60 * 86_400 } },
      }),
    ]);
    expect(toml()).toContain('PUBLIC_URL = "https://brinkwatch.acme.workers.dev"');
    const [before, files] = [structuredClone(stub.account), toml()];

    const second = await setUp();
    expect(second).toMatchObject({ outcome: "complete", writes: [], deployed: [] });
    expect(second.said).toContain("Everything is there.");
    expect([stub.account, toml()]).toEqual([before, files]);
  });

  test.each([
    ["a dry run", { isDryRun: true }, "planned", "14 would be made; nothing was changed"],
    ["who does not agree", { agrees: false }, "failed", "Nothing was changed."],
  ])("%s changes nothing", async (_, options, outcome, words) => {
    await onServer(databaseUrl, "drop schema if exists drizzle cascade");
    const [before, files] = [structuredClone(stub.account), toml()];
    const run = await setUp(options);
    expect(run).toMatchObject({ outcome, writes: [], deployed: [] });
    expect(run.said).toContain(words);
    expect(run.said).toContain("· queue envelopes — is missing");
    expect([stub.account, toml()]).toEqual([before, files]);
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const { rows } = await client.query("select to_regclass('drizzle.__drizzle_migrations') as t");
    await client.end();
    expect(rows).toEqual([{ t: null }]);
    await onServer(databaseUrl, "drop schema public cascade; create schema public");
  });
});

describe("a run that fails", () => {
  test.each([
    ["POST /queues", 0],
    ["POST /r2/buckets", 4],
    ["PUT /lifecycle", 5],
    ["PUT /secrets", 7],
  ])("at %s leaves what was made, and the next one goes on from there", async (place, made) => {
    stub.refused.set(place, { status: 500, code: 10_013, message: "internal error" });
    const broken = await setUp();
    expect(broken.outcome).toBe("failed");
    // The last of them is the one that failed.
    expect(broken.writes).toEqual(everyWrite.slice(0, made + 1));
    expect(broken.said).toMatch(/✗ .*: Cloudflare refuses: internal error \(code 10013\)/);
    expect(broken.deployed).toEqual([]);

    stub.refused.clear();
    const next = await setUp();
    expect([next.outcome, next.writes]).toEqual(["complete", everyWrite.slice(made)]);
  });

  test("overwrites no secret that is there, and deploys changed code only", async () => {
    await setUp();
    const known = new Map(stub.account.worker?.secrets);
    const other = new Map([...secrets].map(([key, text]) => [key, `${text}-other`]));
    other.set("DATABASE_URL", databaseUrl);
    other.set("AUTH_SECRET", "another-secret-of-32-characters-or-more");
    writeFileSync(join(folder, "wrangler.toml"), `${toml()}# changed\n`);
    const run = await setUp({ secrets: other });
    expect(run).toMatchObject({ outcome: "complete", writes: [] });
    expect(run.deployed).toHaveLength(1);
    expect(stub.account.worker?.secrets).toEqual(known);
  });
});

describe("what cannot be done is said in words, before anything is changed", () => {
  test.each([
    ["GET /queues", 10_000, "needs the permissions"],
    ["GET /queues", 100_129, `https://dash.cloudflare.com/${accountId}/workers/plans`],
    ["GET /buckets/brinkwatch", 10_042, "Enable R2 once"],
    ["GET /secrets", 10_000, "Queues (edit)"],
    ["GET /subdomain", 10_007, "give --url"],
  ])("%s refused with %i", async (place, code, words) => {
    stub.refused.set(place, { status: 403, code, message: "no" });
    const run = await setUp();
    expect(run).toMatchObject({ outcome: "failed", writes: [], deployed: [] });
    expect(run.said).toMatch(/^✗ /m);
    expect(run.said).toContain(words);
    expect(run.said).toContain("Nothing was changed.");
  });

  test("a limit is said as Cloudflare says it, in one line", async () => {
    const message = "You have\n\u001b[2J reached the limit of queues";
    stub.refused.set("POST /queues", { status: 400, code: 11_013, message });
    const { said } = await setUp();
    expect(said).toContain(
      "✗ queue envelopes: Cloudflare refuses: You have [2J reached the limit of queues (code 11013)",
    );
  });

  test.each([
    ["a wrong token", { bearer: "wrong" }, "Cloudflare does not know this token"],
    ["a missing value", { secrets: new Map() }, "Set UPSTASH_REDIS_REST_TOKEN in the environment."],
    ["no database", { secrets: new Map() }, "Set DATABASE_URL"],
    [
      "a database that is away",
      { secrets: new Map([...secrets, ["DATABASE_URL", "postgresql://u@127.0.0.1:1/x"]]) },
      "The database of DATABASE_URL cannot be reached",
    ],
    [
      "a short AUTH_SECRET",
      { secrets: new Map([...secrets, ["AUTH_SECRET", "short"]]) },
      "AUTH_SECRET needs at least 32 characters.",
    ],
  ])("%s", async (_, options, words) => {
    const run = await setUp(options);
    expect(run).toMatchObject({ outcome: "failed", writes: [], deployed: [] });
    expect(run.said).toContain(words);
  });

  test("a database of a newer version is left alone", async () => {
    await setUp();
    const { when, tag } = { when: Date.now(), tag: new Date().toISOString().slice(0, 10) };
    const newer = `insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', ${when})`;
    await onServer(databaseUrl, newer);
    const run = await setUp();
    await onServer(
      databaseUrl,
      `delete from drizzle.__drizzle_migrations where created_at = ${when}`,
    );
    expect(run).toMatchObject({ outcome: "failed", writes: [], deployed: [] });
    expect(run.said).toContain(`✗ tables of the database: The database has the schema of ${tag}`);
  });

  test("Cloudflare that is away, or answers what is no answer", async () => {
    const api = openCloudflareApi("http://127.0.0.1:1", token);
    await expect(chooseAccount(api, undefined)).rejects.toThrow("Cloudflare cannot be reached");
    const broken = openCloudflareApi(`${stub.url}/broken`, token);
    await expect(chooseAccount(broken, undefined)).rejects.toThrow("Cloudflare answered 502");
  });
});

describe("the account", () => {
  test("is the one that is named, or the only one", async () => {
    const api = openCloudflareApi(stub.url, token);
    expect(await chooseAccount(api, undefined)).toBe(accountId);
    expect(await chooseAccount(api, "b".repeat(32))).toBe("b".repeat(32));
    await expect(chooseAccount(api, "../x")).rejects.toThrow("32 hex digits");
    stub.account.others.push({ id: "c".repeat(32), name: "Other" });
    await expect(chooseAccount(api, undefined)).rejects.toThrow(`${"c".repeat(32)}  Other`);
  });
});

describe("the new installation", () => {
  test("is asked until it works, and what fails is named", async () => {
    expect(await untilReady(stub.url)).toBeUndefined();
    stub.health = {
      status: 503,
      body: { status: "failing", checks: { redis: { status: "failing" }, disk: { status: "ok" } } },
    };
    expect(await untilReady(stub.url, { tries: 2, pauseMs: 0 })).toBe("failing: redis");
    const away = await untilReady("http://127.0.0.1:1", { tries: 1 });
    expect(away).toMatch(/^no answer/);
  });
});

describe("npm run deploy:setup", () => {
  const run = promisify(execFile);
  /** How every process of this machine was started, for everybody to see. */
  const commandLinesNow = () =>
    spawnSync("ps", ["-A", "-ww", "-o", "args="], { encoding: "utf8" }).stdout.split("\n");

  /** As npm runs it, with wrangler's own upload; nobody is there to be asked. */
  async function command(args: string[], variables: Record<string, string> = {}) {
    const commandLines: string[] = [];
    stub.onUpload = () => commandLines.push(...commandLinesNow());
    const running = run(process.execPath, [...commandLine("deploy-setup/main"), ...args], {
      cwd: folder,
      env: {
        ...process.env,
        CLOUDFLARE_API_BASE_URL: stub.url,
        CLOUDFLARE_API_TOKEN: token,
        CLOUDFLARE_ACCOUNT_ID: accountId,
        WRANGLER_LOG_PATH: join(folder, "logs"),
        ...Object.fromEntries(secrets),
        ...variables,
      },
    });
    running.child.stdin?.end();
    const { code, stdout, stderr } = await running.then(
      (done) => ({ code: 0, ...done }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    const output = stdout + stderr;
    const hidden = [token, ...secrets.values(), ...(stub.account.worker?.secrets.values() ?? [])];
    const written = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    const places = [output, ...commandLines, ...written];
    expect(hidden.filter((secret) => places.some((each) => each.includes(secret)))).toEqual([]);
    return { code, output, seen: commandLines.join("\n") };
  }

  test("makes, migrates, deploys with consumers and crons, and makes the first user", async () => {
    const first = {
      INITIAL_USER_EMAIL: "first@example.com",
      INITIAL_USER_PASSWORD: "a first passphrase",
    };
    const made = await command(["--yes", "--url", stub.url], first);
    expect([made.code, made.output]).toEqual([0, expect.any(String)]);
    expect(made.output).toContain(`✓ ${stub.url}/_health/ready: everything works`);
    expect(made.output).toContain("+ first user first@example.com");
    expect(stub.account.files).toContain("/index.html");
    expect(stub.account.files.filter((path) => path.startsWith("/assets/")).length).toBeGreaterThan(
      30,
    );
    expect(stub.account.consumers.toSorted()).toEqual(
      queues.map((each) => `id-${each}`).toSorted(),
    );
    expect(stub.account.crons).toEqual([{ cron: "* * * * *" }, { cron: "17 * * * *" }]);
    expect(stub.account.worker?.tag).toBe(releaseTag(folder));
    expect(made.seen).toContain("deploy --tag");
    // The upload keeps what it does not name.
    expect([...(stub.account.worker?.secrets.keys() ?? [])]).toHaveLength(4);
    expect(toml()).toContain(`PUBLIC_URL = "${stub.url}"`);

    stub.calls.length = 0;
    const again = await command(["--yes", "--url", stub.url], first);
    expect([again.code, stub.writes()]).toEqual([0, []]);
    expect(again.output).toContain("Everything is there.");
  });

  test.each([
    [[], {}, 1, "Nobody can be asked here: say --yes."],
    [["--dry-run"], {}, 0, "would be made; nothing was changed"],
    [["--dry-run"], { UPSTASH_REDIS_REST_URL: "" }, 1, "Set UPSTASH_REDIS_REST_URL"],
    [["--url", "nonsense"], {}, 1, "--url is an address"],
    [["--nonsense"], {}, 1, "--nonsense"],
    [["--help"], {}, 0, "npm run deploy:setup"],
  ])("%j %j", async (args, variables, code, words) => {
    const result = await command(args, variables as Record<string, string>);
    expect([result.code, result.output]).toEqual([code, expect.stringContaining(words)]);
    expect(stub.writes()).toEqual([]);
  });
});
