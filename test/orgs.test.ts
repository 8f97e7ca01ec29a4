import { describe, expect, test } from "vitest";
import { makeTenant, useStack } from "./harness";

const stack = useStack();

describe("what a script reads first", () => {
  test("the root tells who a token is, and nulls without one", async () => {
    const tenant = await makeTenant(stack);
    expect(await tenant.get("/api/0/")).toMatchObject({
      version: "0",
      user: { id: String(tenant.userId), email: `${tenant.slug}@example.com`, isSuperuser: false },
      auth: { scopes: expect.arrayContaining(["event:read", "org:read"]) },
    });
    const stranger = await fetch(`${stack.url}/api/0/`, {
      headers: { authorization: "Bearer nonsense" },
    });
    expect([stranger.status, await stranger.json()]).toEqual([
      200,
      { version: "0", user: null, auth: null },
    ]);
  });

  test("health and settings need no token", async () => {
    const health = await fetch(`${stack.url}/_health/`);
    expect([health.status, await health.text()]).toEqual([200, "ok"]);
    expect(await (await fetch(`${stack.url}/api/settings/`)).json()).toMatchObject({
      billingEnabled: false,
      version: "0.1.0",
    });
    expect(await (await fetch(`${stack.url}/api/0/internal/health`)).json()).toEqual({
      healthy: {},
      problems: [],
    });
  });

  test("organizations, with the union of what clients of both kinds demand", async () => {
    const tenant = await makeTenant(stack);
    const organizations = await tenant.get("/api/0/organizations/");
    expect(organizations).toEqual([
      {
        id: String(tenant.orgId),
        name: "Acme",
        slug: tenant.slug,
        dateCreated: expect.stringMatching(/Z$/),
        status: { id: "active", name: "active" },
        avatar: { avatarType: "", avatarUuid: null },
        isEarlyAdopter: false,
        require2fa: false,
        require2FA: false,
        requireEmailVerification: false,
        features: [],
        isAcceptingEvents: true,
        eventThrottleRate: 0,
      },
    ]);
    expect(await tenant.get(`/api/0/organizations/${tenant.slug}/`)).toMatchObject({
      projects: [{ slug: "shop", teams: [] }],
      teams: [],
      access: expect.arrayContaining(["org:admin"]),
    });
    expect(await tenant.get(`/api/0/organizations/${tenant.orgId}/`)).toMatchObject({
      slug: tenant.slug,
    });
  });

  test("projects by every address, teams in the order they were attached", async () => {
    const tenant = await makeTenant(stack);
    for (const [slug, attached] of [
      ["zeta", "2026-01-01"],
      ["alpha", "2026-01-02"],
    ]) {
      const { rows } = await stack.sql.query(
        "insert into teams (org_id, slug) values ($1, $2) returning id",
        [tenant.orgId, slug],
      );
      await stack.sql.query(
        "insert into project_teams (project_id, team_id, created_at) values ($1, $2, $3)",
        [tenant.projectId, rows[0].id, attached],
      );
    }
    const [listed] = await tenant.get<{ teams: { slug: string }[] }[]>(
      `/api/0/organizations/${tenant.slug}/projects/`,
    );
    expect(listed?.teams.map(({ slug }) => slug)).toEqual(["zeta", "alpha"]);
    expect(await tenant.get("/api/0/projects/")).toMatchObject([
      { slug: "shop", organization: { slug: tenant.slug } },
    ]);
    expect(await tenant.get(`/api/0/teams/${tenant.slug}/zeta/projects/`)).toMatchObject([
      { slug: "shop" },
    ]);
    expect(await tenant.get(`/api/0/teams/${tenant.slug}/other/projects/`)).toEqual([]);
    const project = await tenant.get(`/api/0/projects/${tenant.slug}/shop/`);
    expect(project).toMatchObject({
      id: String(tenant.projectId),
      platform: "node",
      firstEvent: null,
    });
    expect(await tenant.get(`/api/0/projects/${tenant.slug}/${tenant.projectId}/`)).toEqual(
      project,
    );
  });

  test("keys, with DSNs that SDKs can parse", async () => {
    const tenant = await makeTenant(stack);
    const [key] = await tenant.get<
      { id: string; public: string; dsn: { public: string; security: string } }[]
    >(`/api/0/projects/${tenant.slug}/shop/keys/`);
    expect(key).toMatchObject({ isActive: true, rateLimit: null, projectID: tenant.projectId });
    expect(key?.dsn.public).toBe(
      `https://${tenant.publicKey}@brinkwatch.example/${tenant.projectId}`,
    );
    expect(key?.dsn.security).toBe(
      `https://brinkwatch.example/api/${tenant.projectId}/security/?sentry_key=${tenant.publicKey}`,
    );
    expect(await tenant.get(`/api/0/projects/${tenant.slug}/shop/keys/${key?.id}/`)).toEqual(key);
  });

  test("lists of many pages by name, with commas, bars and umlauts in the names", async () => {
    const tenant = await makeTenant(stack);
    for (const name of ["a,b", "c|d", "Übung", "same", "same", "same"]) {
      await stack.sql.query(
        "insert into projects (org_id, name, slug) values ($1, $2, gen_random_uuid()::text)",
        [tenant.orgId, name],
      );
    }
    const names: string[] = [];
    let path: string | undefined = "/api/0/projects/?limit=2";
    while (path) {
      const response = await tenant.call("GET", path);
      names.push(...((await response.json()) as { name: string }[]).map(({ name }) => name));
      const [, next] =
        /<https:\/\/[^/]+([^>,]+)>; rel="next"; results="true"/.exec(
          response.headers.get("link") ?? "",
        ) ?? [];
      path = next;
    }
    expect(names.toSorted()).toEqual(
      ["Shop", "a,b", "c|d", "same", "same", "same", "Übung"].toSorted(),
    );
  });
});

describe("errors", () => {
  test("an unknown path is 404, a wrong method 405 with what is allowed, both JSON with a request id", async () => {
    const missing = await fetch(`${stack.url}/api/0/nonsense/`);
    expect([missing.status, await missing.json()]).toEqual([404, { detail: "Not Found" }]);
    expect(missing.headers.get("x-request-id")).toBeTruthy();
    const wrong = await fetch(`${stack.url}/api/0/organizations/`, { method: "DELETE" });
    expect([wrong.status, wrong.headers.get("allow"), await wrong.json()]).toEqual([
      405,
      "GET, POST",
      { detail: "Method not allowed" },
    ]);
  });

  test("a preflight of the management API needs no token", async () => {
    const response = await fetch(`${stack.url}/api/0/organizations/`, { method: "OPTIONS" });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([
      204,
      "*",
    ]);
  });

  test("an expired token and a deactivated user are strangers", async () => {
    const tenant = await makeTenant(stack);
    const status = async () => (await tenant.call("GET", "/api/0/organizations/")).status;
    expect(await status()).toBe(200);
    await stack.sql.query(
      "update api_tokens set expires_at = now() - interval '1 second' where user_id = $1",
      [tenant.userId],
    );
    expect(await status()).toBe(401);
    await stack.sql.query("update api_tokens set expires_at = null where user_id = $1", [
      tenant.userId,
    ]);
    await stack.sql.query("update users set is_active = false where id = $1", [tenant.userId]);
    expect(await status()).toBe(401);
  });

  test("a token of an organization reaches that one only", async () => {
    const [tenant, other] = [await makeTenant(stack), await makeTenant(stack)];
    await stack.sql.query("update api_tokens set user_id = null, org_id = $2 where user_id = $1", [
      tenant.userId,
      tenant.orgId,
    ]);
    expect(await tenant.get("/api/0/organizations/")).toMatchObject([{ slug: tenant.slug }]);
    expect((await tenant.call("GET", `/api/0/organizations/${other.slug}/`)).status).toBe(404);
  });
});
