import { beforeAll, expect, test } from "vitest";
import { identityOf } from "../../src/events/user";
import { randomOf } from "../bench/corpus";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeMember, makeTenant, randomId, type Tenant, useStack } from "../harness";
import { normalized, recordedEvents } from "../issues/grouping/recorded";
import { momentOf, numbersIn, recount, type Sent } from "../issues/recount";

/**
 * A week of a team: what SDKs recorded becomes two hundred issues, which are searched, given to people by rules, merged,
 * taken apart, resolved and brought back. In the end every number is what a recount of what was sent comes to.
 */
const stack = useStack();
const random = randomOf(20261126);
const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;

const issuesMade = 200;
const hoursOfWeek = 7 * 24;
const levels = ["error", "warning", "info", "fatal"] as const;
const plans = ["free", "pro", "team", "dark red"] as const;
const people = ["ada", "bob", "eve", "zoë"] as const;
const words = ["basket", "Ошибка", "pay_now", "50%_off", "a:b"] as const;
const releases = ["shop@1.2.0", "shop@1.3.9", "shop@1.4.0"] as const;

type Said = Sent & {
  issue: number;
  eventId: string;
  level: string;
  release?: string;
  word: string;
  /** Of the recording. */
  types: string[];
  platform: string;
  transaction?: string;
  payload: Record<string, unknown>;
};

const recorded = recordedEvents.flatMap(({ payload }) => {
  const event = normalized({ ...payload, user: null });
  // Where a request names its sender, that is whom the event is about.
  return event.csp || identityOf(event.user) ? [] : [{ payload, event }];
});

const said: Said[] = Array.from({ length: issuesMade }, (_each, issue) => {
  const { payload, event } = recorded[issue % recorded.length] ?? pick(recorded);
  const { user: _user, tags: _tags, fingerprint: _own, checksum: _old, ...rest } = payload;
  const seen = 1 + Math.floor(random() * 4);
  return Array.from({ length: seen }, () => ({
    type: `Issue ${issue}`,
    issue,
    eventId: randomId(),
    level: levels[issue % levels.length] ?? "error",
    hoursAgo: 1 + Math.floor(random() * (hoursOfWeek - 2)),
    word: pick(words),
    types: (event.exception?.values ?? []).flatMap(({ type }) => type ?? []),
    platform: event.platform,
    ...(event.transaction && { transaction: event.transaction }),
    ...(random() < 0.7 && { plan: pick(plans) }),
    ...(random() < 0.6 && { user: pick(people) }),
    ...(random() < 0.8 && { environment: pick(["production", "staging"]) }),
    ...(random() < 0.5 && { release: pick(releases) }),
    payload: rest,
  }));
}).flat();

const envelopeOf = (each: Said) =>
  eventEnvelope(
    {
      exception: null,
      ...each.payload,
      event_id: each.eventId,
      timestamp: momentOf(each) / 1000,
      level: each.level,
      release: each.release ?? "",
      environment: each.environment ?? "",
      dist: "",
      fingerprint: [each.type],
      tags: { number: String(each.issue), ...(each.plan && { plan: each.plan }) },
      user: each.user ? { id: each.user } : null,
      extra: { note: `left at ${each.word} by chance` },
    },
    { event_id: each.eventId },
  );

let tenant: Tenant;
let issueIds: string[];
const org = () => `/api/0/organizations/${tenant.slug}/`;

async function deliver(events: Said[]): Promise<void> {
  const inOrder = events.toSorted((a, b) => momentOf(a) - momentOf(b));
  for (let at = 0; at < inOrder.length; at += 50) {
    const messages = inOrder
      .slice(at, at + 50)
      .map((each) => messageOf(tenant, envelopeOf(each), { receivedAt: momentOf(each) }));
    expect((await deliverTo(stack, messages)).outcome).toBe("ok");
  }
}

async function issueOf(number: number): Promise<string> {
  const one = said.find(({ issue }) => issue === number);
  const { rows } = await stack.sql.query(
    "select issue_id from events where project_id = $1 and event_id = $2::uuid",
    [tenant.projectId, one?.eventId],
  );
  return String(rows[0]?.issue_id);
}

beforeAll(async () => {
  tenant = await makeTenant(stack);
  await deliver(said);
  const { rows } = await stack.sql.query(
    "select event_id, issue_id from events where project_id = $1",
    [tenant.projectId],
  );
  const issueOfEvent = new Map(
    rows.map(({ event_id, issue_id }) => [event_id.replaceAll("-", ""), String(issue_id)]),
  );
  issueIds = Array.from(
    { length: issuesMade },
    (_, number) =>
      issueOfEvent.get(said.find(({ issue }) => issue === number)?.eventId ?? "") ?? "",
  );
});

test("two hundred issues came of it, and none was split or joined", () => {
  expect(new Set(issueIds).size).toBe(issuesMade);
  expect(issueIds).not.toContain("");
});

type Holds = (issue: number) => boolean;
const eventsOf = (issue: number) => said.filter((each) => each.issue === issue);
const some =
  (holds: (each: Said) => boolean): Holds =>
  (issue) =>
    eventsOf(issue).some(holds);
const not =
  (holds: Holds): Holds =>
  (issue) =>
    !holds(issue);
const both =
  (...all: Holds[]): Holds =>
  (issue) =>
    all.every((holds) => holds(issue));
const either =
  (...all: Holds[]): Holds =>
  (issue) =>
    all.some((holds) => holds(issue));
const plan = (...of: string[]) => some((each) => of.includes(each.plan ?? ""));
const level = (...of: string[]) => some((each) => of.includes(each.level));
const user = (...of: string[]) => some((each) => of.includes(each.user ?? ""));
const release = (...of: string[]) => some((each) => of.includes(each.release ?? ""));
const environment = (of: string) => some((each) => each.environment === of);
const word = (part: string) => some((each) => each.word.toLowerCase().includes(part.toLowerCase()));
const seen =
  (holds: (count: number) => boolean): Holds =>
  (issue) =>
    holds(eventsOf(issue).length);
const persons =
  (holds: (count: number) => boolean): Holds =>
  (issue) =>
    holds(new Set(eventsOf(issue).flatMap((each) => each.user ?? [])).size);
const firstHours = (issue: number) =>
  Math.max(...eventsOf(issue).map((each) => each.hoursAgo ?? 0));
const lastHours = (issue: number) => Math.min(...eventsOf(issue).map((each) => each.hoursAgo ?? 0));
const everything: Holds = () => true;
const [commonType = ""] = said
  .flatMap(({ types }) => types)
  .filter((type) => /^\w{5,40}$/.test(type));
const threw = (holds: (type: string) => boolean) => some(({ types }) => types.some(holds));
const platforms = [...new Set(said.map(({ platform }) => platform))];
const [platform = "", otherPlatform = ""] = platforms;
const withTransaction = said.find(({ transaction }) => transaction)?.transaction ?? "";

const searches: [query: string, holds: Holds][] = [
  ["", everything],
  ["is:unresolved", everything],
  ["is:resolved", () => false],
  ["!is:resolved", everything],
  ["is:[resolved, ignored]", () => false],
  ["status:unresolved", everything],
  ["is:unassigned", everything],
  ["assigned:me", () => false],
  ["assigned:[me, none]", everything],
  ["level:error", level("error")],
  ["!level:error", not(level("error"))],
  ["level:[warning, info]", level("warning", "info")],
  ["level:warning OR level:info", level("warning", "info")],
  ["!(level:info OR level:error)", not(level("info", "error"))],
  ["NOT level:fatal", not(level("fatal"))],
  ["plan:pro", plan("pro")],
  ['plan:"dark red"', plan("dark red")],
  ["plan:[pro, team]", plan("pro", "team")],
  ["!plan:free", not(plan("free"))],
  ["plan:*RED", plan("dark red")],
  ["plan:t*", plan("team")],
  ["tags[plan]:team", plan("team")],
  ["has:plan", plan(...plans)],
  ["!has:plan", not(plan(...plans))],
  ['plan:""', not(plan(...plans))],
  ["number:17", (issue) => issue === 17],
  ["number:[3, 4, 5]", (issue) => [3, 4, 5].includes(issue)],
  ["plan:pro level:error", both(plan("pro"), level("error"))],
  ["plan:pro OR level:error", either(plan("pro"), level("error"))],
  ["plan:pro level:error OR plan:team", either(both(plan("pro"), level("error")), plan("team"))],
  ["level:error (plan:pro OR plan:team)", both(level("error"), either(plan("pro"), plan("team")))],
  ["user.id:ada", user("ada")],
  ["user:id:bob", user("bob")],
  ["!user.id:ada", not(user("ada"))],
  ["user.id:[ada, eve]", user("ada", "eve")],
  ['user.id:"zoë"', user("zoë")],
  ["has:user", user(...people)],
  ["!has:user", not(user(...people))],
  ["has:[user, plan]", either(user(...people), plan(...plans))],
  ["release:shop@1.4.0", release("shop@1.4.0")],
  ["release:[shop@1.3.9, shop@1.2.0]", release("shop@1.3.9", "shop@1.2.0")],
  ["release:shop@1.*", release(...releases)],
  ["release:latest", release("shop@1.4.0")],
  ["tags[number,number]:>190", (issue) => issue > 190],
  ["!has:release", not(release(...releases))],
  ["environment:production", environment("production")],
  ["!environment:staging", not(environment("staging"))],
  ["timesSeen:>2", seen((count) => count > 2)],
  ["timesSeen:1", seen((count) => count === 1)],
  ["times_seen:<=2", seen((count) => count <= 2)],
  ["users:>1", persons((count) => count > 1)],
  ["users:0", persons((count) => count === 0)],
  ["firstSeen:-49h", (issue) => firstHours(issue) < 49],
  ["age:+72h", (issue) => firstHours(issue) >= 72],
  ["lastSeen:-25h", (issue) => lastHours(issue) < 25],
  ["age:+24h lastSeen:-72h", (issue) => firstHours(issue) >= 24 && lastHours(issue) < 72],
  ["basket", word("basket")],
  ['"at BASKET by"', word("basket")],
  ["ошибка", word("Ошибка")],
  ["50%_off", word("50%_off")],
  ["!pay_now", not(word("pay_now"))],
  ["basket plan:pro", both(word("basket"), plan("pro"))],
  [`error.type:${commonType}`, threw((type) => type.toLowerCase() === commonType.toLowerCase())],
  [
    `error.type:${commonType.slice(0, 4)}*`,
    threw((type) => type.toLowerCase().startsWith(commonType.slice(0, 4).toLowerCase())),
  ],
  [`platform:${platform}`, some((each) => each.platform === platform)],
  [
    `platform:[${platform}, ${otherPlatform}]`,
    some((each) => [platform, otherPlatform].includes(each.platform)),
  ],
  [`!platform:${platform}`, not(some((each) => each.platform === platform))],
  [
    `transaction:${JSON.stringify(withTransaction)}`,
    some((each) => each.transaction === withTransaction),
  ],
];

async function found(query: string): Promise<number[]> {
  const numbers: number[] = [];
  let path: string | undefined = `${org()}issues/?limit=100&query=${encodeURIComponent(query)}`;
  for (let pages = 0; path && pages < 5; pages++) {
    const answer: Response = await tenant.call("GET", path);
    expect([query, answer.status]).toEqual([query, 200]);
    for (const { id } of (await answer.json()) as { id: string }[])
      numbers.push(issueIds.indexOf(id));
    const next: RegExpExecArray | null = /<([^>]+)>; rel="next"; results="true"/.exec(
      answer.headers.get("link") ?? "",
    );
    path = next?.[1] && new URL(next[1]).pathname + new URL(next[1]).search;
  }
  return numbers.toSorted((a, b) => a - b);
}

test("every search finds what a look at every event finds", async () => {
  const all = issueIds.map((_, number) => number);
  const wrong: object[] = [];
  for (const [query, holds] of searches) {
    const [is, wanted] = [await found(query), all.filter(holds)];
    if (is.join() === wanted.join()) continue;
    wrong.push({
      query,
      missing: wanted.filter((each) => !is.includes(each)),
      excess: is.filter((each) => !wanted.includes(each)),
    });
  }
  expect(wrong).toEqual([]);
  expect(searches.length).toBeGreaterThanOrEqual(60);
});

const put = async (path: string, body: object) => {
  const answer = await tenant.call("PUT", path, body);
  expect([answer.status, path, body]).toEqual([200, path, body]);
  return (await answer.json()) as Record<string, unknown>;
};
const statusOf = async (number: number) =>
  (await tenant.get<{ status: string }>(`/api/0/issues/${issueIds[number]}/`)).status;
const numbers = () => numbersIn(stack, tenant);
const again = (issue: number, more: Partial<Said> = {}): Said => {
  const [first] = eventsOf(issue);
  if (!first) throw new Error(`issue ${issue} is not there`);
  // It happens now, however long the tests before took: what is older than a resolution brings nothing back.
  const hoursAgo = (momentOf({ type: "" }) - Date.now()) / 3_600_000;
  const event = { ...first, eventId: randomId(), hoursAgo, ...more };
  said.push(event);
  return event;
};

test("issues are given to members of the team, and to nobody else", async () => {
  const member = await makeMember(stack, tenant, "member");
  await put(`${org()}issues/?id=${issueIds[0]}&id=${issueIds[1]}`, {
    assignedTo: `user:${member.userId}`,
  });
  expect(await found(`assigned:${member.email}`)).toEqual([0, 1]);
  const stranger = await makeTenant(stack);
  const refused = await tenant.call("PUT", `/api/0/issues/${issueIds[2]}/`, {
    assignedTo: `user:${stranger.userId}`,
  });
  expect(refused.status).toBe(404);
  expect(await found("is:assigned")).toEqual([0, 1]);
});

test("three issues are one, and one of them is itself again, with all numbers", async () => {
  const [one, two, three] = [10, 11, 12].map((number) => issueIds[number] ?? "");
  const before = await numbers();
  await put(`${org()}issues/?id=${one}&id=${two}&id=${three}`, { merge: 1, mergeInto: one });
  const together = [10, 11, 12].flatMap(eventsOf);
  expect((await numbers())[one ?? ""]).toEqual(recount(together));
  await deliver([again(12)]);
  const hashes = await tenant.get<
    { id: string; latestEvent: { tags: { key: string; value: string }[] } | null }[]
  >(`/api/0/issues/${one}/hashes/`);
  const ofThird = hashes.filter(({ latestEvent }) =>
    latestEvent?.tags.some(({ key, value }) => key === "number" && value === "12"),
  );
  const taken = await tenant.call(
    "PUT",
    `/api/0/issues/${one}/hashes/?${ofThird.map(({ id }) => `id=${id}`).join("&")}`,
  );
  expect(taken.status).toBe(202);
  const after = await numbers();
  expect(after[three ?? ""]).toEqual(recount(eventsOf(12)));
  expect(after[one ?? ""]).toEqual(recount([10, 11].flatMap(eventsOf)));
  expect(Object.keys(after)).toHaveLength(Object.keys(before).length - 1);
});

test("what is resolved in the next release stays so under older ones, and comes back with a newer", async () => {
  await put(`/api/0/issues/${issueIds[20]}/`, { status: "resolvedInNextRelease" });
  for (const [name, status] of [
    ["shop@1.3.9", "resolved"],
    ["shop@1.4.0", "resolved"],
    ["shop@1.4.1", "unresolved"],
  ] as const) {
    await deliver([again(20, { release: name })]);
    expect([name, await statusOf(20)]).toEqual([name, status]);
  }
  expect(await found("is:regressed")).toEqual([20]);
});

test("all that match are resolved, and that is taken back", async () => {
  const open = await found("level:fatal is:unresolved");
  const { undoId, changed } = await put(`${org()}issues/?query=level:fatal`, {
    status: "resolved",
  });
  expect(changed).toBe(open.length);
  expect(await found("is:resolved")).toEqual(open);
  const undone = await tenant.call("POST", `${org()}issues/undo/`, { undoId });
  expect(await undone.json()).toEqual({ restored: open.length, skipped: 0 });
  expect(await found("is:resolved")).toEqual([]);
});

test("at the end of the week every number is what a recount of all that was sent comes to", async () => {
  const now = await numbers();
  const merged = 11;
  const recounted = await Promise.all(
    issueIds.flatMap((_, number) =>
      number === merged
        ? []
        : [
            issueOf(number).then((id) => [
              id,
              recount(eventsOf(number).concat(number === 10 ? eventsOf(merged) : [])),
            ]),
          ],
    ),
  );
  expect(now).toEqual(Object.fromEntries(recounted));
});
