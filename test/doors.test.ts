import { Validator } from "@seriousme/openapi-schema-validator";
import { beforeAll, expect, test } from "vitest";
import { operatorScope, scopes } from "../src/auth/schemas";
import { eventEnvelope, eventually, makeTenant, signIn, type Tenant, useStack } from "./harness";
import { changingNothing } from "./state";

/** Walks every operation of the OpenAPI document: whoever adds a door cannot forget who may come in. */
const stack = useStack();

type Operation = {
  method: string;
  path: string;
  /** Scopes that open it with a token; undefined when no token does. */
  bearer: string[] | undefined;
  /** Whether a signed-in browser may come in. */
  session: boolean;
  isPublic: boolean;
};
type Document = {
  paths: Record<string, Record<string, { security?: Record<string, string[]>[] }>>;
};

let document: Document;
let operations: Operation[];
let owner: Tenant;
let stranger: Tenant;
let issueId: string;

beforeAll(async () => {
  document = (await (await fetch(`${stack.url}/api/openapi.json`)).json()) as Document;
  // Signing in has tests of its own (test/auth).
  const ours = Object.entries(document.paths).filter(
    ([path]) => !/^\/(api\/auth|_allauth)/.test(path),
  );
  operations = ours.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      method: method.toUpperCase(),
      path,
      bearer: security?.find(({ bearer }) => bearer)?.bearer,
      session: security?.some(({ session }) => session) ?? false,
      isPublic: !security?.length,
    })),
  );
  owner = await makeTenant(stack);
  stranger = await makeTenant(stack);
  await owner.send(eventEnvelope({ environment: "production" }));
  await eventually(async () => expect(await owner.countEvents()).toBe(1));
  issueId = (await owner.issues())[0]?.id ?? "";
  // Nothing of the digest is to come later, when it would look like the work of a door.
  await eventually(async () => {
    const { rows } = await stack.sql.query("select 1 from issue_changes where handled_at is null");
    expect(rows).toEqual([]);
  });
});

/** Something for every path parameter, in an organization of its own: a door may change or remove it. */
async function furnish(tenant: Tenant): Promise<Record<string, string>> {
  const one = async (text: string, values: unknown[]) =>
    String(Object.values((await stack.sql.query(text, values)).rows[0])[0]);
  await stack.sql.query("delete from teams where org_id = $1", [tenant.orgId]);
  const team = await one("insert into teams (org_id, slug) values ($1, 'core') returning id", [
    tenant.orgId,
  ]);
  await stack.sql.query("insert into project_teams (project_id, team_id) values ($1, $2)", [
    tenant.projectId,
    team,
  ]);
  const environment = await one(
    `insert into environments (org_id, name) values ($1, 'production')
     on conflict (org_id, name) do update set name = excluded.name returning id`,
    [tenant.orgId],
  );
  await stack.sql.query(
    "insert into environment_projects (environment_id, project_id) values ($1, $2) on conflict do nothing",
    [environment, tenant.projectId],
  );
  return {
    organization_slug: tenant.slug,
    project_slug: "shop",
    team_slug: "core",
    environment: "production",
    user_id: "me",
    managed_user_id: await one("insert into users (email) values ($1) returning id", [
      `${crypto.randomUUID()}@example.com`,
    ]),
    issue_id: issueId,
    event_id: "latest",
    key_id: await one("select id from project_keys where project_id = $1", [tenant.projectId]),
    alert_id: await one("insert into alert_rules (project_id) values ($1) returning id", [
      tenant.projectId,
    ]),
    member_id: await one(
      "insert into organization_members (org_id, role, email) values ($1, 'member', $2) returning id",
      [tenant.orgId, `${crypto.randomUUID()}@example.com`],
    ),
    token_id: await one(
      "insert into api_tokens (token_hash, org_id, scopes) values ($1, $2, '{org:read}') returning id",
      [crypto.randomUUID(), tenant.orgId],
    ),
    token: "no-such-token",
  };
}

/** A body that its door accepts. */
const bodies: Record<string, unknown> = {
  "POST /api/0/internal/dead-letters/replay/": { id: "x", queue: "envelopes" },
  "POST /api/0/organizations/": { name: "Another" },
  "PUT /api/0/organizations/{organization_slug}/": { name: "Renamed" },
  "POST /api/0/organizations/{organization_slug}/members/": { email: "new@example.com" },
  "PUT /api/0/organizations/{organization_slug}/members/{member_id}/": { orgRole: "admin" },
  "POST /api/0/organizations/{organization_slug}/teams/": { slug: "fresh" },
  "PUT /api/0/teams/{organization_slug}/{team_slug}/": { slug: "renamed" },
  "POST /api/0/teams/{organization_slug}/{team_slug}/projects/": { name: "Fresh" },
  "PUT /api/0/projects/{organization_slug}/{project_slug}/": { platform: "python" },
  "POST /api/0/projects/{organization_slug}/{project_slug}/keys/": { name: "Second" },
  "PUT /api/0/projects/{organization_slug}/{project_slug}/keys/{key_id}/": { name: "Renamed" },
  "POST /api/0/projects/{organization_slug}/{project_slug}/alerts/": { name: "Spike" },
  "PUT /api/0/projects/{organization_slug}/{project_slug}/alerts/{alert_id}/": { quantity: 1 },
  "PUT /api/0/projects/{organization_slug}/{project_slug}/environments/{environment}/": {
    isHidden: true,
  },
  "PUT /api/0/internal/users/{managed_user_id}/": { isActive: false },
  "POST /api/0/accept/{member_id}/{token}/": { acceptInvite: true },
  "POST /api/0/api-tokens/": { scopes: ["org:read"] },
  "POST /api/0/organizations/{organization_slug}/org-auth-tokens/": { scopes: ["org:read"] },
  "PUT /api/0/organizations/{organization_slug}/org-auth-tokens/{token_id}/": { name: "CI" },
  "PUT /api/0/users/{user_id}/": { name: "Ada" },
  "PUT /api/0/users/{user_id}/notifications/": { subscribeByDefault: false },
  "POST /api/0/users/{user_id}/emails/": { email: "second@example.com" },
  "PUT /api/0/users/{user_id}/emails/": { email: "second@example.com" },
  "DELETE /api/0/users/{user_id}/emails/": { email: "second@example.com" },
  "POST /api/0/users/{user_id}/emails/confirm/": { email: "second@example.com" },
};
const queries: Record<string, string> = {
  "GET /api/0/organizations/{organization_slug}/stats_v2/":
    "?field=sum(quantity)&category=error&statsPeriod=1d",
};

const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

function knock(
  operation: Operation,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const address = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (!value)
      throw new Error(`test/doors.test.ts knows no value for {${name}}: add one to furnish()`);
    return value;
  });
  const name = nameOf(operation);
  const body =
    bodies[name] ??
    (name.endsWith("/notifications/alerts/") && operation.method === "PUT"
      ? { [String(owner.projectId)]: 1 }
      : operation.method === "PUT"
        ? { status: "resolved" }
        : undefined);
  return fetch(stack.url + address + (queries[name] ?? ""), {
    method: operation.method,
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** A knock that is to be refused, and therefore to change nothing. */
const refused = (...asked: Parameters<typeof knock>) =>
  changingNothing(stack.sql, nameOf(asked[0]), () => knock(...asked));

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
/** Open to superusers only, once there is an organization. */
const isClosed = (operation: Operation) => nameOf(operation) === "POST /api/0/organizations/";
const isForSuperusers = (operation: Operation) => operation.bearer?.includes(operatorScope);

test("only these doors are open to everybody", () => {
  expect(
    operations
      .filter(({ isPublic }) => isPublic)
      .map(nameOf)
      .toSorted(),
  ).toEqual(
    [
      "GET /_health/",
      "GET /api/0/",
      "GET /api/0/accept/{member_id}/{token}/",
      "GET /api/0/internal/health/",
      "GET /api/settings/",
    ].toSorted(),
  );
});

test("a stranger without a token gets 401 at every other door", async () => {
  const parameters = await furnish(owner);
  for (const operation of operations.filter(({ isPublic }) => !isPublic)) {
    const response = await refused(operation, parameters);
    expect([nameOf(operation), response.status, await response.json()]).toEqual([
      nameOf(operation),
      401,
      { detail: "Unauthorized" },
    ]);
  }
});

test("a token without the scope gets 403, before anything is looked up", async () => {
  const boss = await makeTenant(stack, { superuser: true });
  const parameters = await furnish(owner);
  for (const operation of operations.filter((each) => each.bearer?.length)) {
    const token = `weak-${crypto.randomUUID()}`;
    await boss.addToken(
      token,
      scopes.filter((scope) => !operation.bearer?.includes(scope)),
    );
    const response = await refused(operation, parameters, bearer(token));
    expect([nameOf(operation), response.status, await response.json()]).toEqual([
      nameOf(operation),
      403,
      { detail: "Permission denied" },
    ]);
  }
});

test("a superuser's doors need a sign-in of the last ten minutes, or a token that was made for them", async () => {
  const boss = await makeTenant(stack, { superuser: true });
  const ordinary = `ordinary-${crypto.randomUUID()}`;
  await boss.addToken(ordinary, scopes);
  const pretending = `pretending-${crypto.randomUUID()}`;
  await owner.addToken(pretending, [...scopes, operatorScope]);
  const credentials = {
    "an ordinary token of a superuser": bearer(ordinary),
    "a browser in which a superuser signed in 11 minutes ago": await signIn(stack, boss.userId, 11),
    "somebody else's browser": await signIn(stack, owner.userId),
    "somebody else's token of that scope": bearer(pretending),
  };
  const doors = operations.filter((each) => isForSuperusers(each) || isClosed(each));
  expect(doors.length).toBeGreaterThan(4);
  for (const operation of doors) {
    const parameters = await furnish(owner);
    for (const [who, headers] of Object.entries(credentials)) {
      const { status } = await refused(operation, parameters, headers);
      expect([nameOf(operation), who, status]).toEqual([nameOf(operation), who, 403]);
    }
    const fresh = await knock(operation, parameters, await signIn(stack, boss.userId, 9));
    expect([nameOf(operation), fresh.status]).toEqual([
      nameOf(operation),
      expect.toBeOneOf([200, 201, 404]),
    ]);
  }
});

test("where only browsers may come in, a token with every scope gets 401", async () => {
  const parameters = await furnish(owner);
  const forBrowsers = operations.filter(({ isPublic, bearer: any }) => !isPublic && !any);
  expect(forBrowsers.length).toBeGreaterThan(0);
  for (const operation of forBrowsers) {
    const response = await refused(operation, parameters, bearer(owner.token));
    expect([nameOf(operation), response.status]).toEqual([nameOf(operation), 401]);
  }
});

test("a browser that does not prove where its request began gets 403 wherever it would change something", async () => {
  const parameters = await furnish(owner);
  const { cookie = "" } = await signIn(stack, owner.userId);
  const changing = operations.filter(({ method, session }) => session && method !== "GET");
  expect(changing.length).toBeGreaterThan(20);
  for (const operation of changing) {
    const headers = { cookie, "x-csrftoken": "another" };
    const response = await refused(operation, parameters, headers);
    expect([nameOf(operation), response.status, await response.json()]).toEqual([
      nameOf(operation),
      403,
      { detail: "CSRF check Failed" },
    ]);
  }
});

test("to a stranger another organization's thing looks like no thing at all", async () => {
  const parameters = await furnish(owner);
  const things = operations.filter(
    ({ path, isPublic }) => !isPublic && /\{(organization_slug|issue_id)\}/.test(path),
  );
  expect(things.length).toBeGreaterThan(40);
  for (const operation of things) {
    const foreign = await refused(operation, parameters, bearer(stranger.token));
    const missing = await refused(
      operation,
      { ...parameters, organization_slug: "no-such-org", issue_id: "1" },
      bearer(stranger.token),
    );
    const answers = [foreign.status, await foreign.json(), missing.status, await missing.json()];
    expect([nameOf(operation), ...answers]).toEqual([
      nameOf(operation),
      ...[404, { detail: "Not Found" }, 404, { detail: "Not Found" }],
    ]);
  }
});

const ofOrganizations = () =>
  operations.filter(
    (each) =>
      !isForSuperusers(each) &&
      !each.isPublic &&
      !/\{(user_id|token)\}|api-tokens|recovery-codes/.test(each.path),
  );

/** An owner in front of a door behind which is what it is about. */
async function ownerAt(operation: Operation, by: "token" | "browser") {
  const { path } = operation;
  const isAboutIssues = /issue|event/.test(path);
  const tenant = isAboutIssues ? owner : await makeTenant(stack);
  const parameters = await furnish(tenant);
  if (path.endsWith("/set_owner/") || path.includes("/members/{member_id}/teams")) {
    const { rows } = await stack.sql.query(
      "select id from organization_members where org_id = $1 and user_id = $2",
      [tenant.orgId, tenant.userId],
    );
    parameters.member_id = String(rows[0].id);
  }
  await stack.sql.query("update users set is_superuser = true where id = $1", [tenant.userId]);
  const operating = `operating-${crypto.randomUUID()}`;
  await tenant.addToken(operating, [...scopes, operatorScope]);
  const token = isForSuperusers(operation) || isClosed(operation) ? operating : tenant.token;
  const headers = by === "token" ? bearer(token) : await signIn(stack, tenant.userId);
  return { parameters, headers };
}

test("to its owner every door of an organization opens, by token and by browser", async () => {
  expect(ofOrganizations().length).toBeGreaterThan(50);
  for (const operation of ofOrganizations()) {
    for (const by of ["token", "browser"] as const) {
      if (by === "token" && !operation.bearer) continue;
      const { parameters, headers } = await ownerAt(operation, by);
      const response = await knock(operation, parameters, headers);
      expect([by, nameOf(operation), response.status, await response.text()]).toEqual([
        by,
        nameOf(operation),
        expect.toBeOneOf([200, 201, 204]),
        expect.anything(),
      ]);
    }
  }
});

test("a change that is asked for many times at once is made, and nobody sees an internal error", async () => {
  const changing = ofOrganizations().filter(({ method }) => method !== "GET");
  expect(changing.length).toBeGreaterThan(30);
  for (const operation of changing) {
    const { parameters, headers } = await ownerAt(operation, "browser");
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => knock(operation, parameters, headers)),
    );
    const statuses = answers.map(({ status }) => status);
    const seen = [nameOf(operation), ...statuses].join(" ");
    expect(Math.min(...statuses), seen).toBeOneOf([200, 201, 204]);
    expect(Math.max(...statuses), seen).toBeLessThan(500);
  }
});

test("a list shows nothing of other organizations", async () => {
  const parameters = await furnish(owner);
  for (const operation of operations.filter(
    ({ path, method, isPublic }) => !isPublic && method === "GET" && !path.includes("{"),
  )) {
    if (isForSuperusers(operation)) continue;
    const headers = operation.bearer
      ? bearer(stranger.token)
      : await signIn(stack, stranger.userId);
    const response = await knock(operation, parameters, headers);
    expect([operation.path, response.status]).toEqual([operation.path, 200]);
    expect([operation.path, (await response.text()).includes(owner.slug)]).toEqual([
      operation.path,
      false,
    ]);
  }
});

test("the document is valid OpenAPI 3.1 and changes only on purpose", async () => {
  const result = await new Validator().validate(structuredClone(document));
  expect(result.errors ?? []).toEqual([]);
  expect(document).toMatchObject({ openapi: "3.1.0" });
  await expect(`${JSON.stringify(document, null, 1)}\n`).toMatchFileSnapshot(
    "fixtures/openapi.json",
  );
});
