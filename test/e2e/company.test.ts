import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { linkTo, openBrowser, totpOf } from "../browser";
import { commandLine } from "../command-line";
import { eventually, startStack } from "../harness";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const allauth = "/_allauth/browser/v1";

/** One story, from an empty closed installation to a company at work; every step is a real request. */
test("a new company: invitation, second factor, team, project, a limited key, a token, roles, leaving", async () => {
  const stack = await startStack();
  try {
    // The operator makes the first superuser from a shell.
    const password = "an operator's passphrase";
    const { stdout } = await run(
      process.execPath,
      [...commandLine("create-user"), "--email", "boss@example.com", "--superuser"],
      {
        cwd: root,
        env: { ...process.env, DATABASE_URL: stack.databaseUrl, INITIAL_USER_PASSWORD: password },
      },
    );
    expect(stdout).toBe("boss@example.com was made.\n");
    const boss = openBrowser(stack);
    await boss.get(`${allauth}/config`);
    const login = await boss.post(`${allauth}/auth/login`, { email: "boss@example.com", password });
    expect(await login.json()).toMatchObject({ status: 200, meta: { is_authenticated: true } });
    const organization = await boss.post("/api/0/organizations/", { name: "Acme Rockets" });
    expect(organization.status).toBe(201);
    const org = "/api/0/organizations/acme-rockets/";

    // Nobody may sign up, except with the link that was mailed to them.
    const ada = openBrowser(stack);
    const account = { email: "ada@example.com", password: "correct horse battery", name: "Ada" };
    const closed = await ada.post("/api/auth/sign-up/email", account);
    expect([closed.status, await closed.json()]).toEqual([
      403,
      expect.objectContaining({ code: "REGISTRATION_CLOSED" }),
    ]);
    const invited = await boss.post(`${org}members/`, { email: account.email, orgRole: "member" });
    expect(invited.status).toBe(201);
    const link = new URL(await eventually(() => linkTo(stack, account.email))).pathname;
    const invitation = link.replace("/accept/", "");
    const stranger = openBrowser(stack);
    const other = { ...account, email: "eve@example.com", invitation };
    expect((await stranger.post("/api/auth/sign-up/email", other)).status).toBe(403);
    const joined = await ada.post("/api/auth/sign-up/email", { ...account, invitation });
    expect(joined.status).toBe(200);
    const accepted = await ada.post(`/api/0${link}/`, { acceptInvite: true });
    expect(await accepted.json()).toMatchObject({ orgUser: { role: "member", pending: false } });

    // She sets up a second factor and comes back with it.
    const enabled = await ada.post("/api/auth/two-factor/enable", { password: account.password });
    const { totpURI } = (await enabled.json()) as { totpURI: string };
    const first = totpOf(totpURI);
    expect((await ada.post("/api/auth/two-factor/verify-totp", { code: first })).status).toBe(200);
    await ada.send("DELETE", `${allauth}/auth/session`);
    expect(await ada.isSignedIn()).toBe(false);
    const half = await ada.post(`${allauth}/auth/login`, account);
    expect([half.status, await half.json()]).toEqual([
      401,
      expect.objectContaining({
        data: {
          flows: expect.arrayContaining([
            { id: "mfa_authenticate", is_pending: true, types: ["totp", "recovery_codes"] },
          ]),
        },
      }),
    ]);
    const code = totpOf(totpURI, 1);
    const whole = await ada.post(`${allauth}/auth/2fa/authenticate`, { code });
    expect(whole.status).toBe(200);
    expect(await ada.isSignedIn()).toBe(true);

    // As a member she cannot make a team; as an admin she can.
    expect((await ada.post(`${org}teams/`, { slug: "backend" })).status).toBe(404);
    const members = (await (await boss.get(`${org}members/`)).json()) as {
      id: string;
      email: string;
    }[];
    const adaId = members.find(({ email }) => email === account.email)?.id;
    const promoted = await boss.send("PUT", `${org}members/${adaId}/`, { orgRole: "admin" });
    expect(await promoted.json()).toMatchObject({ role: "admin" });
    expect((await ada.post(`${org}teams/`, { slug: "backend" })).status).toBe(201);
    const project = await ada.post("/api/0/teams/acme-rockets/backend/projects/", {
      name: "Launcher",
      platform: "node",
    });
    expect(await project.json()).toMatchObject({ slug: "launcher", isMember: true });

    // A key of ten events a day holds against a real SDK.
    const keys = "/api/0/projects/acme-rockets/launcher/keys/";
    const made = await ada.post(keys, { name: "Edge", rateLimit: { window: 86_400, count: 10 } });
    const key = (await made.json()) as { public: string; projectID: number };
    const dsn = `http://${key.public.replaceAll("-", "")}@${stack.url.slice(7)}/${key.projectID}`;
    await run(process.execPath, [
      join(root, "test/e2e/clients/node-sdk.cjs"),
      "@sentry/node",
      dsn,
      "60",
    ]);
    await eventually(async () => {
      const { rows } = await stack.sql.query(
        "select coalesce(sum(quantity), 0)::int n from outcome_hours where outcome = 'rate_limited' and project_id = $1",
        [key.projectID],
      );
      expect(rows[0].n).toBeGreaterThan(0);
    });
    await eventually(async () => expect(await eventsOf(key.projectID)).toBeGreaterThanOrEqual(10));
    expect(await eventsOf(key.projectID)).toBe(10);
    async function eventsOf(projectId: number): Promise<number> {
      const { rows } = await stack.sql.query(
        "select count(*)::int n from events where project_id = $1",
        [projectId],
      );
      return rows[0].n;
    }
    const stats = await ada.get(
      `${org}stats_v2/?field=sum(quantity)&category=error&statsPeriod=1h`,
    );
    expect(await stats.json()).toMatchObject({
      groups: [{ totals: { "sum(quantity)": expect.any(Number) } }],
    });

    // A token for a script, and its end.
    const minted = await ada.post("/api/0/api-tokens/", {
      label: "script",
      scopes: ["project:read", "event:read"],
    });
    const token = (await minted.json()) as { id: number; token: string };
    const asScript = async (path: string) =>
      (await fetch(stack.url + path, { headers: { authorization: `Bearer ${token.token}` } }))
        .status;
    expect([await asScript(`${org}issues/`), await asScript(`${org}members/`)]).toEqual([200, 403]);
    await ada.send("DELETE", `/api/0/api-tokens/${token.id}/`);
    expect(await asScript(`${org}issues/`)).toBe(401);

    // Handed over, left, and nothing of it is theirs any more.
    const owner = members.find(({ email }) => email === "boss@example.com")?.id;
    expect((await boss.send("DELETE", `${org}members/${owner}/`)).status).toBe(400);
    expect((await boss.post(`${org}members/${adaId}/set_owner/`)).status).toBe(200);
    expect((await boss.send("DELETE", `${org}members/${owner}/`)).status).toBe(204);
    expect((await boss.get(org)).status).toBe(404);
    expect(await (await ada.get(`${org}members/`)).json()).toMatchObject([
      { email: account.email, isOwner: true },
    ]);
    const log = (await (await ada.get(`${org}audit-logs/?limit=100`)).json()) as {
      event: string;
    }[];
    expect(new Set(log.map(({ event }) => event))).toEqual(
      new Set(
        "org.create member.invite member.accept member.edit team.create project.create key.create member.set-owner member.remove".split(
          " ",
        ),
      ),
    );
  } finally {
    await stack.dispose();
  }
});
