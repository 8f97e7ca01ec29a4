import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventEnvelope, eventually, makeTenant, randomId, type Tenant, useStack } from "../harness";

const stack = useStack();
const run = promisify(execFile);
const nodeSdk = join(import.meta.dirname, "clients/node-sdk.cjs");

const dsnOf = (tenant: Tenant) =>
  `${stack.url.replace("://", `://${tenant.publicKey}@`)}/${tenant.projectId}`;
const capture = (sdk: string, tenant: Tenant, count: number) =>
  run(process.execPath, [nodeSdk, sdk, dsnOf(tenant), String(count)]);

describe("@sentry/node", () => {
  test("the same error 500 times from two majors is one issue with count 500", async () => {
    const tenant = await makeTenant(stack);
    await Promise.all([
      capture("@sentry/node", tenant, 250),
      capture("@sentry/node-9", tenant, 250),
    ]);
    await eventually(async () => expect(await tenant.countEvents()).toBe(500));

    const issues = await tenant.issues();
    expect(issues).toMatchObject([
      {
        title: expect.stringMatching(/^TypeError: payment \d+ failed$/),
        count: "500",
        culprit: "failingPayment(node-sdk)",
      },
    ]);
    const tags = await tenant.get<{ key: string; topValues: { value: string; count: number }[] }[]>(
      `/api/0/issues/${issues[0]?.id}/tags/`,
    );
    expect(tags.find(({ key }) => key === "release")?.topValues).toMatchObject([
      { value: "client@1.0.0", count: 500 },
    ]);
    const latest = await tenant.get<{
      entries: { type: string; data: { values: { stacktrace: { frames: object[] } }[] } }[];
    }>(`/api/0/issues/${issues[0]?.id}/events/latest/`);
    const exception = latest.entries.find(({ type }) => type === "exception");
    expect(exception?.data.values[0]?.stacktrace.frames.at(-1)).toMatchObject({
      function: "failingPayment",
      inApp: true,
      context: expect.arrayContaining([
        [expect.any(Number), expect.stringContaining("throw new TypeError")],
      ]),
    });
  });

  test.each(["@sentry/node", "@sentry/node-9"])(
    "%s obeys a rate limit: it stops sending",
    async (sdk) => {
      const tenant = await makeTenant(stack);
      await stack.sql.query("update projects set quotas = $2 where id = $1", [
        tenant.projectId,
        JSON.stringify([{ category: "error", count: 2, windowSeconds: 86_400 }]),
      ]);
      await capture(sdk, tenant, 8);
      // The third is refused with the header; after it no error is sent.
      await eventually(async () =>
        expect(await tenant.outcomes()).toMatchObject({
          "error accepted": 2,
          "error rate_limited quota_exceeded": 1,
        }),
      );
    },
  );
});

describe("@sentry/cloudflare inside workerd", () => {
  let folder: string;
  let customer: Miniflare;
  let tenant: Tenant;

  beforeAll(async () => {
    tenant = await makeTenant(stack);
    folder = mkdtempSync(join(tmpdir(), "brinkwatch-customer-"));
    const outfile = join(folder, "worker.mjs");
    await build({
      entryPoints: [join(import.meta.dirname, "clients/cloudflare-sdk.ts")],
      outfile,
      bundle: true,
      format: "esm",
      conditions: ["workerd", "worker", "browser"],
      external: ["node:*", "cloudflare:*"],
    });
    customer = new Miniflare({
      modules: true,
      scriptPath: outfile,
      modulesRoot: folder,
      compatibilityDate: "2026-04-24",
      compatibilityFlags: ["nodejs_compat"],
      bindings: { DSN: dsnOf(tenant) },
      cf: false,
    });
  });
  afterAll(async () => {
    await customer?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test("errors and messages arrive with their context; spans are counted", async () => {
    await customer.dispatchFetch("https://shop.example/fail").catch(() => undefined);
    await (await customer.dispatchFetch("https://shop.example/message")).text();
    await eventually(async () => expect(await tenant.countEvents()).toBe(2));
    const issues = await tenant.issues();
    expect(issues.map(({ title, level }) => [title, level]).toSorted()).toEqual([
      ["RangeError: the edge gave way", "error"],
      ["hello from the edge", "warning"],
    ]);
    const [unhandled] = await tenant.issues("?query=handled:no");
    expect(unhandled?.title).toBe("RangeError: the edge gave way");
    await eventually(async () =>
      expect((await tenant.outcomes())["span filtered not_supported"]).toBeGreaterThan(0),
    );
  });
});

describe("sentry-cli", () => {
  const cli = join(
    dirname(createRequire(import.meta.url).resolve("@sentry/cli/package.json")),
    "bin/sentry-cli",
  );
  const call = (tenant: Tenant, ...args: string[]) =>
    run(process.execPath, [cli, ...args], {
      env: { PATH: process.env.PATH, HOME: tmpdir(), SENTRY_DSN: dsnOf(tenant) },
    });

  test("send-event and send-envelope", async () => {
    const tenant = await makeTenant(stack);
    await call(
      tenant,
      "send-event",
      "-m",
      "Hello from %s",
      "-a",
      "cli",
      "--no-environ",
      "-r",
      "cli@1",
      "-E",
      "ci",
      "-t",
      "job:nightly",
    );
    const folder = mkdtempSync(join(tmpdir(), "brinkwatch-cli-"));
    try {
      const file = join(folder, "one.envelope");
      writeFileSync(file, eventEnvelope({ message: "from a file" }, { event_id: randomId() }));
      await call(tenant, "send-envelope", file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    await eventually(async () => expect(await tenant.countEvents()).toBe(2));
    const [message] = await tenant.issues("?query=job:nightly%20environment:ci%20release:cli@1");
    expect(message?.title).toBe("Hello from cli");
  });

  test("reads projects and issues through the API", async () => {
    const tenant = await makeTenant(stack);
    await tenant.send(eventEnvelope());
    await eventually(async () => expect(await tenant.countEvents()).toBe(1));
    const environment = {
      PATH: process.env.PATH,
      HOME: tmpdir(),
      SENTRY_URL: stack.url,
      SENTRY_AUTH_TOKEN: tenant.token,
      SENTRY_ORG: tenant.slug,
      SENTRY_PROJECT: "shop",
    };
    const read = async (...args: string[]) =>
      (await run(process.execPath, [cli, ...args], { env: environment })).stdout;
    expect(await read("info")).toContain(`${tenant.slug}@example.com`);
    expect(await read("organizations", "list")).toContain(tenant.slug);
    expect(await read("issues", "list")).toContain("SHOP-1");
    await read("issues", "resolve", "--all");
    expect(await tenant.issues()).toMatchObject([{ status: "resolved" }]);
  });
});
