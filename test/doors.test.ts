import { Validator } from "@seriousme/openapi-schema-validator";
import { beforeAll, expect, test } from "vitest";
import { operatorScope, scopes } from "../src/access/schemas";
import { chapters } from "../src/http/document";
import { addressOf, furnish } from "./furnish";
import {
  eventEnvelope,
  makeTenant,
  newToken,
  signIn,
  type Tenant,
  untilDigested,
  useStack,
} from "./harness";
import { type OpenApiDocument, operationsIn, servedDocument } from "./openapi-document";
import { bodies, queries } from "./operations";
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
let document: OpenApiDocument;
let operations: Operation[];
let owner: Tenant;
let stranger: Tenant;
let issueId: string;

beforeAll(async () => {
  document = await servedDocument(stack);
  // Signing in has tests of its own (test/auth).
  const ours = operationsIn(document).filter(({ path }) => !/^\/(api\/auth|_allauth)/.test(path));
  operations = ours.map(({ method, path, security }) => ({
    method,
    path,
    bearer: security?.find(({ bearer }) => bearer)?.bearer,
    session: security?.some(({ session }) => session) ?? false,
    isPublic: !security?.length,
  }));
  owner = await makeTenant(stack);
  stranger = await makeTenant(stack);
  await owner.send(eventEnvelope({ environment: "production" }));
  // Nothing of the digest is to come later, when it would look like the work of a door.
  await untilDigested(stack, owner, 1);
  issueId = (await owner.issues())[0]?.id ?? "";
});

const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

function knock(
  operation: Operation,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const address = addressOf(operation.path, parameters);
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
      "GET /_health/ready/",
      "GET /api/0/",
      "GET /api/0/accept/{member_id}/{token}/",
      "GET /api/0/internal/health/",
      "GET /api/0/organizations/{organization_slug}/shared/issues/{share_id}/",
      "GET /api/0/shared/issues/{share_id}/",
      "GET /api/pulse/{ticket}/",
      "GET /api/settings/",
      "POST /api/0/internal/first-user/",
    ].toSorted(),
  );
});

test("a stranger without a token gets 401 at every other door", async () => {
  const parameters = await furnish(stack, owner, issueId);
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
  const parameters = await furnish(stack, owner, issueId);
  for (const operation of operations.filter((each) => each.bearer?.length)) {
    const token = newToken();
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
  const ordinary = newToken();
  await boss.addToken(ordinary, scopes);
  const pretending = newToken();
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
    const parameters = await furnish(stack, owner, issueId);
    for (const [who, headers] of Object.entries(credentials)) {
      const answer = await refused(operation, parameters, headers);
      const { code } = (await answer.json()) as { code?: string };
      // By this word the pages know that they are to ask once more who sits there.
      const word = who.startsWith("a browser") ? "SESSION_NOT_FRESH" : undefined;
      expect([nameOf(operation), who, answer.status, code]).toEqual([
        nameOf(operation),
        who,
        403,
        word,
      ]);
    }
    const fresh = await knock(operation, parameters, await signIn(stack, boss.userId, 9));
    expect([nameOf(operation), fresh.status]).toEqual([
      nameOf(operation),
      expect.toBeOneOf([200, 201, 404]),
    ]);
  }
});

test("where only browsers may come in, a token with every scope gets 401", async () => {
  const parameters = await furnish(stack, owner, issueId);
  const forBrowsers = operations.filter(({ isPublic, bearer: any }) => !isPublic && !any);
  expect(forBrowsers.length).toBeGreaterThan(0);
  for (const operation of forBrowsers) {
    const response = await refused(operation, parameters, bearer(owner.token));
    expect([nameOf(operation), response.status]).toEqual([nameOf(operation), 401]);
  }
});

test("a browser that does not prove where its request began gets 403 wherever it would change something", async () => {
  const parameters = await furnish(stack, owner, issueId);
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
  const parameters = await furnish(stack, owner, issueId);
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
      404,
      { detail: "Not Found" },
      404,
      { detail: "Not Found" },
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

const isAboutIssues = ({ path }: Operation) => /issue|event|shortid/.test(path);

type OwnerAtDoor = { parameters: Record<string, string>; headers: Record<string, string> };

/** An owner in front of a door behind which is what it is about. */
async function ownerAt(operation: Operation, by: "token" | "browser"): Promise<OwnerAtDoor> {
  const { path } = operation;
  const tenant = isAboutIssues(operation) ? owner : await makeTenant(stack);
  const parameters = await furnish(stack, tenant, issueId);
  if (path.endsWith("/set_owner/") || path.includes("/members/{member_id}/teams")) {
    const { rows } = await stack.sql.query(
      "select id from organization_members where org_id = $1 and user_id = $2",
      [tenant.orgId, tenant.userId],
    );
    parameters.member_id = String(rows[0].id);
  }
  await stack.sql.query("update users set is_superuser = true where id = $1", [tenant.userId]);
  const operating = newToken();
  await tenant.addToken(operating, [...scopes, operatorScope]);
  const token = isForSuperusers(operation) || isClosed(operation) ? operating : tenant.token;
  const headers = by === "token" ? bearer(token) : await signIn(stack, tenant.userId);
  return { parameters, headers };
}

test("to its owner every door of an organization opens, by token and by browser", async () => {
  expect(ofOrganizations().length).toBeGreaterThan(50);
  const isReading = ({ method }: Operation) => method === "GET";
  // Reading comes first: it leaves for the next what was furnished.
  const doors = ofOrganizations().toSorted((a, b) => Number(isReading(b)) - Number(isReading(a)));
  const furnished = new Map<string, OwnerAtDoor>();
  for (const operation of doors) {
    for (const by of ["token", "browser"] as const) {
      if (by === "token" && !operation.bearer) continue;
      const kind = [by, isAboutIssues(operation), isForSuperusers(operation)].join();
      const known = isReading(operation) ? furnished.get(kind) : undefined;
      const { parameters, headers } = known ?? (await ownerAt(operation, by));
      furnished.set(kind, { parameters, headers });
      const response = await knock(operation, parameters, headers);
      expect([by, nameOf(operation), response.status, await response.text()]).toEqual([
        by,
        nameOf(operation),
        expect.toBeOneOf([200, 201, 202, 204]),
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
    expect(Math.min(...statuses), seen).toBeOneOf([200, 201, 202, 204]);
    expect(Math.max(...statuses), seen).toBeLessThan(500);
  }
});

test("a list shows nothing of other organizations", async () => {
  const parameters = await furnish(stack, owner, issueId);
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

test("every operation is in one chapter of the reference, and no chapter is empty", () => {
  const tags = operationsIn(document).map((operation) => operation.tags);
  expect(tags.filter((each) => each?.length !== 1)).toEqual([]);
  expect([...new Set(tags.flat())].toSorted()).toEqual([...chapters].toSorted());
});

test("the document is valid OpenAPI 3.1 and changes only on purpose", async () => {
  const result = await new Validator().validate(structuredClone(document));
  expect(result.errors ?? []).toEqual([]);
  expect(document).toMatchObject({ openapi: "3.1.0" });
  await expect(`${JSON.stringify(document, null, 1)}\n`).toMatchFileSnapshot(
    "fixtures/openapi.json",
  );
});
