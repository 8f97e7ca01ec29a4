import { beforeAll, expect, test } from "vitest";
import { newIp } from "./browser";
import { eventEnvelope, eventually, makeTenant, signIn, type Tenant, useStack } from "./harness";
import { hostileObject, membersOf } from "./hostile-names";
import {
  type OpenApiDocument,
  operationsIn,
  type Schema,
  schemaOf,
  servedDocument,
} from "./openapi-document";

/**
 * Every operation of the OpenAPI document against input that nobody sends by accident: an answer in the API's own
 * shape, never an internal error. What the answers look like is checked by contract.ts besides.
 */
const stack = useStack({
  bindings: { API_REQUESTS_PER_MINUTE: "1000000", ENABLE_USER_REGISTRATION: "true" },
});

type Operation = {
  method: string;
  path: string;
  names: string[];
  isForBrowsers: boolean;
  /** Members of its body. */
  fields: string[];
  /** What it is documented to read of the query. */
  asks: string[];
};

let operations: Operation[];
let owner: Tenant;
let known: Record<string, string>;
let session: Record<string, string>;

beforeAll(async () => {
  const document = await servedDocument(stack);
  operations = operationsIn(document).map(
    ({ method, path, security, requestBody, parameters = [] }) => ({
      method,
      path,
      isForBrowsers: !security?.some((way) => "bearer" in way),
      fields: Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
        fieldsOf(document, schema),
      ),
      asks: parameters.flatMap((parameter) => (parameter.in === "query" ? [parameter.name] : [])),
      names: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
    }),
  );
  owner = await makeTenant(stack, { superuser: true });
  session = await signIn(stack, owner.userId);
  await owner.send(eventEnvelope({ environment: "production" }));
  const [issue] = await eventually(async () => {
    const found = (await (
      await owner.call("GET", `/api/0/organizations/${owner.slug}/issues/`)
    ).json()) as { id: string }[];
    expect(found).toHaveLength(1);
    return found;
  });
  const team = await owner.call("POST", `/api/0/organizations/${owner.slug}/teams/`, {
    slug: "core",
  });
  expect(team.status).toBe(201);
  known = {
    organization_slug: owner.slug,
    project_slug: "shop",
    team_slug: "core",
    issue_id: issue?.id ?? "",
    user_id: "me",
    environment: "production",
  };
});

function fieldsOf(document: OpenApiDocument, given: Schema): string[] {
  const schema = schemaOf(document, given);
  return [
    ...Object.keys(schema.properties ?? {}),
    ...(schema.allOf ?? []).flatMap((part) => fieldsOf(document, part)),
  ];
}

const nothing = "987654321";
const half = '"\\ud800"';

/** By what is odd about them. */
const pathValues = {
  nul: ["%00", "a%00b"],
  spelling: ["%ED%A0%80", "%E0%A4%A", "%25", "..%2f..%2f", "%F0%9F%98%80", "'--"],
  number: ["999999999999999999999", "-1", "0", "1e3", "1.5", "null"],
  length: ["x".repeat(3000)],
};

/** Names of so many operations do not get every value at each of them, but each kind, and each value at some. */
const operationsOfCommonName = 10;

/** Values for a name at an operation, before which so many others have it. */
function valuesFor(name: string, before: number): string[] {
  const having = operations.filter(({ names }) => names.includes(name)).length;
  if (having < operationsOfCommonName) return Object.values(pathValues).flat();
  return Object.values(pathValues).flatMap((kind) => {
    const turns = Math.ceil(kind.length / 2);
    return kind.filter((_, index) => index % turns === before % turns);
  });
}

const queries = [
  "limit=abc",
  "limit=-1",
  "limit=99999999999",
  "per_page=0",
  "project=abc",
  "project=-1",
  "cursor=%00",
  "cursor=AAAA",
  `cursor=${btoa("p=%00&o=1")}`,
  "query=%00",
  "sort=__proto__",
  "start=%00&end=x",
  "start=now-1e9d",
  "project=99999999999999999999",
  "environment=%00",
  "actor=99999999999999999",
  "event=constructor",
  "visibility=x",
  "status=x",
  `query=${"a:b%20".repeat(500)}`,
  "recipient_id=%00",
  "category=constructor&field=x&start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z",
  "category=error&field=sum(quantity)&start=275760-09-14T00:00:00Z&end=-271821-04-20T00:00:00Z",
];

const texts = ["name", "slug", "email", "label", "password", "code", "token", "key", "provider"];
const withAll = (value: unknown) =>
  JSON.stringify(Object.fromEntries(texts.map((t) => [t, value])));

const bodies = [
  "",
  "null",
  "[]",
  "{}",
  "{",
  "1",
  '"x"',
  `{"name":${half}}`,
  withAll(null),
  withAll(1),
  withAll("\u0000"),
  withAll("a\u0000@b.c"),
  withAll({}),
  withAll("x".repeat(100_000)),
  '{"scopes":4,"orgRole":5,"teamRoles":"x","rateLimit":"y","alertRecipients":7,"options":8}',
  '{"name":"n","eventThrottleRate":1e30,"rateLimit":{"window":1e30,"count":-1},"scopes":1e30}',
  '{"name":"n","timespanMinutes":1e12,"quantity":-5,"99999999999999999999":1}',
  '{"name":"n","slug":"__proto__","platform":"constructor","options":{"__proto__":{"x":1}}}',
  '{"name":"n","alertRecipients":[{"recipientType":"webhook","url":"javascript:alert(1)"}]}',
  '{"email":"\\"a b\\"@x.y","orgRole":"constructor","teamRoles":[{"teamSlug":"\\u0000"}]}',
];

/** Members of a body that are called like inherited ones, everywhere that a member may be. */
const hostileBodies = ({ fields }: Operation) =>
  [
    hostileObject,
    membersOf(fields, () => hostileObject),
    membersOf(fields, () => [hostileObject]),
    ...fields.map((field) => ({ [field]: hostileObject })),
  ].map((body) => JSON.stringify(body));

async function knock({ method, isForBrowsers }: Operation, path: string, body?: string) {
  const response = await fetch(stack.url + path, {
    method,
    redirect: "manual",
    headers: {
      ...(isForBrowsers ? session : { authorization: `Bearer ${owner.token}` }),
      "cf-connecting-ip": newIp(),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const seen = [method, path.slice(0, 120), body?.slice(0, 120), response.status, text].join(" ");
  // Readiness looks once at a time and says so to all others.
  if (path.startsWith("/_health/ready") && response.status === 503) return;
  expect(response.status, seen).toBeLessThan(500);
  if (response.status < 400) return;
  const answer = JSON.parse(text);
  expect("detail" in answer || "data" in answer, seen).toBe(true);
}

const fill = ({ path }: Operation, special: Record<string, string> = {}) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => special[name] ?? known[name] ?? nothing);

test("parts of the path", async () => {
  const met = new Map<string, number>();
  const sent = new Map<string, Set<string>>();
  for (const operation of operations) {
    const body = /^(GET|DELETE)$/.test(operation.method) ? undefined : "{}";
    const paths = operation.names.flatMap((name) => {
      const before = met.get(name) ?? 0;
      met.set(name, before + 1);
      const values = valuesFor(name, before);
      sent.set(name, new Set([...(sent.get(name) ?? []), ...values]));
      return values.map((value) => fill(operation, { [name]: value }));
    });
    await Promise.all(paths.map((path) => knock(operation, path, body)));
  }
  const all = Object.values(pathValues).flat().length;
  expect([...sent].filter(([, values]) => values.size < all)).toEqual([]);
});

/** What an operation says it reads comes alone; what it says nothing of all at once, each name once a query. */
function queriesFor({ asks }: Operation): string[] {
  const namesIn = (query: string) => [...new URLSearchParams(query).keys()];
  const isRead = (query: string) => namesIn(query).some((name) => asks.includes(name));
  const together: string[] = [];
  for (const query of queries.filter((each) => !isRead(each))) {
    const [first = ""] = namesIn(query);
    const at = together.findIndex((each) => !namesIn(each).includes(first));
    if (at < 0) together.push(query);
    else together[at] += `&${query}`;
  }
  return [...queries.filter(isRead), ...together];
}

test("queries", async () => {
  for (const operation of operations.filter(({ method }) => method === "GET")) {
    const asked = queriesFor(operation);
    await Promise.all(asked.map((query) => knock(operation, `${fill(operation)}?${query}`)));
  }
});

/** Bodies whose members an operation does not know at all are one and the same to it: it gets one of them. */
function bodiesFor({ fields }: Operation, before: number): string[] {
  const isStrange = (body: string) =>
    body.startsWith('{"') && !fields.some((field) => body.includes(`${JSON.stringify(field)}:`));
  const strange = fields.length > 0 ? bodies.filter(isStrange) : [];
  const one = strange[before % strange.length];
  return bodies.filter((body) => body === one || !strange.includes(body));
}

test("bodies", async () => {
  const written = operations.filter(
    ({ method, fields }) => /^(POST|PUT|PATCH)$/.test(method) || fields.length > 0,
  );
  expect(written.flatMap(({ fields }) => fields).length).toBeGreaterThan(100);
  for (const [before, operation] of written.entries()) {
    // The one before may have ended the session.
    session = await signIn(stack, owner.userId);
    const all = [...bodiesFor(operation, before), ...hostileBodies(operation)];
    await Promise.all(all.map((body) => knock(operation, fill(operation), body)));
  }
});
