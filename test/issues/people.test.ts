import { beforeAll, expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, useStack } from "../harness";

const stack = useStack();
let tenant: Tenant;
const minuteMs = 60_000;
const now = Date.now() - 60 * minuteMs;

/** Ada has come three times, Bob twice, and once whoever has nothing but an address. */
const sent = [
  { user: { id: "42", email: "ada@example.com", name: "Ada" }, minutesAgo: 9, environment: "a" },
  { user: { id: "42", email: "ada@example.com" }, minutesAgo: 7, environment: "b" },
  { user: { username: "bob", email: "bob@example.org" }, minutesAgo: 6, environment: "a" },
  { user: { username: "bob" }, minutesAgo: 5, environment: "a" },
  { user: { ip_address: "203.0.113.9" }, minutesAgo: 4, environment: "b" },
  { user: { id: "42", username: 'a"b' }, minutesAgo: 1, environment: "a" },
  { user: undefined, minutesAgo: 0, environment: "a" },
];

beforeAll(async () => {
  tenant = await makeTenant(stack);
  const messages = sent.map(({ user, minutesAgo, environment }) =>
    messageOf(tenant, eventEnvelope({ environment, ...(user && { user }) }), {
      receivedAt: now - minutesAgo * minuteMs,
    }),
  );
  await deliverTo(stack, messages);
});

type Value = {
  name: string;
  value: string;
  count: number;
  firstSeen: string;
  lastSeen: string;
  query: string;
};
const path = (query = "") => `/api/0/issues/SHOP-1/tags/user/values/${query}`;
const people = async (query = "") =>
  (await tenant.get<Value[]>(path(query))).map(({ value, count }) => [value, count]);
const ago = (minutes: number) =>
  new Date(now - minutes * minuteMs)
    .toISOString()
    .replace(/(\.\d{3})Z/, "$1000Z")
    .replace(".000000", "");

test("people of an issue come with how often and when it met them, and who they are by their latest event", async () => {
  const answer = await tenant.call("GET", path());
  expect(answer.headers.get("x-hits")).toBe("3");
  const [ada] = (await answer.json()) as Value[];
  expect(ada).toEqual({
    key: "user",
    name: 'a"b',
    value: "id:42",
    count: 3,
    firstSeen: ago(9),
    lastSeen: ago(1),
    query: 'user:"id:42"',
    id: "42",
    username: 'a"b',
    email: null,
    ipAddress: null,
    avatarUrl: null,
  });
  expect(await people()).toEqual([
    ["id:42", 3],
    ["username:bob", 2],
    ["ip:203.0.113.9", 1],
  ]);
});

test("they are sorted by number, last or first time, and paged", async () => {
  expect((await people("?sort=date")).map(([value]) => value)).toEqual([
    "id:42",
    "ip:203.0.113.9",
    "username:bob",
  ]);
  expect((await people("?sort=age")).map(([value]) => value)).toEqual([
    "ip:203.0.113.9",
    "username:bob",
    "id:42",
  ]);
  for (const sort of ["count", "date", "age"]) {
    const walked: unknown[] = [];
    let next: string | undefined = path(`?limit=1&sort=${sort}`);
    for (let pages = 0; next && pages < 5; pages++) {
      const answer: Response = await tenant.call("GET", next);
      walked.push(...((await answer.json()) as Value[]).map(({ value, count }) => [value, count]));
      const link = /<([^>]*)>; rel="next"; results="true"/.exec(answer.headers.get("link") ?? "");
      next = link?.[1] && new URL(link[1]).pathname + new URL(link[1]).search;
    }
    expect([sort, walked]).toEqual([sort, await people(`?sort=${sort}`)]);
  }
});

test.each([
  ["42", ["id:42"]],
  ["BOB", ["username:bob"]],
  ["203.0.113.9", ["ip:203.0.113.9"]],
  ["203.0", ["ip:203.0.113.9"]],
  ["nobody", []],
])("a search for %s finds %j", async (text, found) => {
  expect((await people(`?query=${encodeURIComponent(text)}`)).map(([value]) => value)).toEqual(
    found,
  );
});

test("only who was met in an environment is of it", async () => {
  // Among equals their order is of no meaning.
  expect(new Map((await people("?environment=b")) as [string, number][])).toEqual(
    new Map([
      ["id:42", 1],
      ["ip:203.0.113.9", 1],
    ]),
  );
});

test("the search of a person finds their events", async () => {
  for (const { query, count } of await tenant.get<Value[]>(path())) {
    const events = await tenant.get<object[]>(
      `/api/0/issues/SHOP-1/events/?query=${encodeURIComponent(query)}`,
    );
    expect([query, events.length]).toEqual([query, count]);
  }
});

test("an unnamed environment, times of other tags and strangers are refused", async () => {
  const other = await makeTenant(stack);
  const statuses = await Promise.all([
    tenant.call("GET", path("?environment=")),
    tenant.call("GET", "/api/0/issues/SHOP-1/tags/environment/values/?sort=date"),
    tenant.call("GET", path(), undefined, other.token),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([400, 400, 404]);
});
