import { Validator } from "@seriousme/openapi-schema-validator";
import { beforeAll, expect, test } from "vitest";
import { eventEnvelope, eventually, makeTenant, type Tenant, useStack } from "./harness";

/** Walks every operation of the OpenAPI document: whoever adds a door cannot forget who may come in. */
const stack = useStack();

type Operation = { method: string; path: string; scopes: string[] | undefined; body: boolean };
type Document = {
  paths: Record<
    string,
    Record<string, { security?: { bearer: string[] }[]; requestBody?: unknown }>
  >;
};

let document: Document;
let operations: Operation[];
let owner: Tenant;
let stranger: Tenant;
let parameters: Record<string, string>;

beforeAll(async () => {
  document = (await (await fetch(`${stack.url}/api/openapi.json`)).json()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      scopes: operation.security?.flatMap(({ bearer }) => bearer),
      body: operation.requestBody !== undefined,
    })),
  );
  owner = await makeTenant(stack);
  stranger = await makeTenant(stack);
  await owner.send(eventEnvelope());
  await eventually(async () => expect(await owner.countEvents()).toBe(1));
  const [issue] = await owner.issues();
  const [key] = await owner.get<{ id: string }[]>(`/api/0/projects/${owner.slug}/shop/keys/`);
  const { rows } = await stack.sql.query(
    "insert into teams (org_id, slug) values ($1, 'core') returning id",
    [owner.orgId],
  );
  expect(rows).toHaveLength(1);
  parameters = {
    organization_slug: owner.slug,
    project_slug: "shop",
    team_slug: "core",
    issue_id: issue?.id ?? "",
    event_id: "latest",
    key_id: key?.id ?? "",
  };
});

const publicDoors = ["/api/0/", "/api/settings/", "/_health/", "/api/0/internal/health/"];
const superuserDoors = (operation: Operation) => operation.scopes?.includes("superuser");

const addressOf = ({ path }: Operation) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (!value)
      throw new Error(`test/doors.test.ts knows no value for {${name}}: add one to its parameters`);
    return value;
  });

const knock = (operation: Operation, token?: string) =>
  fetch(stack.url + addressOf(operation), {
    method: operation.method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(operation.body && { "content-type": "application/json" }),
    },
    ...(operation.body && { body: JSON.stringify({ id: "x", queue: "envelopes" }) }),
  });

test("every door but the public ones names its scopes", () => {
  const open = operations.filter(({ scopes }) => !scopes?.length).map(({ path }) => path);
  expect(open.toSorted()).toEqual(publicDoors.toSorted());
});

test("without a token every other door answers 401", async () => {
  for (const operation of operations.filter(({ scopes }) => scopes)) {
    const response = await knock(operation);
    expect([operation.path, response.status, await response.json()]).toEqual([
      operation.path,
      401,
      { detail: "Unauthorized" },
    ]);
  }
});

test("a token without the scope gets 403, before anything is looked up", async () => {
  for (const operation of operations.filter(({ scopes }) => scopes)) {
    const token = `weak-${crypto.randomUUID()}`;
    const every = [
      "event:read",
      "event:write",
      "event:admin",
      "org:read",
      "org:write",
      "org:admin",
      "project:read",
      "project:write",
      "project:admin",
      "team:read",
      "member:read",
    ];
    await owner.addToken(
      token,
      every.filter((scope) => !operation.scopes?.includes(scope)),
    );
    const response = await knock(operation, token);
    expect([operation.method, operation.path, response.status, await response.json()]).toEqual([
      operation.method,
      operation.path,
      403,
      { detail: "Permission denied" },
    ]);
  }
});

test("to a stranger another organization's thing looks like no thing at all", async () => {
  const withThing = operations.filter(
    (operation) => operation.scopes && operation.path.includes("{"),
  );
  for (const operation of withThing) {
    const foreign = await knock(operation, stranger.token);
    expect([operation.method, operation.path, foreign.status, await foreign.json()]).toEqual([
      operation.method,
      operation.path,
      404,
      { detail: "Not Found" },
    ]);
  }
});

test("to its owner every door opens", async () => {
  for (const operation of operations.filter((each) => !superuserDoors(each))) {
    const response = await knock(operation, owner.token);
    expect([operation.method, operation.path, response.status]).toEqual([
      operation.method,
      operation.path,
      200,
    ]);
  }
});

test("a list shows nothing of other organizations", async () => {
  for (const operation of operations.filter(
    ({ path, method, scopes }) => scopes && method === "GET" && !path.includes("{"),
  )) {
    if (superuserDoors(operation)) continue;
    const text = await (await knock(operation, stranger.token)).text();
    expect([operation.path, text.includes(owner.slug)]).toEqual([operation.path, false]);
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
