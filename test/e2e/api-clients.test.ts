import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../scripts/local/postgres";
import { scopes } from "../../src/access/schemas";
import {
  eventEnvelope,
  makeTenant,
  type Stack,
  startStack,
  type Tenant,
  untilDigested,
} from "../harness";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const binaryOf = (name: string, file: string) =>
  join(dirname(require.resolve(`${name}/package.json`)), file);

let stack: Stack;
let tenant: Tenant;
let folder: string;
const token = `sntryu_${randomBytes(32).toString("hex")}`;

beforeAll(async () => {
  // Sentry's clients follow the address that an organization names, so it must be the real one.
  const port = await freePort();
  stack = await startStack({
    bindings: { PUBLIC_URL: `http://127.0.0.1:${port}` },
    adjust: (options) => ({ ...options, port }),
  });
  folder = mkdtempSync(join(tmpdir(), "brinkwatch-clients-"));
  tenant = await makeTenant(stack);
  await tenant.addToken(token, scopes);
  await tenant.call("POST", `/api/0/organizations/${tenant.slug}/teams/`, { slug: "core" });
  await tenant.call("POST", `/api/0/projects/${tenant.slug}/shop/teams/core/`, {});
  for (const type of ["First", "Second"]) {
    const exception = { values: [{ type, value: "it broke" }] };
    await tenant.send(eventEnvelope({ exception, release: "shop@1.4.0" }));
    await untilDigested(stack, tenant, type === "First" ? 1 : 2);
  }
});

const issueCalled = async (shortId: string) =>
  tenant.get<{ id: string; status: string; substatus: string | null; statusDetails: object }>(
    `/api/0/organizations/${tenant.slug}/issues/${shortId}/`,
  );
afterAll(async () => {
  await stack.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ["sentry-cli 3", "@sentry/cli"],
  ["sentry-cli 2", "sentry-cli-2"],
])("%s", (_, name) => {
  const call = async (bearer: string, url: string | undefined, ...args: string[]) => {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      SENTRY_AUTH_TOKEN: bearer,
      ...(url && { SENTRY_URL: url }),
    };
    const cli = binaryOf(name, "bin/sentry-cli");
    return (await run(process.execPath, [cli, ...args], { env })).stdout;
  };

  test("info, organizations and projects with a person's token", async () => {
    const info = await call(token, stack.url, "info");
    expect(info).toContain(`User: ${tenant.slug}@example.com`);
    expect(info).toContain("org:admin");
    expect(await call(token, stack.url, "organizations", "list")).toContain(tenant.slug);
    const projects = await call(token, stack.url, "projects", "list", "-o", tenant.slug);
    expect(projects).toMatch(/shop +\| core +\| Shop/);
  });

  test("issues are listed, muted, resolved and opened again", async () => {
    const { id } = await issueCalled("SHOP-2");
    const issues = (command: string, ...args: string[]) =>
      call(token, stack.url, "issues", command, "-o", tenant.slug, "-p", "shop", ...args);
    expect(await issues("list")).toMatch(/SHOP-2/);
    for (const [command, status] of [
      ["mute", "ignored"],
      ["resolve", "resolved"],
      ["unresolve", "unresolved"],
    ] as const) {
      await issues(command, "-i", id);
      expect([command, (await issueCalled("SHOP-2")).status]).toEqual([command, status]);
    }
    await issues("resolve", "--next-release", "-i", id);
    expect(await issueCalled("SHOP-2")).toMatchObject({ status: "resolved" });
    await issues("unresolve", "--status", "resolved");
    expect(await issueCalled("SHOP-2")).toMatchObject({ status: "unresolved" });
  });

  test("an organization's token needs neither address nor organization beside it", async () => {
    const path = `/api/0/organizations/${tenant.slug}/org-auth-tokens/`;
    const made = await tenant.call("POST", path, {
      name: "CI",
      scopes: ["org:read", "project:read"],
    });
    const { token: orgToken } = (await made.json()) as { token: string };
    expect(await call(orgToken, undefined, "info")).toContain(`Sentry Server: ${stack.url}`);
    expect(await call(orgToken, undefined, "projects", "list")).toContain("shop");
    expect(await call(orgToken, undefined, "organizations", "list")).toContain(tenant.slug);
  });
});

describe("the npm sentry CLI", () => {
  const call = async (...args: string[]) =>
    (
      await run(
        process.execPath,
        [join(import.meta.dirname, "../../node_modules/sentry/dist/bin.cjs"), ...args, "--json"],
        {
          env: {
            PATH: process.env.PATH,
            HOME: folder,
            SENTRY_CONFIG_DIR: folder,
            SENTRY_HOST: stack.url,
            SENTRY_URL: stack.url,
            SENTRY_AUTH_TOKEN: token,
            SENTRY_FORCE_ENV_TOKEN: "1",
            SENTRY_CLI_NO_TELEMETRY: "1",
            SENTRY_NO_CACHE: "1",
          },
        },
      )
    ).stdout;

  test.each([
    ["org list", ["org", "list"]],
    ["project list", ["project", "list", "{org}/"]],
    ["team list", ["team", "list", "{org}/"]],
    ["org view", ["org", "view", "{org}"]],
    ["project view", ["project", "view", "{org}/shop"]],
    ["auth whoami", ["auth", "whoami"]],
  ])("%s", async (command, args) => {
    const output = await call(...args.map((each) => each.replace("{org}", tenant.slug)));
    const expected = command.startsWith("project")
      ? '"slug": "shop"'
      : command.startsWith("team")
        ? '"slug": "core"'
        : tenant.slug;
    expect(output).toContain(expected);
  });

  test("issues are listed, then looked at and resolved by their short ids", async () => {
    const place = `${tenant.slug}/SHOP-1`;
    const listed = await call("issue", "list", `${tenant.slug}/shop`, "--query", "is:unresolved");
    expect(listed).toContain('"shortId": "SHOP-1"');
    expect(await call("issue", "view", place)).toContain('"shortId": "SHOP-1"');
    expect(await call("issue", "resolve", place)).toContain('"status": "resolved"');
    const refused = call("issue", "list", `${tenant.slug}/shop`, "--query", "is:banana");
    await expect(refused).rejects.toThrow("banana");
  });

  test("issues are archived until something, opened again, resolved in the next release and merged", async () => {
    const [first, second] = [`${tenant.slug}/SHOP-1`, `${tenant.slug}/SHOP-2`];
    const ways: [until: string[], substatus: string, details: object][] = [
      [[], "archived_forever", {}],
      [["--until", "auto"], "archived_until_escalating", {}],
      [["--until", "10x/5m"], "archived_until_condition_met", { ignoreCount: 10, ignoreWindow: 5 }],
    ];
    for (const [until, substatus, statusDetails] of ways) {
      await call("issue", "archive", first, ...until);
      const issue = await issueCalled("SHOP-1");
      expect([until, issue]).toMatchObject([
        until,
        { status: "ignored", substatus, statusDetails },
      ]);
    }
    await call("issue", "unresolve", first);
    expect((await issueCalled("SHOP-1")).status).toBe("unresolved");
    await call("issue", "resolve", first, "--in", "@next");
    expect(await issueCalled("SHOP-1")).toMatchObject({
      status: "resolved",
      statusDetails: { inNextRelease: true },
    });
    expect(await call("issue", "events", first)).toContain("First");
    expect(await call("issue", "tags", first, "release")).toContain("shop@1.4.0");
    const { id } = await issueCalled("SHOP-1");
    expect(await call("issue", "merge", first, second)).toContain("SHOP-1");
    expect((await issueCalled("SHOP-2")).id).toBe(id);
  });
});

/**
 * The calls of the acceptance suite that a large GlitchTip user runs after each deployment, in its order, with what
 * it reads of the answers. Twice, for it must leave nothing behind.
 */
describe.each(["first", "second"])("the acceptance calls of a GlitchTip user, %s time", () => {
  test("organizations, teams, projects, alerts, members", async () => {
    const owner = await makeTenant(stack, { superuser: true });
    const call = async (method: string, path: string, body?: object) => {
      const response = await owner.call(method, `/api/0/${path}`, body);
      const text = await response.text();
      expect([method, path, response.status < 300, text]).toEqual([method, path, true, text]);
      return text === "" ? undefined : JSON.parse(text);
    };
    /** Follows Link/next as long as it has results. */
    const list = async (path: string) => {
      const found: Record<string, unknown>[] = [];
      let next: string | undefined = `/api/0/${path}?limit=100`;
      while (next) {
        const response = await owner.call("GET", next);
        found.push(...((await response.json()) as Record<string, unknown>[]));
        const [, url, results] =
          /<([^>]+)>; rel="next"; results="(\w+)"/.exec(response.headers.get("link") ?? "") ?? [];
        next = results === "true" && url ? url.replace(stack.url, "") : undefined;
      }
      return found;
    };
    const org = await call("POST", "organizations/", { name: "Acceptance Test" });
    const slug = org.slug as string;
    expect(slug).toMatch(/^acceptance-test(-\d+)?$/);
    expect((await list("organizations/")).map((each) => each.slug)).toContain(slug);

    const team = await call("POST", `organizations/${slug}/teams/`, { slug: "first-team" });
    expect(team).not.toHaveProperty("name");
    expect(await list(`organizations/${slug}/teams/`)).toMatchObject([{ slug: "first-team" }]);
    expect(await list(`teams/${slug}/first-team/members/`)).toMatchObject([
      { email: `${owner.slug}@example.com` },
    ]);
    await call("POST", `organizations/${slug}/teams/`, { slug: "second-team" });

    const project = await call("POST", `teams/${slug}/first-team/projects/`, {
      name: "Project",
      platform: "python",
    });
    expect(project).toMatchObject({ slug: "project", platform: "python", eventThrottleRate: 0 });
    const linked = await call("POST", `projects/${slug}/project/teams/second-team/`, {});
    expect(linked.teams.map((each: { slug: string }) => each.slug)).toEqual([
      "first-team",
      "second-team",
    ]);
    const changed = { name: "Project", platform: "python", eventThrottleRate: 5 };
    expect(await call("PUT", `projects/${slug}/project/`, changed)).toMatchObject(changed);
    await call("DELETE", `projects/${slug}/project/teams/second-team/`);
    expect(await list(`organizations/${slug}/projects/`)).toMatchObject([
      { slug: "project", eventThrottleRate: 5, teams: [{ slug: "first-team" }] },
    ]);
    const [key] = (await list(`projects/${slug}/project/keys/`)) as {
      dsn: { public: string; security: string };
    }[];
    expect(key?.dsn).toMatchObject({ public: expect.any(String), security: expect.any(String) });

    const recipients = [
      { recipientType: "email" },
      { recipientType: "webhook", url: "http://example.com/foobar/test" },
    ];
    const rule = { name: "Alert", timespanMinutes: 2000, quantity: 1, alertRecipients: recipients };
    const alert = await call("POST", `projects/${slug}/project/alerts/`, rule);
    const again = { ...alert, name: "Alert 2", quantity: 3 };
    expect(await call("PUT", `projects/${slug}/project/alerts/${alert.id}/`, again)).toMatchObject({
      name: "Alert 2",
      quantity: 3,
      alertRecipients: [{ recipientType: "email", url: "" }, recipients[1]],
    });
    expect(await list(`projects/${slug}/project/alerts/`)).toHaveLength(1);
    await call("DELETE", `projects/${slug}/project/alerts/${alert.id}/`);

    const email = `${randomBytes(4).toString("hex")}@example.com`;
    const invitation = { email, send_invite: false, orgRole: "member", teamRoles: [] };
    const member = await call("POST", `organizations/${slug}/members/`, invitation);
    expect(member).toMatchObject({ email, role: "member", orgRole: "member", pending: true });
    expect(await list(`organizations/${slug}/members/`)).toHaveLength(2);
    const promoted = await call("PUT", `organizations/${slug}/members/${member.id}/`, {
      orgRole: "manager",
    });
    expect(promoted).toMatchObject({ role: "manager", orgRole: "manager" });
    const joined = await call(
      "POST",
      `organizations/${slug}/members/${member.id}/teams/first-team/`,
      {},
    );
    expect(joined).toMatchObject({ slug: "first-team" });
    expect(await list(`teams/${slug}/first-team/members/`)).toHaveLength(2);
    await call("DELETE", `organizations/${slug}/members/${member.id}/teams/first-team/`);
    await call("DELETE", `organizations/${slug}/members/${member.id}/`);

    const now = new Date().toISOString();
    const stats = await owner.call(
      "GET",
      `/api/0/organizations/${slug}/stats_v2/?category=error&interval=1h&field=sum(quantity)&start=${now}&end=${now}&project=${project.id}`,
    );
    expect(await stats.json()).toMatchObject({ groups: [{ series: { "sum(quantity)": [0, 0] } }] });

    await call("DELETE", `projects/${slug}/project/`);
    await call("DELETE", `teams/${slug}/first-team/`);
    await call("DELETE", `organizations/${slug}/`);
    expect((await list("organizations/")).map((each) => each.slug)).not.toContain(slug);
  });
});
