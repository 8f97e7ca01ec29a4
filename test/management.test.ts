import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { mailsTo, openBrowser } from "./browser";
import {
  eventEnvelope,
  eventually,
  makeMember,
  makeTenant,
  signIn,
  type Tenant,
  useStack,
} from "./harness";

/** Organizations, members, teams, projects, keys: whole shapes, as GlitchTip's clients read them. */
const stack = useStack({ bindings: { ENABLE_ORGANIZATION_CREATION: "true" } });
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
const unique = () => randomBytes(4).toString("hex");

let tenant: Tenant;
beforeAll(async () => {
  tenant = await makeTenant(stack);
});

const organizationShape = (name: string, slug: string) => ({
  id: expect.stringMatching(/^\d+$/),
  name,
  slug,
  dateCreated: time,
  status: { id: "active", name: "active" },
  avatar: { avatarType: "", avatarUuid: null },
  isEarlyAdopter: false,
  require2fa: false,
  require2FA: false,
  requireEmailVerification: false,
  features: [],
  isAcceptingEvents: true,
  eventThrottleRate: 0,
});

describe("organizations", () => {
  test("created with its maker as primary owner; shape and slug as GlitchTip's", async () => {
    const name = `Business Company, Inc. ${unique()}`;
    const slug = name.toLowerCase().replace(/[.,]/g, "").replaceAll(" ", "-");
    const made = await tenant.call("POST", "/api/0/organizations/", { name, slug: "" });
    expect(made.status).toBe(201);
    expect(await made.json()).toEqual({
      ...organizationShape(name, slug),
      projects: [],
      teams: [],
      access: expect.arrayContaining(["org:admin", "org:integrations"]),
      openMembership: true,
      safeFields: [],
      sensitiveFields: [],
    });
    const members = await tenant.get(`/api/0/organizations/${slug}/members/`);
    expect(members).toMatchObject([{ role: "owner", isOwner: true, pending: false }]);
    expect(await tenant.get("/api/0/organizations/")).toContainEqual(organizationShape(name, slug));
  });

  test.each([
    ["settings", /^settings-1(-\d+)?$/],
    ["12345", /^12345-1(-\d+)?$/],
    ["日本語", /^organization(-\d+)?$/],
    ["Ünïcödé Ltd", /^unicode-ltd(-\d+)?$/],
  ])("the slug of %s cannot be mistaken for a page or an id", async (name, slug) => {
    const made = await tenant.call("POST", "/api/0/organizations/", { name });
    expect(await made.json()).toMatchObject({ name, slug: expect.stringMatching(slug) });
  });

  test("the same name gets -2, -3, also when many come at once", async () => {
    const name = `Same ${unique()}`;
    const made = await Promise.all(
      Array.from({ length: 9 }, () => tenant.call("POST", "/api/0/organizations/", { name })),
    );
    const slugs = await Promise.all(
      made.map(async (each) => ((await each.json()) as { slug: string }).slug),
    );
    const base = name.toLowerCase().replace(" ", "-");
    expect(slugs.toSorted()).toEqual([
      base,
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `${base}-${n}`),
    ]);
  });

  test("renamed without a new slug; a bad name is refused with where it stands", async () => {
    const tenant = await makeTenant(stack);
    const path = `/api/0/organizations/${tenant.slug}/`;
    const changed = await tenant.call("PUT", path, { name: "Renamed", eventThrottleRate: 30 });
    expect(await changed.json()).toMatchObject({
      name: "Renamed",
      slug: tenant.slug,
      eventThrottleRate: 30,
    });
    for (const bad of [
      { name: "" },
      { name: 1 },
      { name: "x".repeat(201) },
      { eventThrottleRate: 101 },
    ]) {
      const refused = await tenant.call("PUT", path, bad);
      expect([refused.status, await refused.json()]).toEqual([
        422,
        {
          detail: [
            {
              type: expect.any(String),
              loc: ["body", Object.keys(bad)[0]],
              msg: expect.any(String),
            },
          ],
        },
      ]);
    }
  });

  test("deleted: gone for everybody at once, its slug free, its key dead; rows go in the background", async () => {
    const tenant = await makeTenant(stack);
    await tenant.send(eventEnvelope());
    await eventually(async () => expect(await tenant.countEvents()).toBe(1));
    const path = `/api/0/organizations/${tenant.slug}/`;
    expect((await tenant.call("DELETE", path)).status).toBe(204);
    expect((await tenant.call("GET", path)).status).toBe(404);
    expect(await tenant.get("/api/0/organizations/")).toEqual([]);
    expect(await tenant.get("/api/0/projects/")).toEqual([]);
    const again = await tenant.call("POST", "/api/0/organizations/", { name: tenant.slug });
    expect(await again.json()).toMatchObject({ slug: tenant.slug });

    await stack.sql.query(
      "update organizations set deleted_at = now() - interval '2 hours' where id = $1",
      [tenant.orgId],
    );
    await stack.sql.query(
      "update projects set deleted_at = now() - interval '2 hours' where org_id = $1",
      [tenant.orgId],
    );
    await stack.control.runCron("17 * * * *");
    const count = async (table: string, column: string, id: number) =>
      Number(
        (await stack.sql.query(`select count(*) n from ${table} where ${column} = $1`, [id]))
          .rows[0].n,
      );
    expect(await count("organizations", "id", tenant.orgId)).toBe(0);
    for (const table of ["issues", "events", "project_keys"]) {
      expect([table, await count(table, "project_id", tenant.projectId)]).toEqual([table, 0]);
    }
  });
});

describe("closed creation", () => {
  const closed = useStack({ fresh: true });

  test("the first organization may be made by anybody, the next by superusers only", async () => {
    const { rows } = await closed.sql.query("select count(*)::int n from organizations");
    expect(rows).toEqual([{ n: 0 }]);
    const [user] = (
      await closed.sql.query("insert into users (email) values ('first@example.com') returning id")
    ).rows;
    const headers = {
      ...(await signIn(closed, Number(user.id))),
      "content-type": "application/json",
    };
    const create = () =>
      fetch(`${closed.url}/api/0/organizations/`, {
        method: "POST",
        headers,
        body: JSON.stringify({ name: "Acme" }),
      });
    expect((await create()).status).toBe(201);
    const refused = await create();
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { detail: "Organization creation is not open" },
    ]);
    await closed.sql.query("update users set is_superuser = true");
    expect((await create()).status).toBe(201);
  });
});

describe("members", () => {
  const path = () => `/api/0/organizations/${tenant.slug}/members/`;

  test("an invitation in GlitchTip's mixed case shows at once as pending, and mails nobody if asked so", async () => {
    const email = `${unique()}@example.com`;
    const body = { email, send_invite: false, orgRole: "manager", teamRoles: [] };
    const made = await tenant.call("POST", path(), body);
    expect([made.status, await made.json()]).toEqual([
      201,
      {
        id: expect.stringMatching(/^\d+$/),
        role: "manager",
        orgRole: "manager",
        roleName: "Manager",
        dateCreated: time,
        email,
        user: null,
        pending: true,
        isOwner: false,
        teams: [],
        inviteLink: expect.stringMatching(
          /^https:\/\/brinkwatch\.example\/accept\/\d+\/[0-9a-f]{64}$/,
        ),
      },
    ]);
    expect(await tenant.get(path())).toContainEqual(
      expect.objectContaining({ email, pending: true }),
    );
    expect(await mailsTo(stack, email)).toEqual([]);
    const { rows } = await stack.sql.query(
      "select invite_token_hash from organization_members where email = $1",
      [email],
    );
    expect(rows[0].invite_token_hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("errors: a member already, invited already, no address, no such role", async () => {
    const email = `${unique()}@example.com`;
    const invite = async (body: object) => (await tenant.call("POST", path(), body)).status;
    expect(await invite({ email })).toBe(201);
    expect(await invite({ email: email.toUpperCase() })).toBe(201);
    expect(await invite({ email, reinvite: false })).toBe(409);
    expect(await invite({ email: `${tenant.slug}@example.com` })).toBe(409);
    expect(await invite({ email: "nobody" })).toBe(422);
    expect(await invite({ email, orgRole: "king" })).toBe(422);
    const pending = (await tenant.get<{ email: string }[]>(path())).filter(
      (each) => each.email.toLowerCase() === email,
    );
    expect(pending).toHaveLength(1);
  });

  test("an invitation is for its address, once; a second one replaces the first", async () => {
    const tenant = await makeTenant(stack);
    await stack.sql.query("insert into teams (org_id, slug) values ($1, 'core')", [tenant.orgId]);
    const guest = await makeTenant(stack);
    const stranger = await makeTenant(stack);
    const email = `${guest.slug}@example.com`;
    const invite = async () => {
      const made = await tenant.call("POST", `/api/0/organizations/${tenant.slug}/members/`, {
        email,
        orgRole: "admin",
        teamRoles: [{ teamSlug: "core" }],
      });
      return new URL(((await made.json()) as { inviteLink: string }).inviteLink).pathname;
    };
    const first = await invite();
    const link = await invite();
    const look = async (at: string) => (await fetch(`${stack.url}/api/0${at}/`)).status;
    expect([await look(first), await look(link), await look(`${link}0`)]).toEqual([403, 200, 403]);
    const seen = (await (await fetch(`${stack.url}/api/0${link}/`)).json()) as object;
    expect(seen).toMatchObject({
      acceptInvite: false,
      orgUser: { email, pending: true, organization: { slug: tenant.slug } },
    });
    const accept = async (by: Tenant) => by.call("POST", `/api/0${link}/`, { acceptInvite: true });
    expect((await accept(stranger)).status).toBe(403);
    const accepted = await accept(guest);
    expect(await accepted.json()).toMatchObject({
      acceptInvite: true,
      orgUser: { email, role: "admin", pending: false },
    });
    expect([(await accept(guest)).status, await look(link)]).toEqual([403, 403]);
    const teams = await guest.get(`/api/0/organizations/${tenant.slug}/teams/`);
    expect(teams).toMatchObject([{ slug: "core", isMember: true, memberCount: 1 }]);
  });

  test("a declined invitation is gone; one too old does not work", async () => {
    const tenant = await makeTenant(stack);
    const guest = await makeTenant(stack);
    const members = `/api/0/organizations/${tenant.slug}/members/`;
    const invite = async () => {
      const made = await tenant.call("POST", members, { email: `${guest.slug}@example.com` });
      return new URL(((await made.json()) as { inviteLink: string }).inviteLink).pathname;
    };
    const declined = await guest.call("POST", `/api/0${await invite()}/`, { acceptInvite: false });
    expect(declined.status).toBe(200);
    expect(await tenant.get<unknown[]>(members)).toHaveLength(1);
    const old = await invite();
    await stack.sql.query(
      "update organization_members set invite_expires_at = now() where org_id = $1",
      [tenant.orgId],
    );
    expect((await guest.call("POST", `/api/0${old}/`, { acceptInvite: true })).status).toBe(403);
  });

  test("a role change takes {orgRole} alone; role and orgRole say the same", async () => {
    const member = await makeMember(stack, tenant, "member");
    const at = `${path()}${member.memberId}/`;
    const changed = await tenant.call("PUT", at, { orgRole: "admin" });
    expect(await changed.json()).toMatchObject({
      role: "admin",
      orgRole: "admin",
      roleName: "Admin",
      teams: [],
      user: {
        email: member.email,
        username: member.email,
        isActive: true,
        identities: [],
        options: {},
      },
    });
    expect((await tenant.call("DELETE", at)).status).toBe(204);
    expect((await tenant.call("GET", at)).status).toBe(404);
    const lost = await tenant.call("GET", path(), undefined, member.token);
    expect(lost.status).toBe(404);
  });

  test("too many invitation mails by one person are held back", async () => {
    const tenant = await makeTenant(stack);
    const members = `/api/0/organizations/${tenant.slug}/members/`;
    const statuses = [];
    for (let n = 0; n < 52; n++) {
      const body = { email: `guest-${n}@example.com` };
      statuses.push((await tenant.call("POST", members, body)).status);
    }
    expect(statuses.slice(-2)).toEqual([429, 429]);
    const held = await tenant.call("POST", members, { email: "late@example.com" });
    expect([held.status, held.headers.get("retry-after")]).toEqual([429, "60"]);
    const quiet = { email: "quiet@example.com", sendInvite: false };
    expect((await tenant.call("POST", members, quiet)).status).toBe(201);
  });
});

describe("teams", () => {
  test("created with its maker as the only member; taken slugs are 409; newest first", async () => {
    const tenant = await makeTenant(stack);
    const path = `/api/0/organizations/${tenant.slug}/teams/`;
    const made = await tenant.call("POST", path, { slug: "core" });
    const shape = {
      id: expect.stringMatching(/^\d+$/),
      slug: "core",
      dateCreated: time,
      isMember: true,
      memberCount: 1,
      projects: [],
    };
    expect([made.status, await made.json()]).toEqual([201, shape]);
    expect((await tenant.call("POST", path, { slug: "core" })).status).toBe(409);
    expect((await tenant.call("POST", path, { slug: "no spaces" })).status).toBe(422);
    expect((await tenant.call("POST", path, {})).status).toBe(422);
    expect(await (await tenant.call("POST", path, { name: "Web Team" })).json()).toMatchObject({
      slug: "web-team",
    });
    const list = await tenant.get<{ slug: string }[]>(path);
    expect(list.map(({ slug }) => slug)).toEqual(["web-team", "core"]);
    const renamed = await tenant.call("PUT", `/api/0/teams/${tenant.slug}/core/`, {
      slug: "heart",
    });
    expect(await renamed.json()).toMatchObject({ slug: "heart", memberCount: 1 });
    const clash = await tenant.call("PUT", `/api/0/teams/${tenant.slug}/heart/`, {
      slug: "web-team",
    });
    expect(clash.status).toBe(409);
  });

  test("joining answers with the team, twice the same", async () => {
    const tenant = await makeTenant(stack);
    await tenant.call("POST", `/api/0/organizations/${tenant.slug}/teams/`, { slug: "core" });
    const member = await makeMember(stack, tenant, "member");
    const path = `/api/0/organizations/${tenant.slug}/members/${member.memberId}/teams/core/`;
    for (let n = 0; n < 2; n++) {
      const joined = await tenant.call("POST", path, {});
      expect([joined.status, await joined.json()]).toEqual([
        201,
        expect.objectContaining({ slug: "core", memberCount: 2 }),
      ]);
    }
    const members = await tenant.get(`/api/0/teams/${tenant.slug}/core/members/`);
    expect(members).toMatchObject([{ role: "owner" }, { role: "member", email: member.email }]);
    const left = await tenant.call("DELETE", path);
    expect([left.status, await left.json()]).toEqual([
      200,
      expect.objectContaining({ memberCount: 1 }),
    ]);
  });
});

describe("projects and keys", () => {
  async function withTeam() {
    const tenant = await makeTenant(stack);
    await tenant.call("POST", `/api/0/organizations/${tenant.slug}/teams/`, { slug: "core" });
    return tenant;
  }

  test("created below a team, with a key; slugs are made, numbered, and not reserved", async () => {
    const tenant = await withTeam();
    const create = (body: object) =>
      tenant.call("POST", `/api/0/teams/${tenant.slug}/core/projects/`, body);
    const made = await create({ name: "My Web App", platform: "javascript-react" });
    expect([made.status, await made.json()]).toEqual([
      201,
      {
        id: expect.stringMatching(/^\d+$/),
        name: "My Web App",
        slug: "my-web-app",
        avatar: { avatarType: "", avatarUuid: null },
        color: "",
        features: [],
        hasAccess: true,
        isBookmarked: false,
        isInternal: false,
        isMember: true,
        isPublic: false,
        scrubIPAddresses: false,
        dateCreated: time,
        platform: "javascript-react",
        firstEvent: null,
        eventThrottleRate: 0,
      },
    ]);
    const slugOf = async (body: object) =>
      ((await (await create(body)).json()) as { slug: string }).slug;
    expect(await slugOf({ name: "My Web App" })).toBe("my-web-app-2");
    const atOnce = await Promise.all(
      Array.from({ length: 7 }, () => slugOf({ name: "My Web App" })),
    );
    expect(atOnce.toSorted()).toEqual([3, 4, 5, 6, 7, 8, 9].map((n) => `my-web-app-${n}`));
    expect(await slugOf({ name: "new" })).toBe("new-1");
    expect((await create({})).status).toBe(422);
    expect((await tenant.call("POST", "/api/0/projects/", { name: "x" })).status).toBe(405);
    const keys = await tenant.get<{ dsn: { public: string } }[]>(
      `/api/0/projects/${tenant.slug}/my-web-app/keys/`,
    );
    expect(keys).toHaveLength(1);
    expect(keys[0]?.dsn.public).toMatch(/^https:\/\/[0-9a-f]{32}@brinkwatch\.example\/\d+$/);
  });

  test("changed in part only; a taken slug is 409; found by team", async () => {
    const tenant = await withTeam();
    await tenant.call("POST", `/api/0/teams/${tenant.slug}/core/projects/`, { name: "Web" });
    const path = `/api/0/projects/${tenant.slug}/web/`;
    const changed = await tenant.call("PUT", path, {
      name: "Web 2",
      platform: "python",
      eventThrottleRate: 5,
    });
    expect(await changed.json()).toMatchObject({
      name: "Web 2",
      slug: "web",
      platform: "python",
      eventThrottleRate: 5,
    });
    const later = await tenant.call("PUT", path, {
      allowedDomains: ["*.example.com"],
      slug: "web-2",
    });
    expect(await later.json()).toMatchObject({
      name: "Web 2",
      slug: "web-2",
      eventThrottleRate: 5,
      allowedDomains: ["*.example.com"],
    });
    expect(
      (await tenant.call("PUT", `/api/0/projects/${tenant.slug}/web-2/`, { slug: "shop" })).status,
    ).toBe(409);
    const list = async (query: string) =>
      (
        await tenant.get<{ slug: string }[]>(
          `/api/0/organizations/${tenant.slug}/projects/?query=${query}`,
        )
      ).map(({ slug }) => slug);
    expect([await list("team:core"), await list("!team:core"), await list("")]).toEqual([
      ["web-2"],
      ["shop"],
      ["shop", "web-2"],
    ]);
    expect((await tenant.call("DELETE", `/api/0/projects/${tenant.slug}/web-2/`)).status).toBe(204);
    expect(await list("")).toEqual(["shop"]);
    expect((await tenant.call("GET", `/api/0/projects/${tenant.slug}/web-2/`)).status).toBe(404);
  });

  test("teams stay in the order in which they were attached", async () => {
    const tenant = await withTeam();
    for (const slug of ["zebra", "alpha"]) {
      await tenant.call("POST", `/api/0/organizations/${tenant.slug}/teams/`, { slug });
    }
    for (const slug of ["zebra", "core", "alpha"]) {
      const attached = await tenant.call(
        "POST",
        `/api/0/projects/${tenant.slug}/shop/teams/${slug}/`,
        {},
      );
      expect(attached.status).toBe(201);
    }
    const [project] = await tenant.get<{ teams: { slug: string }[] }[]>(
      `/api/0/organizations/${tenant.slug}/projects/`,
    );
    expect(project?.teams.map(({ slug }) => slug)).toEqual(["zebra", "core", "alpha"]);
    const removed = await tenant.call("DELETE", `/api/0/projects/${tenant.slug}/shop/teams/core/`);
    expect(((await removed.json()) as typeof project)?.teams.map(({ slug }) => slug)).toEqual([
      "zebra",
      "alpha",
    ]);
  });

  test("keys: created, renamed, limited, disabled, deleted, paged, found by either id", async () => {
    const tenant = await makeTenant(stack);
    const path = `/api/0/projects/${tenant.slug}/shop/keys/`;
    const made = await tenant.call("POST", path, {
      name: "Backend",
      rateLimit: { window: 60, count: 10 },
    });
    const key = (await made.json()) as { id: string; public: string };
    const dsn = `https://${key.public.replaceAll("-", "")}@brinkwatch.example/${tenant.projectId}`;
    const shape = {
      id: uuid,
      public: uuid,
      name: "Backend",
      label: "Backend",
      isActive: true,
      rateLimit: { window: 60, count: 10 },
      dateCreated: time,
      dsn: {
        public: dsn,
        secret: dsn,
        security: `https://brinkwatch.example/api/${tenant.projectId}/security/?sentry_key=${key.public.replaceAll("-", "")}`,
      },
      projectID: tenant.projectId,
    };
    expect([made.status, key]).toEqual([201, shape]);
    const put = async (body: object) =>
      (await tenant.call("PUT", `${path}${key.id}/`, body)).json();
    expect(await put({ name: "Front" })).toEqual({ ...shape, name: "Front", label: "Front" });
    expect(await put({ isActive: false, rateLimit: null })).toMatchObject({
      name: "Front",
      isActive: false,
      rateLimit: null,
    });
    expect(await tenant.get(`${path}${key.public.replaceAll("-", "")}/`)).toMatchObject({
      id: key.id,
    });
    expect(await tenant.get<unknown[]>(`${path}?status=active`)).toHaveLength(1);
    expect(await tenant.get(`${path}?status=inactive`)).toMatchObject([{ id: key.id }]);
    expect(
      (await tenant.call("PUT", `${path}${key.id}/`, { rateLimit: { window: 0, count: 1 } }))
        .status,
    ).toBe(422);
    const first = await tenant.call("GET", `${path}?limit=1`);
    const [, cursor] =
      /rel="next"; results="true"; cursor="([^"]+)"/.exec(first.headers.get("link") ?? "") ?? [];
    expect(await tenant.get(`${path}?limit=1&cursor=${cursor}`)).toMatchObject([{ id: key.id }]);
    expect((await tenant.call("DELETE", `${path}${key.id}/`)).status).toBe(204);
    expect((await tenant.call("GET", `${path}${key.id}/`)).status).toBe(404);
  });
});

describe("tokens", () => {
  test("made by a browser, shown once, masked ever after, revoked at once", async () => {
    const tenant = await makeTenant(stack);
    const browser = openBrowser(stack);
    const { cookie = "" } = await signIn(stack, tenant.userId);
    for (const pair of cookie.split("; "))
      browser.jar.set(...(pair.split(/=(.*)/) as [string, string]));
    const made = await browser.post("/api/0/api-tokens/", {
      label: "CI",
      scopes: ["org:read", "event:read"],
    });
    const token = (await made.json()) as { id: number; token: string };
    expect([made.status, token]).toEqual([
      201,
      {
        id: expect.any(Number),
        label: "CI",
        dialect: "glitchtip",
        scopes: ["org:read", "event:read"],
        token: expect.stringMatching(/^[0-9a-f]{64}$/),
        created: time,
        lastUsed: null,
        expiresAt: null,
      },
    ]);
    const works = async (bearer: string) =>
      (await tenant.call("GET", "/api/0/organizations/", undefined, bearer)).status;
    expect(await works(token.token)).toBe(200);
    const list = await (await browser.get("/api/0/api-tokens/")).text();
    expect(list).not.toContain(token.token);
    expect(JSON.parse(list)[0]).toMatchObject({
      id: token.id,
      token: `********${token.token.slice(-4)}`,
    });
    await eventually(async () =>
      expect(await (await browser.get("/api/0/api-tokens/")).json()).toMatchObject([
        { lastUsed: time },
        {},
      ]),
    );
    const stranger = await makeTenant(stack);
    const foreign = openBrowser(stack);
    const theirs = await signIn(stack, stranger.userId);
    expect(
      (await foreign.send("DELETE", `/api/0/api-tokens/${token.id}/`, undefined, theirs)).status,
    ).toBe(404);
    expect((await browser.send("DELETE", `/api/0/api-tokens/${token.id}/`)).status).toBe(204);
    expect(await works(token.token)).toBe(401);
  });

  test("scopes by name or as GlitchTip's mask; unknown ones are 422; an expired token is nobody", async () => {
    const tenant = await makeTenant(stack);
    const headers = await signIn(stack, tenant.userId);
    const make = async (body: object) => {
      const response = await openBrowser(stack).send("POST", "/api/0/api-tokens/", body, headers);
      return {
        status: response.status,
        body: (await response.json()) as { scopes: string[]; token: string },
      };
    };
    expect((await make({ scopes: 0b10000000001 })).body.scopes).toEqual([
      "project:read",
      "org:read",
    ]);
    expect((await make({ scopes: ["org:everything"] })).status).toBe(422);
    expect((await make({ scopes: [] })).status).toBe(422);
    const soon = await make({ scopes: ["org:read"], expiresAt: "2020-01-01T00:00:00Z" });
    expect(
      (await tenant.call("GET", "/api/0/organizations/", undefined, soon.body.token)).status,
    ).toBe(401);
  });
});

describe("two dialects", () => {
  async function inBoth() {
    const tenant = await makeTenant(stack);
    await tenant.call("POST", `/api/0/organizations/${tenant.slug}/teams/`, { slug: "core" });
    await tenant.call("POST", `/api/0/projects/${tenant.slug}/shop/teams/core/`, {});
    await tenant.send(eventEnvelope({ environment: "production" }));
    await eventually(async () => expect(await tenant.countEvents()).toBe(1));
    const sentry = `sntryu_${randomBytes(32).toString("hex")}`;
    await tenant.addToken(sentry, ["org:read", "team:read", "project:read"]);
    const read = async (path: string) => ({
      glitchtip: await tenant.get<Record<string, unknown>[]>(path),
      sentry: (await (await tenant.call("GET", path, undefined, sentry)).json()) as Record<
        string,
        unknown
      >[],
    });
    return { tenant, read };
  }

  test("a team has a name for Sentry's clients, and none for GlitchTip's", async () => {
    const { tenant, read } = await inBoth();
    const teams = await read(`/api/0/organizations/${tenant.slug}/teams/`);
    expect(teams.glitchtip[0]).not.toHaveProperty("name");
    expect(teams.sentry[0]).toMatchObject({ slug: "core", name: "core" });
    const projects = await read(`/api/0/organizations/${tenant.slug}/projects/`);
    expect(projects.glitchtip[0]).toMatchObject({
      teams: [{ id: expect.any(String), slug: "core" }],
    });
    expect(projects.glitchtip[0]).not.toHaveProperty("team");
    expect(projects.sentry[0]).toMatchObject({
      team: { slug: "core", name: "core" },
      teams: [{ slug: "core", name: "core" }],
    });
  });

  test("environments are numbered for GlitchTip's, named by strings for Sentry's; links lead to this server", async () => {
    const { tenant, read } = await inBoth();
    const environments = await read(`/api/0/organizations/${tenant.slug}/environments/`);
    expect(environments.glitchtip).toEqual([{ id: expect.any(Number), name: "production" }]);
    expect(environments.sentry).toEqual([{ id: expect.any(String), name: "production" }]);
    const orgs = await read("/api/0/organizations/");
    expect(orgs.glitchtip[0]).not.toHaveProperty("links");
    expect(orgs.sentry[0]).toMatchObject({ links: { regionUrl: "https://brinkwatch.example" } });
  });

  test("an organization's token carries address and organization, as sentry-cli reads them", async () => {
    const tenant = await makeTenant(stack);
    const made = await tenant.call("POST", `/api/0/organizations/${tenant.slug}/org-auth-tokens/`, {
      name: "CI",
      scopes: ["org:read"],
    });
    const { token } = (await made.json()) as { token: string };
    const [, prefix, payload = "", secret] = /^(sntrys)_([^_]+)_(.+)$/.exec(token) ?? [];
    expect(prefix).toBe("sntrys");
    expect(secret).toMatch(/^[A-Za-z0-9+/]{43}$/);
    expect(JSON.parse(atob(payload))).toEqual({
      iat: expect.any(Number),
      url: "https://brinkwatch.example",
      region_url: "https://brinkwatch.example",
      org: tenant.slug,
    });
    const list = await tenant.call("GET", `/api/0/organizations/${tenant.slug}/org-auth-tokens/`);
    const text = await list.text();
    expect(text).not.toContain(secret);
    expect(JSON.parse(text)).toMatchObject([{ name: "CI", tokenLastCharacters: token.slice(-4) }]);
  });
});

describe("alert rules", () => {
  test("stored and answered exactly, recipients in order; a test send says that nothing is sent yet", async () => {
    const path = `/api/0/projects/${tenant.slug}/shop/alerts/`;
    const body = {
      name: "Spike",
      timespanMinutes: 2000,
      quantity: 20,
      alertRecipients: [
        { recipientType: "webhook", url: "http://example.com/foobar/test" },
        { recipientType: "email" },
        {
          recipientType: "discord",
          url: "https://discord.com/api/webhooks/1",
          tagsToAdd: ["b", "a"],
        },
      ],
    };
    const made = await tenant.call("POST", path, body);
    const alert = (await made.json()) as { id: number; alertRecipients: { id: number }[] };
    const recipient = { id: expect.any(Number), tagsToAdd: [], config: null };
    expect([made.status, alert]).toEqual([
      201,
      {
        id: expect.any(Number),
        name: "Spike",
        timespanMinutes: 2000,
        quantity: 20,
        uptime: false,
        alertRecipients: [
          { ...recipient, recipientType: "webhook", url: "http://example.com/foobar/test" },
          { ...recipient, recipientType: "email", url: "" },
          {
            ...recipient,
            recipientType: "discord",
            url: "https://discord.com/api/webhooks/1",
            tagsToAdd: ["b", "a"],
          },
        ],
      },
    ]);
    // Clients send back what they got, ids included.
    const put = await tenant.call("PUT", `${path}${alert.id}/`, { ...alert, quantity: null });
    expect(await put.json()).toMatchObject({
      quantity: null,
      timespanMinutes: 2000,
      alertRecipients: [{ recipientType: "webhook" }, { recipientType: "email" }, {}],
    });
    const partly = await tenant.call("PUT", `${path}${alert.id}/`, { name: "Calm" });
    expect(await partly.json()).toMatchObject({ name: "Calm", alertRecipients: [{}, {}, {}] });
    const emptied = await tenant.call("PUT", `${path}${alert.id}/`, { alertRecipients: [] });
    expect(await emptied.json()).toMatchObject({ alertRecipients: [] });
    const restored = await tenant.call("PUT", `${path}${alert.id}/`, {
      alertRecipients: [{ recipientType: "email" }],
    });
    expect(restored.status).toBe(200);
    const tested = await tenant.call("POST", `${path}${alert.id}/test/`);
    expect(await tested.json()).toEqual([
      {
        recipientType: "email",
        status: "skipped",
        message: expect.stringContaining("not delivered yet"),
      },
    ]);
    expect((await tenant.call("POST", `${path}${alert.id}/test/?recipient_id=1`)).status).toBe(404);
    expect((await tenant.call("DELETE", `${path}${alert.id}/`)).status).toBe(204);
    expect((await tenant.call("DELETE", `${path}${alert.id}/`)).status).toBe(404);
  });

  test.each([
    "http://localhost/x",
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://10.1.2.3/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[fd00::1]/",
    "http://[2002:7f00:1::]/",
    "http://db.internal/",
    "http://printer/",
    "https://user:pass@example.com/",
    "ftp://example.com/",
    "nonsense",
    "",
  ])("a recipient at %j is refused", async (url) => {
    const path = `/api/0/projects/${tenant.slug}/shop/alerts/`;
    const body = { alertRecipients: [{ recipientType: "webhook", url }] };
    const response = await tenant.call("POST", path, body);
    expect([response.status, await response.json()]).toEqual([
      422,
      { detail: [expect.objectContaining({ loc: ["body", "alertRecipients", "0", "url"] })] },
    ]);
  });
});

describe("oneself", () => {
  test("name and options round trip; other people are not there", async () => {
    const options = {
      timezone: "Europe/Berlin",
      stacktraceOrder: 2,
      language: "de",
      clock24Hours: true,
      preferredTheme: "dark",
    };
    const changed = await tenant.call("PUT", "/api/0/users/me/", { name: "Grace", options });
    expect(await changed.json()).toMatchObject({ name: "Grace", options });
    const [same] = await tenant.get<object[]>("/api/0/users/");
    expect(same).toMatchObject({ name: "Grace", options, email: `${tenant.slug}@example.com` });
    expect(await tenant.get(`/api/0/users/${tenant.userId}/`)).toMatchObject({
      chatwootIdentifierHash: null,
    });
    const other = await makeTenant(stack);
    expect((await tenant.call("GET", `/api/0/users/${other.userId}/`)).status).toBe(404);
    expect(
      (await tenant.call("PUT", "/api/0/users/me/", { options: { preferredTheme: "pink" } }))
        .status,
    ).toBe(422);
  });

  test("alert subscriptions: default, one project on, off, back to default; not of strangers' projects", async () => {
    const path = "/api/0/users/me/notifications/alerts/";
    const put = async (body: object) => (await tenant.call("PUT", path, body)).status;
    const id = String(tenant.projectId);
    expect(await tenant.get(path)).toEqual({});
    expect([await put({ [id]: 0 }), await tenant.get(path)]).toEqual([204, { [id]: 0 }]);
    expect([await put({ [id]: 1 }), await tenant.get(path)]).toEqual([204, { [id]: 1 }]);
    expect([await put({ [id]: -1 }), await tenant.get(path)]).toEqual([204, {}]);
    const other = await makeTenant(stack);
    expect([await put({ [other.projectId]: 1 }), await put({}), await put({ [id]: 2 })]).toEqual([
      404, 422, 422,
    ]);
    const preferences = "/api/0/users/me/notifications/";
    expect(await tenant.get(preferences)).toEqual({ subscribeByDefault: true });
    await tenant.call("PUT", preferences, { subscribeByDefault: false });
    expect(await tenant.get(preferences)).toEqual({ subscribeByDefault: false });
  });

  test("an account is deleted by its person, in a browser, once no organization hangs on it", async () => {
    const tenant = await makeTenant(stack);
    const headers = await signIn(stack, tenant.userId);
    const remove = () => openBrowser(stack).send("DELETE", "/api/0/users/me/", undefined, headers);
    expect((await remove()).status).toBe(400);
    await tenant.call("DELETE", `/api/0/organizations/${tenant.slug}/`);
    expect((await remove()).status).toBe(204);
    expect((await tenant.call("GET", "/api/0/users/me/")).status).toBe(401);
  });

  test("a superuser lists and deactivates people, but not oneself", async () => {
    const boss = await makeTenant(stack, { superuser: true });
    const other = await makeTenant(stack);
    const list = await boss.get<{ id: string }[]>(`/api/0/internal/users/?query=${other.slug}`);
    expect(list).toMatchObject([{ id: String(other.userId), isActive: true }]);
    const path = `/api/0/internal/users/${other.userId}/`;
    expect(await (await boss.call("PUT", path, { isActive: false })).json()).toMatchObject({
      isActive: false,
    });
    expect((await other.call("GET", "/api/0/users/me/")).status).toBe(401);
    await boss.call("PUT", path, { isActive: true });
    expect((await other.call("GET", "/api/0/users/me/")).status).toBe(200);
    const own = await boss.call("PUT", `/api/0/internal/users/${boss.userId}/`, {
      isActive: false,
    });
    expect(own.status).toBe(400);
  });
});

describe("environments", () => {
  test("each once, hidden ones on request, hidden per project", async () => {
    const tenant = await makeTenant(stack);
    for (const environment of ["production", "staging", "production"]) {
      await tenant.send(eventEnvelope({ environment }));
    }
    await eventually(async () => expect(await tenant.countEvents()).toBe(3));
    const project = `/api/0/projects/${tenant.slug}/shop/environments/`;
    const org = `/api/0/organizations/${tenant.slug}/environments/`;
    const names = async (path: string) =>
      (await tenant.get<{ name: string }[]>(path)).map(({ name }) => name);
    expect(await names(org)).toEqual(["production", "staging"]);
    const body = { name: "staging", isHidden: true };
    const hidden = await tenant.call("PUT", `${project}staging/`, body);
    expect(await hidden.json()).toEqual({ id: expect.any(Number), ...body });
    expect([
      await names(project),
      await names(`${project}?visibility=hidden`),
      await names(`${org}?visibility=all`),
    ]).toEqual([["production"], ["staging"], ["production", "staging"]]);
    expect((await tenant.call("PUT", `${project}nowhere/`, { isHidden: true })).status).toBe(404);
  });
});
