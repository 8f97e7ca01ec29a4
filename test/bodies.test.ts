import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { scopes } from "../src/access/schemas";
import { fixedKey, fixedOrganization, fixedProject } from "../src/protocol/sentry-constants";
import { furnish } from "./furnish";
import { eventEnvelope, eventually, makeTenant, type Tenant, useStack } from "./harness";
import { operationsIn, recordedDocument, schemaOf } from "./openapi-document";
import { changingNothing } from "./state";

/** Nothing that a door accepts is dropped without a word. */
const stack = useStack({ bindings: { ENABLE_ORGANIZATION_CREATION: "true" } });
const unique = () => randomBytes(4).toString("hex");
type Answer = Record<string, unknown>;

let tenant: Tenant;
let sentryToken: string;
let parameters: Record<string, string>;
let teamId: string;

beforeAll(async () => {
  tenant = await makeTenant(stack);
  sentryToken = `sntryu_${randomBytes(32).toString("hex")}`;
  await tenant.addToken(sentryToken, scopes);
  await tenant.send(eventEnvelope());
  const [issue] = await eventually(async () => {
    const found = await tenant.issues();
    expect(found).toHaveLength(1);
    return found;
  });
  parameters = await furnish(stack, tenant, String(issue?.id));
  const { rows } = await stack.sql.query("select id from teams where org_id = $1", [tenant.orgId]);
  teamId = rows[0].id;
});

const org = "/api/0/organizations/{organization_slug}/";
const project = "/api/0/projects/{organization_slug}/{project_slug}/";
const team = "/api/0/teams/{organization_slug}/{team_slug}/";

/** Ids do not change with what a test renames. */
const addressOf = (path: string) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === "organization_slug") return String(tenant.orgId);
    if (name === "project_slug") return String(tenant.projectId);
    if (name === "team_slug") return teamId;
    return String(parameters[name]);
  });

async function send(method: string, path: string, body: unknown) {
  const response = await tenant.call(method, addressOf(path), body, sentryToken);
  return { status: response.status, answer: (await response.json()) as Answer };
}

type Field = {
  value: unknown;
  /** What else the door needs. */
  with?: object;
  /** Where it is read, and as what, when it is not the same name and value. */
  read?: object;
};
const same = (value: unknown, more: Omit<Field, "value"> = {}): Field => ({ value, ...more });
/** What such a field does is tested elsewhere: it is no state that could be read. */
const action = undefined;
type Fields = Record<string, Field | typeof action>;

const projectSettings: Fields = {
  resolveAge: same(720),
  digestsMinDelay: same(120),
  digestsMaxDelay: same(900),
  fingerprintingRules: same("error.type:Oops -> oops"),
  groupingEnhancements: same("path:**/vendor/** -app"),
  subjectPrefix: same("[shop]"),
  subjectTemplate: same("$title"),
  highlightTags: same(["release"]),
  defaultEnvironment: same("production"),
};
const alertFields: Fields = {
  name: same("Another"),
  timespanMinutes: same(7),
  quantity: same(9),
  uptime: same(true),
  alertRecipients: same([
    {
      recipientType: "webhook",
      url: "https://hooks.example/1",
      tagsToAdd: ["release"],
      config: { channel: "ops" },
    },
  ]),
};
const keyFields: Fields = {
  name: same("Named", { read: { name: "Named", label: "Named" } }),
  label: same("Labelled", { read: { name: "Labelled", label: "Labelled" } }),
  isActive: same(false),
  rateLimit: same({ window: 60, count: 10 }),
};
const ofView = { with: { name: "Checkout" } };
const viewFields: Fields = {
  name: same("Cart"),
  query: same("is:new", ofView),
  querySort: same("freq", ofView),
  columns: same(["events"], ofView),
  projects: action,
  environments: same(["production"], ofView),
  timeFilters: same(
    { period: "24h", start: null, end: null },
    { ...ofView, read: { timeFilters: { period: "24h", start: null, end: null, utc: null } } },
  ),
  visibility: same("organization", ofView),
};
const email = () => `${unique()}@example.com`;

/** Every field of every body that is kept, with a value that it did not have. */
const kept: Record<string, Fields> = {
  "POST /api/0/organizations/": {
    name: same("Fresh"),
    slug: same(`fresh-${unique()}`, { with: { name: "Fresh" } }),
  },
  [`PUT ${org}`]: {
    name: same("Renamed"),
    slug: same(`renamed-${unique()}`),
    openMembership: same(false),
    sensitiveFields: same(["tenant_no"]),
    safeFields: same(["user.id"]),
    isAcceptingEvents: same(false),
    eventThrottleRate: same(35),
  },
  [`POST ${org}teams/`]: {
    slug: same(`t-${unique()}`),
    name: same("The Core Team", { with: { slug: `t-${unique()}` } }),
  },
  [`PUT ${team}`]: {
    name: same("Renamed Core"),
    slug: same("core-2", { read: { slug: "core-2", name: "Renamed Core" } }),
  },
  [`POST ${team}projects/`]: {
    name: same("Fresh"),
    slug: same("fresh-shop", { with: { name: "Fresh" } }),
    platform: same("python", { with: { name: "Fresh" } }),
    eventThrottleRate: same(15, { with: { name: "Fresh" } }),
  },
  [`PUT ${project}`]: {
    ...projectSettings,
    name: same("Renamed"),
    slug: same("renamed-shop"),
    platform: same("go"),
    eventThrottleRate: same(25),
    scrubIPAddresses: same(true),
    dataScrubberDefaults: same(false),
    allowedDomains: same(["https://a.example"]),
    sensitiveFields: same(["tenant_no"]),
    safeFields: same(["user.id"]),
    options: same(
      { "filters:releases": "1.*\n2.?" },
      {
        read: {
          options: {
            "filters:blacklisted_ips": "",
            "filters:releases": "1.*\n2.?",
            "filters:error_messages": "",
            "filters:error_types": "",
            "filters:user_agents": "",
            "filters:countries": "",
            "filters:chunk-load-error": false,
            "filters:react-hydration-errors": false,
          },
        },
      },
    ),
    groupingConfig: same("g2"),
  },
  [`POST ${project}keys/`]: keyFields,
  [`PUT ${project}keys/{key_id}/`]: keyFields,
  [`POST ${project}alerts/`]: alertFields,
  [`PUT ${project}alerts/{alert_id}/`]: alertFields,
  [`PUT ${project}environments/{environment}/`]: {
    name: same("production", { with: { isHidden: false } }),
    isHidden: same(true),
  },
  [`POST ${org}members/`]: {
    email: same(email()),
    role: same("manager", {
      with: { email: email() },
      read: { role: "manager", orgRole: "manager" },
    }),
    orgRole: same("admin", { with: { email: email() }, read: { role: "admin", orgRole: "admin" } }),
    teamRoles: same([{ teamSlug: "core-2", role: "contributor" }], {
      with: { email: email() },
      read: { teams: ["core-2"] },
    }),
    teams: same(["core-2"], { with: { email: email() } }),
    sendInvite: action,
    reinvite: action,
  },
  [`PUT ${org}members/{member_id}/`]: {
    role: same("manager", { read: { role: "manager", orgRole: "manager" } }),
    orgRole: same("admin", { read: { role: "admin", orgRole: "admin" } }),
    teamRoles: same([{ team_slug: "core-2" }], { read: { teams: ["core-2"], orgRole: "admin" } }),
    teams: same([], { read: { teams: [] } }),
  },
  [`PUT ${org}issues/{issue_id}/`]: {
    status: same("resolved"),
    substatus: same("archived_forever", { with: { status: "ignored" } }),
    assignedTo: same("", { read: { assignedTo: null } }),
    priority: same("low"),
    // What ends a status: test/issues/status.test.ts.
    statusDetails: action,
    inNextRelease: action,
    inRelease: action,
    inCommit: action,
    ignoreDuration: action,
    ignoreCount: action,
    ignoreWindow: action,
    ignoreUserCount: action,
    ignoreUserWindow: action,
    ignoreUntilNext: action,
    snoozeDuration: action,
    inbox: action,
    isPublic: action,
    hasSeen: same(true),
    isBookmarked: same(true),
    isSubscribed: same(true),
  },
  [`POST ${org}group-search-views/`]: viewFields,
  [`PUT ${org}group-search-views/{view_id}/`]: viewFields,
  [`POST ${org}issues/{issue_id}/notes/`]: {
    text: same("Seen before", { read: { data: { text: "Seen before" } } }),
    mentions: action,
  },
  "PUT /api/0/users/{user_id}/": {
    name: same("Grace"),
    options: same({
      timezone: "Europe/Berlin",
      stacktraceOrder: 2,
      language: "de",
      clock24Hours: true,
      preferredTheme: "dark",
      density: "compact",
      letterKeys: false,
    }),
    email: action,
    username: action,
  },
  "PUT /api/0/users/{user_id}/notifications/": { subscribeByDefault: same(false) },
};

/** Doors with a body that make a credential, act, or take the same body as a door above. */
const elsewhere = [
  /\/accept\//,
  /\/api\/0\/internal\//,
  /tokens\//,
  /\/emails\//,
  /\/authenticators\//,
  /generate-recovery-codes/,
  /\/test-event\//,
  /\/scrubbing-preview\//,
  /\/grouping\/(?:preview|apply)\//,
  /notifications\/alerts/,
  /\/issues\/undo\/$/,
  /^PUT .*\/notes\//,
  /\/api\/0\/issues\/.*\/(?:notes|comments)\//,
  /\/filters\//,
  // test/projects/ownership.test.ts
  /\/ownership\//,
  /\/starred-order\/$/,
  /\{view_id\}\/(?:starred|default)\/$/,
  /\/(?:pinned-|recent-)?searches\//,
  /^PUT .*\/issues\/$/,
  /^PUT \/api\/0\/issues\//,
];

test("every documented field of every body has a value below that is sent and read back", () => {
  const documented = operationsIn(recordedDocument).flatMap(({ method, path, requestBody }) => {
    const schema = requestBody?.content["application/json"]?.schema;
    const door = `${method} ${path}`;
    if (!schema || !path.startsWith("/api/0/") || elsewhere.some((each) => each.test(door))) {
      return [];
    }
    const { properties = {} } = schemaOf(recordedDocument, schema);
    return [[door, Object.keys(properties).toSorted()]];
  });
  const known = Object.entries(kept).map(([door, fields]) => [
    door,
    Object.keys(fields).toSorted(),
  ]);
  expect(Object.fromEntries(known)).toEqual(Object.fromEntries(documented));
});

describe("what is sent is read back", () => {
  const rows = Object.entries(kept).flatMap(([door, fields]) =>
    Object.entries(fields).flatMap(([name, field]) => (field ? [{ door, name, field }] : [])),
  );
  test.each(rows)("$door $name", async ({ door, name, field }) => {
    const [method = "", path = ""] = door.split(" ");
    const expected = JSON.parse(JSON.stringify(field.read ?? { [name]: field.value }));
    const sent = await send(method, path, { ...field.with, [name]: field.value });
    expect([sent.status, sent.answer]).toEqual([
      method === "POST" ? 201 : 200,
      expect.objectContaining(shapeOf(expected)),
    ]);
    if (method === "PUT" && !path.includes("environments")) {
      const again = await send("GET", path, undefined);
      expect(again.answer).toMatchObject(shapeOf(expected));
    }
  });

  /** What the door adds to parts of a list does not matter. */
  const shapeOf = (expected: Answer): Answer =>
    Object.fromEntries(
      Object.entries(expected).map(([name, value]) => [
        name,
        Array.isArray(value) && typeof value[0] === "object"
          ? value.map((each) => expect.objectContaining(each))
          : value,
      ]),
    );
});

describe("what clients know but we do not keep is refused with words", () => {
  const other = (value: unknown): unknown => {
    if (typeof value === "boolean") return !value;
    if (typeof value === "number") return value + 1;
    if (typeof value === "string") return `${value}x`;
    return Array.isArray(value) ? ["x"] : { x: 1 };
  };
  const doors: [string, object, Answer][] = [
    [`PUT ${org}`, fixedOrganization, {}],
    [`PUT ${project}`, fixedProject, {}],
    [
      `POST ${team}projects/`,
      { ...fixedProject, options: {}, groupingConfig: "g2", defaultRules: false },
      { name: "Never" },
    ],
    [`PUT ${project}keys/{key_id}/`, fixedKey, {}],
    [`POST ${project}keys/`, fixedKey, {}],
    [
      `PUT ${org}issues/{issue_id}/`,
      {
        merge: undefined,
        discard: false,
      },
      { status: "ignored" },
    ],
    [`PUT ${project}alerts/{alert_id}/`, { uptimeQuantity: null, environments: [] }, {}],
    [`POST ${org}teams/`, { idpProvisioned: false }, { slug: "never" }],
    ["PUT /api/0/users/{user_id}/", { email: undefined, username: undefined }, {}],
  ];
  test.each(doors)("%s", async (door, fixed, rest) => {
    const [method = "", path = ""] = door.split(" ");
    for (const [name, value] of Object.entries(fixed)) {
      const body = { ...rest, [name]: other(value) };
      const { status, answer } = await changingNothing(stack.sql, `${door} ${name}`, () =>
        send(method, path, body),
      );
      const words = typeof answer["detail"] === "string" ? "" : `"body","${name}"`;
      expect([name, status, JSON.stringify(answer)]).toEqual([
        name,
        422,
        expect.stringContaining(words),
      ]);
    }
    if (method !== "PUT" || path.includes("users")) return;
    const always = Object.entries(fixed).filter(([, value]) => value !== undefined);
    expect((await send("PUT", path, { ...rest, ...Object.fromEntries(always) })).status).toBe(200);
  });

  test.each([
    [
      "a role in a team",
      `PUT ${org}members/{member_id}/`,
      { teamRoles: [{ teamSlug: "core-2", role: "admin" }] },
    ],
    ["a team that is not there", `PUT ${org}members/{member_id}/`, { teamRoles: ["nowhere"] }],
    [
      "a team that is not there",
      `POST ${org}members/`,
      { email: "x@example.com", teams: ["nowhere"] },
    ],
    ["two roles", `PUT ${org}members/{member_id}/`, { role: "admin", orgRole: "member" }],
    ["two names", `PUT ${project}keys/{key_id}/`, { name: "a", label: "b" }],
    [
      "another name of an environment",
      `PUT ${project}environments/production/`,
      { name: "x", isHidden: true },
    ],
    ["no change of a member", `PUT ${org}members/{member_id}/`, {}],
    ["no change of a team", `PUT ${team}`, {}],
    ["digits as an organization's slug", `PUT ${org}`, { slug: "123" }],
    ["digits as a team's slug", `PUT ${team}`, { slug: "123" }],
    [
      "events without a window",
      `PUT ${project}keys/{key_id}/`,
      { rateLimit: { window: 0, count: 5 } },
    ],
  ])("%s: %s", async (_what, door, body) => {
    const [method = "", path = ""] = door.split(" ");
    const { status, answer } = await changingNothing(stack.sql, door, () =>
      send(method, path, body),
    );
    expect([status, answer]).toEqual([422, { detail: expect.anything() }]);
  });

  test("a slug that another organization has", async () => {
    const { slug } = await makeTenant(stack);
    const { status } = await changingNothing(stack.sql, "taken", () => send("PUT", org, { slug }));
    expect(status).toBe(409);
    const fresh = await send("POST", "/api/0/organizations/", { name: "Second", slug });
    expect(fresh).toMatchObject({ status: 201, answer: { slug: `${slug}-2` } });
  });
});

describe("bodies are read as leniently as GlitchTip reads them", () => {
  test.each<[string, Answer, Answer]>([
    [
      `PUT ${org}`,
      { eventThrottleRate: "40", open_membership: "no" },
      { eventThrottleRate: 40, openMembership: false },
    ],
    [
      `PUT ${org}`,
      { name: "Kept", slug: "" },
      { name: "Kept", slug: expect.stringMatching(/^renamed-|^org-/) },
    ],
    [
      `PUT ${project}`,
      { event_throttle_rate: "5", scrub_ip_addresses: "true" },
      { eventThrottleRate: 5, scrubIPAddresses: true },
    ],
    [`PUT ${project}`, { resolveAge: "24" }, { resolveAge: 24 }],
    [`PUT ${project}`, { resolveAge: null }, { resolveAge: 0 }],
    [`POST ${team}projects/`, { name: "Empty Slug", slug: "" }, { slug: "empty-slug" }],
    [
      `POST ${org}teams/`,
      { name: "Empty Slug", slug: "" },
      { slug: "empty-slug", name: "Empty Slug" },
    ],
    [
      `PUT ${project}keys/{key_id}/`,
      { rateLimit: { window: "60", count: "10" } },
      { rateLimit: { window: 60, count: 10 } },
    ],
    [`PUT ${project}keys/{key_id}/`, { rateLimit: { window: 0, count: 0 } }, { rateLimit: null }],
    [
      `POST ${project}keys/`,
      { name: null, rateLimit: { window: null, count: null } },
      { name: "", rateLimit: null },
    ],
    [
      `PUT ${project}alerts/{alert_id}/`,
      { quantity: "3", timespan_minutes: "4", uptime: "on" },
      { quantity: 3, timespanMinutes: 4, uptime: true },
    ],
    [`PUT ${org}members/{member_id}/`, { orgRole: "member", teamRoles: null }, { role: "member" }],
    [
      `POST ${org}members/`,
      { email: email(), role: "admin", teamRoles: null, send_invite: "false" },
      { orgRole: "admin", teams: [] },
    ],
  ])("%s %j", async (door, body, expected) => {
    const [method = "", path = ""] = door.split(" ");
    const { status, answer } = await send(method, path, body);
    expect([status < 300, answer]).toEqual([true, expect.objectContaining(expected)]);
  });
});
