import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { scopes } from "../../src/access/schemas";
import { hashToken } from "../../src/access/token";
import { toMarks } from "../../src/issues/marks";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeMember, makeTenant, newToken, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();
let tenant: Tenant;
let ada: Awaited<ReturnType<typeof makeMember>>;

beforeEach(async () => {
  tenant = await makeTenant(stack);
  ada = await makeMember(stack, tenant, "member");
  await stack.sql.query(
    `with made as (
       insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at)
       select $1, $2, n, 4, now(), now() - n * interval '1 minute' from generate_series(1, 3) n returning id, project_id)
     insert into issue_details (issue_id, project_id, type, title, culprit, metadata, grouping, search_text)
     select id, project_id, 'error', 'E', '', '{}', '{}', 'E' from made`,
    [tenant.orgId, tenant.projectId],
  );
});

const list = () => `/api/0/organizations/${tenant.slug}/issues/`;
const one = (number = 1) => `${list()}SHOP-${number}/`;
const ask = async (method: string, path: string, body?: unknown, bearer?: string) => {
  const answer = await tenant.call(method, path, body, bearer);
  const text = await answer.text();
  return { status: answer.status, answer: text === "" ? undefined : JSON.parse(text) };
};
const mark = (body: object, bearer?: string, path = one()) => ask("PUT", path, body, bearer);
const marksOf = async (bearer?: string, path = one()) => {
  const { hasSeen, isBookmarked, isSubscribed, subscriptionDetails } = (
    await ask("GET", path, undefined, bearer)
  ).answer;
  return { hasSeen, isBookmarked, isSubscribed, subscriptionDetails };
};
const nothing = {
  hasSeen: false,
  isBookmarked: false,
  isSubscribed: false,
  subscriptionDetails: null,
};
const found = async (query: string, bearer?: string): Promise<string[]> =>
  (await ask("GET", `${list()}?query=${encodeURIComponent(query)}`, undefined, bearer)).answer.map(
    ({ shortId }: { shortId: string }) => shortId,
  );

test("what one member looked at, bookmarked and follows is nobody else's", async () => {
  expect(await marksOf(ada.token)).toEqual(nothing);
  const { answer } = await mark({ hasSeen: true, isBookmarked: true }, ada.token);
  const marked = {
    hasSeen: true,
    isBookmarked: true,
    isSubscribed: true,
    subscriptionDetails: { reason: "bookmarked" },
  };
  expect(answer).toMatchObject(marked);
  expect(await marksOf(ada.token)).toEqual(marked);
  expect(await marksOf()).toEqual(nothing);
  const [first] = (await ask("GET", list(), undefined, ada.token)).answer;
  expect(first).toMatchObject(marked);
  await mark({ hasSeen: false, isBookmarked: false }, ada.token);
  expect(await marksOf(ada.token)).toEqual(nothing);
});

test("an issue that came back is as one that nobody looked at", async () => {
  await deliverTo(stack, [messageOf(tenant, eventEnvelope())]);
  const [issue] = await tenant.issues();
  const path = `${list()}${issue?.id}/`;
  await mark({ hasSeen: true, status: "resolved" }, ada.token, path);
  await deliverTo(stack, [messageOf(tenant, eventEnvelope())]);
  expect((await marksOf(ada.token, path)).hasSeen).toBe(false);
  await mark({ hasSeen: true }, ada.token, path);
  expect((await marksOf(ada.token, path)).hasSeen).toBe(true);
});

describe("who has to do with an issue follows it", () => {
  test("for as long as that is so, unless somebody chose otherwise", async () => {
    const reason = async () => (await marksOf(ada.token)).subscriptionDetails;
    const { id } = (await ask("POST", `${one()}notes/`, { text: "Mine" }, ada.token)).answer;
    expect(await reason()).toEqual({ reason: "comment" });
    await mark({ assignedTo: `user:${ada.userId}` });
    expect(await reason()).toEqual({ reason: "assigned" });
    expect(await found("subscribed:me", ada.token)).toEqual(["SHOP-1"]);
    await mark({ isSubscribed: false }, ada.token);
    expect(await reason()).toEqual({ disabled: true });
    expect(await found("subscribed:me", ada.token)).toEqual([]);
    await mark({ isSubscribed: true }, ada.token);
    await mark({ assignedTo: null });
    await ask("DELETE", `${one()}notes/${id}/`, undefined, ada.token);
    expect(await reason()).toEqual({ reason: "unknown" });
    expect(await marksOf()).toEqual(nothing);
  });

  test.each([
    [null, nothing],
    [
      { isSeen: true, isBookmarked: false, isSubscribed: false, reason: "assigned" as const },
      { ...nothing, hasSeen: true, subscriptionDetails: { disabled: true } },
    ],
    [
      { isSeen: false, isBookmarked: false, isSubscribed: true, reason: "assigned" as const },
      { ...nothing, isSubscribed: true, subscriptionDetails: { reason: "assigned" } },
    ],
  ])("%j is said as %j", (marks, said) => {
    expect(toMarks(marks)).toEqual(said);
  });
});

test("marks are searched: one's own and those of an address, also together with others and without them", async () => {
  await mark({ isBookmarked: true }, ada.token, one(2));
  await mark({ isSubscribed: true }, undefined, one(3));
  expect(await found("bookmarks:me", ada.token)).toEqual(["SHOP-2"]);
  expect(await found(`bookmarks:${ada.email}`)).toEqual(["SHOP-2"]);
  expect(await found("bookmarks:me")).toEqual([]);
  expect(await found("subscribed:me")).toEqual(["SHOP-3"]);
  expect(await found(`!subscribed:${ada.email}`)).toEqual(["SHOP-1", "SHOP-3"]);
  expect(await found(`bookmarks:${ada.email} OR subscribed:me`)).toEqual(["SHOP-2", "SHOP-3"]);
  for (const query of ["bookmarks:nobody@example.com", "subscribed:%23core"]) {
    const { status, answer } = await ask("GET", `${list()}?query=${query}`);
    expect([status, answer.detail]).toEqual([400, expect.stringContaining("is no member")]);
  }
});

test("all that match are marked at once, and what was marked so already is not counted", async () => {
  const all = `${list()}?query=level:error`;
  const { answer } = await mark({ isBookmarked: true, isSubscribed: false }, ada.token, all);
  expect(answer).toMatchObject({
    isBookmarked: true,
    isSubscribed: false,
    subscriptionDetails: { disabled: true },
    changed: 3,
    undoId: expect.any(String),
  });
  expect((await mark({ isBookmarked: true }, ada.token, all)).answer.changed).toBe(0);
  expect(await found("bookmarks:me", ada.token)).toHaveLength(3);
});

test("whoever bookmarked or follows an issue does so with the one that it is merged into", async () => {
  await mark({ isBookmarked: true, hasSeen: true }, ada.token, one(2));
  await mark({ isSubscribed: false }, undefined, one(3));
  await mark({ isSubscribed: true }, undefined, one(1));
  const { rows } = await stack.sql.query(
    "select id from issues where project_id = $1 order by short_number",
    [tenant.projectId],
  );
  const named = rows.map(({ id }) => `id=${id}`).join("&");
  const merged = await mark({ merge: 1, mergeInto: rows[0].id }, undefined, `${list()}?${named}`);
  expect(merged.status).toBe(200);
  expect(await marksOf(ada.token)).toMatchObject({ isBookmarked: true, isSubscribed: true });
  expect(await marksOf()).toMatchObject({ isBookmarked: false, isSubscribed: true });
  expect(await left()).toBe(1);
  await changingNothing(stack.sql, "a merge with a mark", () =>
    mark({ merge: 1, isBookmarked: true }, ada.token, `${list()}?${named}`),
  );
});

test("who looked and who follows is said to Sentry's clients", async () => {
  const sentry = `sntryu_${randomBytes(32).toString("hex")}`;
  await tenant.addToken(sentry, scopes);
  await mark({ hasSeen: true, isBookmarked: true }, ada.token);
  await mark({ hasSeen: true, isSubscribed: false });
  const { answer } = await ask("GET", one(), undefined, sentry);
  const person = { id: String(ada.userId), name: "member", email: ada.email };
  expect(answer.participants).toEqual([person]);
  expect(answer.seenBy).toContainEqual({ ...person, lastSeen: expect.any(String) });
  expect(answer.seenBy).toHaveLength(2);
});

test("who is no member marks nothing, and marks go with the membership", async () => {
  const token = newToken();
  await stack.sql.query("insert into api_tokens (token_hash, org_id, scopes) values ($1, $2, $3)", [
    hashToken(token),
    tenant.orgId,
    scopes,
  ]);
  const { status } = await changingNothing(stack.sql, "marks of nobody", () =>
    mark({ isBookmarked: true }, token),
  );
  expect(status).toBe(400);
  expect((await mark({ hasSeen: false }, token)).status).toBe(200);
  await mark({ isBookmarked: true }, ada.token);
  await stack.sql.query("delete from organization_members where id = $1", [ada.memberId]);
  expect(await left()).toBe(0);
});

const left = async (): Promise<number> =>
  (
    await stack.sql.query("select count(*)::int as n from issue_marks where member_id = $1", [
      ada.memberId,
    ])
  ).rows[0].n;

test("a member has a thousand bookmarks and the newest two thousand looks", async () => {
  await stack.sql.query(
    `with made as (
       insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at)
       select $1, $2, n, 4, now(), now() from generate_series(10, 2009) n returning id, short_number)
     insert into issue_marks (member_id, issue_id, seen_at)
     select $3, id, now() - short_number * interval '1 second' from made`,
    [tenant.orgId, tenant.projectId, ada.memberId],
  );
  await mark({ hasSeen: true }, ada.token);
  expect(await left()).toBe(2000);
  expect((await marksOf(ada.token)).hasSeen).toBe(true);
  await stack.sql.query(
    `update issue_marks set is_bookmarked = true where member_id = $1 and issue_id in (
       select issue_id from issue_marks where member_id = $1 order by seen_at limit 1000)`,
    [ada.memberId],
  );
  const refused = await changingNothing(stack.sql, "one bookmark more", () =>
    mark({ isBookmarked: true, status: "resolved" }, ada.token, one(2)),
  );
  expect(refused).toEqual({
    status: 422,
    answer: { detail: "There can be at most 1000 bookmarks and subscriptions of a person" },
  });
});
