import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { scopes } from "../../src/access/schemas";
import { makeMember, makeTenant, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();
let tenant: Tenant;
let ada: Awaited<ReturnType<typeof makeMember>>;
let teamId: string;

beforeEach(async () => {
  tenant = await makeTenant(stack);
  ada = await makeMember(stack, tenant, "member");
  const { rows } = await stack.sql.query(
    `with team as (insert into teams (org_id, slug) values ($1, 'core') returning id),
       has as (insert into project_teams (project_id, team_id) select $2, id from team)
     select id from team`,
    [tenant.orgId, tenant.projectId],
  );
  teamId = rows[0].id;
  await fill(tenant.projectId, 1, 2);
});

const fill = (projectId: number, ...numbers: number[]) =>
  stack.sql.query(
    `with made as (
       insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at)
       select $1, $2, n, 4, now(), now() from unnest($3::int[]) n returning id, project_id)
     insert into issue_details (issue_id, project_id, type, title, culprit, metadata, grouping, search_text)
     select id, project_id, 'error', 'E', '', '{}', '{}', 'E' from made`,
    [tenant.orgId, projectId, numbers],
  );

const org = () => `/api/0/organizations/${tenant.slug}/`;
const one = () => `${org()}issues/SHOP-1/`;
const all = () => `${org()}issues/?query=level:error`;
const ask = async (method: string, path: string, body?: unknown, bearer?: string) => {
  const answer = await tenant.call(method, path, body, bearer);
  return { status: answer.status, answer: JSON.parse(await answer.text()) };
};
const assign = (assignedTo: unknown, path = one()) => ask("PUT", path, { assignedTo });
const assignee = async () => (await ask("GET", one())).answer.assignedTo;
const happened = async () =>
  (await ask("GET", `${one()}activities/`)).answer.activity.map(
    ({ type, data }: { type: string; data: object }) => [type, data],
  );
const aMember = () => ({
  type: "user",
  id: String(ada.userId),
  name: "member",
  email: ada.email,
});
const aTeam = () => ({ type: "team", id: teamId, name: "core" });

test("an issue is given to a person or a team, however they are written", async () => {
  for (const written of [
    `user:${ada.userId}`,
    String(ada.userId),
    ada.userId,
    ada.email,
    ada.email.toUpperCase(),
  ]) {
    await assign("");
    expect([written, await assign(written)]).toMatchObject([written, { status: 200 }]);
    expect(await assignee()).toEqual(aMember());
  }
  for (const written of [`team:${teamId}`, "team:core", "#core"]) {
    await assign(null);
    expect(await assignee()).toBeNull();
    expect((await assign(written)).answer.assignedTo).toEqual(aTeam());
  }
  const { answer } = await ask("PUT", one(), { assignedTo: "me" }, ada.token);
  expect(answer.assignedTo).toEqual(aMember());
  const listed = (await ask("GET", `${org()}issues/?query=issue:SHOP-1`)).answer;
  expect(listed).toMatchObject([{ assignedTo: aMember() }]);
});

test("who gave it to whom is in its activity, and nothing of what it was already", async () => {
  await assign(`user:${ada.userId}`);
  await changingNothing(stack.sql, "the same person", () => assign(ada.email));
  await assign("team:core");
  await assign("");
  await changingNothing(stack.sql, "nobody again", () => assign(null));
  expect(await happened()).toEqual([
    ["unassigned", {}],
    ["assigned", { assignee: teamId, assigneeType: "team", assigneeName: "core" }],
    ["assigned", { assignee: String(ada.userId), assigneeType: "user", assigneeEmail: ada.email }],
    ["first_seen", {}],
  ]);
});

test("all that match are given away at once, beside a change of status", async () => {
  const given = await ask("PUT", all(), { status: "resolved", assignedTo: "#core" });
  expect(given).toEqual({
    status: 200,
    answer: { status: "resolved", assignedTo: aTeam(), changed: 2, undoId: expect.any(String) },
  });
  expect((await tenant.issues()).map((issue) => [issue.status, issue["assignedTo"]])).toEqual([
    ["resolved", aTeam()],
    ["resolved", aTeam()],
  ]);
  const again = await ask("PUT", all(), { assignedTo: "" });
  expect(again.answer).toEqual({ assignedTo: null, changed: 2, undoId: expect.any(String) });
});

test("only members get issues, and teams that have the project", async () => {
  const stranger = await makeTenant(stack);
  await stack.sql.query("insert into teams (org_id, slug) values ($1, 'idle'), ($2, 'theirs')", [
    tenant.orgId,
    stranger.orgId,
  ]);
  const sentry = `sntryu_${randomBytes(32).toString("hex")}`;
  await tenant.addToken(sentry, scopes);
  for (const [written, status, words] of [
    [`user:${stranger.userId}`, 404, "User is not a member of this organization"],
    ["nobody@example.com", 404, "User is not a member of this organization"],
    ["team:theirs", 404, "Team not found"],
    ["team:999999999", 404, "Team not found"],
    ["user:", 404, "User is not a member of this organization"],
    ["team:idle", 400, "The team idle does not have the project"],
  ] as const) {
    const body = { status: "resolved", assignedTo: written };
    const refused = await changingNothing(stack.sql, written, async () => [
      await ask("PUT", one(), body),
      await ask("PUT", all(), body),
      await ask("PUT", one(), body, sentry),
    ]);
    expect([written, refused.map((each) => each.status)]).toEqual([written, [status, status, 400]]);
    for (const { answer } of refused) expect(answer.detail).toContain(words);
  }
});

test("a team gets all of some issues or none of them", async () => {
  const { rows } = await stack.sql.query(
    "insert into projects (org_id, slug, name) values ($1, 'other', 'Other') returning id",
    [tenant.orgId],
  );
  await fill(rows[0].id, 1);
  const refused = await changingNothing(stack.sql, "another project", () => assign("#core", all()));
  expect(refused).toEqual({
    status: 400,
    answer: { detail: "The team core does not have the projects of these issues" },
  });
  expect((await assign(ada.email, all())).answer).toMatchObject({ changed: 3 });
});

test.each([
  ["who leaves", () => `user:${ada.userId}`, () => `${org()}members/${ada.memberId}/`],
  ["a deleted team", () => "#core", () => `/api/0/teams/${tenant.slug}/core/`],
  [
    "a team that loses the project",
    () => "#core",
    () => `/api/0/projects/${tenant.slug}/shop/teams/core/`,
  ],
])("%s has no issues any more", async (_who, written, door) => {
  await assign(written());
  expect(await assignee()).not.toBeNull();
  expect((await tenant.call("DELETE", door())).status).toBeLessThan(300);
  expect(await assignee()).toBeNull();
});

test("issues are searched by who has them", async () => {
  await assign(ada.email);
  await assign("#core", `${org()}issues/SHOP-2/`);
  await stack.sql.query("insert into team_members (team_id, member_id) values ($1, $2)", [
    teamId,
    ada.memberId,
  ]);
  await fill(tenant.projectId, 3);
  for (const [query, ...found] of [
    ["assigned:me", "SHOP-1"],
    ["assigned:my_teams", "SHOP-2"],
    ["assigned:[me, my_teams]", "SHOP-1", "SHOP-2"],
    ["assigned:none", "SHOP-3"],
    ["assigned:[me, none]", "SHOP-1", "SHOP-3"],
    ["!assigned:me", "SHOP-2", "SHOP-3"],
    [`assigned:${ada.email.toUpperCase()}`, "SHOP-1"],
    [`assigned:"user:${ada.userId}"`, "SHOP-1"],
    ["assigned:#core", "SHOP-2"],
    ["assigned_to:#core OR is:unassigned", "SHOP-2", "SHOP-3"],
    ["is:assigned", "SHOP-1", "SHOP-2"],
    ["is:unassigned", "SHOP-3"],
    ["is:unresolved !is:assigned", "SHOP-3"],
  ] as const) {
    const path = `${org()}issues/?query=${encodeURIComponent(query)}`;
    const { answer } = await ask("GET", path, undefined, ada.token);
    const ids = answer.map(({ shortId }: { shortId: string }) => shortId).toSorted();
    expect([query, ids]).toEqual([query, found]);
  }
});
