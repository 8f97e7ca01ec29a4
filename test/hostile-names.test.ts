import { beforeAll, expect, test } from "vitest";
import { eventEnvelope, eventually, makeTenant, randomId, type Tenant, useStack } from "./harness";
import { hostileNames, hostileObject, hostilePaths, membersOf } from "./hostile-names";
import { readShared, withProbe } from "./probed";

/** One stranger says everything that could reach what all requests of an isolate share. */
const stack = useStack({ adjust: withProbe });

const names = [...hostileNames, ...hostilePaths].filter((name) => name !== "");
const line = (value: unknown) => JSON.stringify(value);
const envelopeOf = (type: unknown, payload: unknown, header = {}) =>
  [{ event_id: randomId(), ...header }, { type }, payload].map(line).join("\n");

let stranger: Tenant;
let shared: (boolean | string)[][];

beforeAll(async () => {
  stranger = await makeTenant(stack);
  shared = await readShared(stack);
});

/** Nothing is changed, and what another sends is stored and read back as ever. */
async function expectUnharmed() {
  expect(await readShared(stack)).toEqual(shared);
  const neighbour = await makeTenant(stack);
  const sent = await neighbour.send(eventEnvelope({ extra: { a: 1 }, user: { id: "u1" } }));
  expect(sent.status).toBe(200);
  const [issue] = await eventually(async () => {
    const found = await neighbour.issues();
    expect(found).toHaveLength(1);
    return found;
  });
  const event = await neighbour.get<Record<string, unknown>>(
    `/api/0/issues/${issue?.id}/events/latest/`,
  );
  expect(event).toMatchObject({
    title: "Error: it broke",
    context: { a: 1 },
    user: { id: "u1" },
    errors: null,
    _meta: null,
  });
  expect(await neighbour.outcomes()).toEqual({ "error accepted": 1 });
}

const fields = [
  "extra",
  "contexts",
  "tags",
  "modules",
  "user",
  "request",
  "exception",
  "threads",
  "_meta",
  "breadcrumbs",
  "logentry",
  "sdk",
  "debug_meta",
  "fingerprint",
  "template",
  "stacktrace",
  "errors",
  "level",
  "message",
  "platform",
  "timestamp",
  "release",
  "environment",
  "culprit",
];

test("what every object of an isolate inherits takes no new members", () => {
  const inherited = shared.filter(([isExtensible]) => !isExtensible);
  expect(inherited).toHaveLength(3);
  expect(inherited.map((members) => members.includes("hasOwnProperty"))).toContain(true);
  expect(shared.flat()).not.toContain("__proto__");
});

test("in the fields of events", async () => {
  for (const field of fields) {
    const sent = await stranger.send(
      envelopeOf("event", { message: field, [field]: hostileObject }),
    );
    expect(sent.status).toBe(200);
  }
  await eventually(async () => expect(await stranger.countEvents()).toBe(fields.length));
  await expectUnharmed();
});

test("as releases, environments, tags, types of items, categories and reasons", async () => {
  const before = await stranger.countEvents();
  for (const name of names) {
    const event = {
      message: name,
      release: name,
      environment: name,
      logger: name,
      transaction: name,
      tags: { [name]: name },
      exception: { values: [{ type: name, value: name }] },
    };
    const items = [
      [{ type: "event" }, event],
      [{ type: name }, hostileObject],
      [
        { type: "client_report" },
        { discarded_events: [{ category: name, reason: name, quantity: 1 }] },
      ],
    ];
    const sent = await stranger.send(
      [{ trace: hostileObject }, ...items.flat()].map(line).join("\n"),
    );
    expect(sent.status).toBe(200);
  }
  await eventually(async () => expect(await stranger.countEvents()).toBe(before + names.length));
  const tagged = await stranger.issues(`?query=${encodeURIComponent("constructor:constructor")}`);
  expect(tagged.map(({ title }) => title)).toEqual(["constructor: constructor"]);
  await expectUnharmed();
});

test("at the other doors of SDKs, and in what comes before a body", async () => {
  const query = names.map((name) => `&${encodeURIComponent(name)}=1`).join("");
  const headers = { "x-sentry-auth": `Sentry ${names.map((name) => `${name}=1`).join(", ")}` };
  const answers = [
    await stranger.send(line({ ...hostileObject, message: "x" }), {
      door: "store",
      query,
      headers,
    }),
    await stranger.send(line({ "csp-report": { ...hostileObject, "blocked-uri": "x" } }), {
      door: "security",
      query,
    }),
    await stranger.send(
      line([{ type: "csp-violation", body: { ...hostileObject, blockedURL: "x" } }]),
      { door: "security" },
    ),
    await stranger.send(envelopeOf("event", {}, { sdk: hostileObject, trace: hostileObject })),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await expectUnharmed();
});

test("in searches, sorts and statistics", async () => {
  const org = `/api/0/organizations/${stranger.slug}`;
  for (const name of names.map(encodeURIComponent)) {
    const asked: Promise<void>[] = [];
    for (const path of [
      `${org}/issues/?query=${name}:x`,
      `${org}/issues/?query=has:${name}`,
      `${org}/issues/?query=is:${name}`,
      `${org}/issues/?sort=${name}`,
      `${org}/issues/?${name}=1`,
      `${org}/stats_v2/?field=sum(quantity)&groupBy=category&groupBy=reason&statsPeriod=1d&category=${name}`,
      `${org}/stats_v2/?field=${name}&groupBy=${name}&statsPeriod=1d`,
      `/login/?socialLoginError=1&error=${name}`,
    ]) {
      asked.push(
        stranger.call("GET", path).then(async (answer) => {
          expect(answer.status, path).toBeLessThan(500);
          expect(await answer.text(), path).not.toContain("native code");
        }),
      );
    }
    await Promise.all(asked);
  }
  await expectUnharmed();
});

test("in bodies of the API, as members of everything", async () => {
  const org = `/api/0/organizations/${stranger.slug}`;
  const known = { name: "n", slug: "s", platform: "node", label: "l", status: "resolved" };
  const bodies = [
    { ...known, ...hostileObject },
    ...Object.keys(known).map((name) => ({ ...known, [name]: hostileObject })),
    ...["options", "rateLimit", "scopes", "teamRoles", "alertRecipients"].map((name) => ({
      ...known,
      [name]: membersOf(names, () => hostileObject),
    })),
  ];
  const doors = [
    ["PUT", `${org}/`],
    ["POST", `${org}/teams/`],
    ["POST", `${org}/members/`],
    ["PUT", `${org}/issues/?project=-1`],
    ["PUT", `/api/0/projects/${stranger.slug}/shop/`],
    ["POST", `/api/0/projects/${stranger.slug}/shop/keys/`],
    ["PUT", "/api/0/users/me/"],
    ["POST", `/api/0/projects/${stranger.slug}/shop/alerts/`],
    ["POST", "/api/0/organizations/"],
    ["POST", "/api/auth/sign-in/email"],
    ["POST", "/_allauth/browser/v1/auth/login"],
  ] as const;
  for (const [method = "", path = ""] of doors) {
    const answers = await Promise.all(bodies.map((body) => stranger.call(method, path, body)));
    expect(
      answers.map(({ status }) => status).filter((status) => status >= 500),
      `${method} ${path}`,
    ).toEqual([]);
  }
  await expectUnharmed();
});
