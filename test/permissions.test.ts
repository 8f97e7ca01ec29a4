import { beforeAll, describe, expect, test } from "vitest";
import { tagOf } from "../src/issues/tag-queries";
import { groupedAnew, ledHash } from "./furnish";
import {
  eventually,
  makeMember,
  makeTenant,
  type Tenant,
  untilDigested,
  useStack,
} from "./harness";
import { changingNothing } from "./state";

/** Who may do what: one table, every cell knocked at a real door with a token that has every scope. */
const stack = useStack();
const eventId = "0192c7c2-0000-7000-8000-000000000001";
const roles = ["member", "admin", "manager", "owner"] as const;
type Role = (typeof roles)[number];

/** Least role → status for those below it. GlitchTip hides (404) what is not theirs to change, or says so (403). */
type Rule = {
  action: string;
  least: Role;
  below?: 403 | 404;
  /** Fresh things are made for every try, so that nothing depends on what ran before. */
  run(given: Furnished): [method: string, path: string, body?: unknown];
  /** Events of the project afterwards, where it sends one: its digest would look like the work of what runs next. */
  leaves?: number;
};
type Furnished = {
  tenant: Tenant;
  memberId: string;
  ownId: string;
  keyId: string;
  alertId: string;
  noteId: string;
  jobId: string;
  viewId: string;
  tokenId: string;
};

const org = ({ tenant }: Furnished) => `/api/0/organizations/${tenant.slug}/`;
const project = ({ tenant }: Furnished) => `/api/0/projects/${tenant.slug}/shop/`;
const team = ({ tenant }: Furnished) => `/api/0/teams/${tenant.slug}/core/`;

const rules: Rule[] = [
  { action: "read the organization", least: "member", run: (p) => ["GET", org(p)] },
  { action: "read members", least: "member", run: (p) => ["GET", `${org(p)}members/`] },
  { action: "read teams", least: "member", run: (p) => ["GET", `${org(p)}teams/`] },
  { action: "read projects", least: "member", run: (p) => ["GET", `${org(p)}projects/`] },
  { action: "read keys", least: "member", run: (p) => ["GET", `${project(p)}keys/`] },
  { action: "read alerts", least: "member", run: (p) => ["GET", `${project(p)}alerts/`] },
  { action: "read alerts of all", least: "member", run: (p) => ["GET", `${org(p)}alerts/`] },
  {
    action: "search for everything",
    least: "member",
    run: (p) => ["GET", `${org(p)}search/?query=shop`],
  },
  { action: "read issues", least: "member", run: (p) => ["GET", `${org(p)}issues/`] },
  {
    action: "count issues",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues/counts/?query=is:unresolved`],
  },
  {
    action: "read numbers of an issue",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues/SHOP-1/stats/`],
  },
  {
    action: "read numbers of issues",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues-stats/?groups=1`],
  },
  {
    action: "read values of a tag",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues/SHOP-1/tags/plan/values/`],
  },
  {
    action: "read a tag of an issue",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues/SHOP-1/tags/environment/`],
  },
  {
    action: "read people of an issue",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues/SHOP-1/tags/user/values/`],
  },
  {
    action: "read similar issues",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues/SHOP-1/similar/`],
  },
  {
    action: "read values of a tag in a project",
    least: "member",
    run: (p) => ["GET", `${project(p)}tags/plan/values/`],
  },
  {
    action: "read views",
    least: "member",

    run: (p) => ["GET", `${org(p)}group-search-views/`],
  },
  {
    action: "read one's tabs",
    least: "member",

    run: (p) => ["GET", `${org(p)}group-search-views/starred/`],
  },
  {
    action: "read a view",
    least: "member",

    run: (p) => ["GET", `${org(p)}group-search-views/${p.viewId}/`],
  },
  {
    action: "keep a view",
    least: "member",

    run: (p) => ["POST", `${org(p)}group-search-views/`, { name: "Mine" }],
  },
  {
    action: "change a view of another member",
    least: "manager",
    below: 403,
    run: (p) => ["PUT", `${org(p)}group-search-views/${p.viewId}/`, { name: "Ours" }],
  },
  {
    action: "delete a view of another member",
    least: "manager",
    below: 403,
    run: (p) => ["DELETE", `${org(p)}group-search-views/${p.viewId}/`],
  },
  {
    action: "make a view one's tab",
    least: "member",

    run: (p) => ["POST", `${org(p)}group-search-views/${p.viewId}/starred/`, { starred: true }],
  },
  {
    action: "begin with a view",
    least: "member",

    run: (p) => ["POST", `${org(p)}group-search-views/${p.viewId}/default/`, { isDefault: true }],
  },
  {
    action: "note a visit of a view",
    least: "member",

    run: (p) => ["POST", `${org(p)}group-search-views/${p.viewId}/visit/`],
  },
  {
    action: "order one's tabs",
    least: "member",

    run: (p) => ["PUT", `${org(p)}group-search-views/starred-order/`, { viewIds: [] }],
  },
  {
    action: "read saved searches",
    least: "member",

    run: (p) => ["GET", `${org(p)}searches/`],
  },
  {
    action: "keep a search",
    least: "member",

    run: (p) => ["POST", `${org(p)}searches/`, { name: "Mine", query: "" }],
  },
  {
    action: "change a search of another member",
    least: "manager",
    below: 403,
    run: (p) => ["PUT", `${org(p)}searches/${p.viewId}/`, { name: "Ours" }],
  },
  {
    action: "delete a search of another member",
    least: "manager",
    below: 403,
    run: (p) => ["DELETE", `${org(p)}searches/${p.viewId}/`],
  },
  {
    action: "pin a search",
    least: "member",

    run: (p) => ["PUT", `${org(p)}pinned-searches/`, { query: "is:new" }],
  },
  {
    action: "unpin a search",
    least: "member",

    run: (p) => ["DELETE", `${org(p)}pinned-searches/`],
  },
  {
    action: "read recent searches",
    least: "member",

    run: (p) => ["GET", `${org(p)}recent-searches/`],
  },
  {
    action: "note a search",
    least: "member",

    run: (p) => ["POST", `${org(p)}recent-searches/`, { query: "is:new" }],
  },
  {
    action: "read what searches may ask for",
    least: "member",
    run: (p) => ["GET", `${org(p)}tags/`],
  },
  {
    action: "read values that searches may ask for",
    least: "member",
    run: (p) => ["GET", `${org(p)}tags/is/values/`],
  },
  {
    action: "read an event as Markdown",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues/SHOP-1/events/latest/markdown/`],
  },
  {
    action: "read events as CSV",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues/SHOP-1/events/csv/`],
  },
  {
    action: "look a short id up",
    least: "member",
    run: (p) => ["GET", `${org(p)}shortids/SHOP-1/`],
  },
  {
    action: "look an event id up",
    least: "member",
    run: (p) => ["GET", `${org(p)}eventids/${eventId}/`],
  },
  {
    action: "resolve issues",
    least: "member",
    run: (p) => ["PUT", `${org(p)}issues/?id=1`, { status: "resolved" }],
  },
  {
    action: "give issues to somebody",
    least: "member",
    run: (p) => ["PUT", `${org(p)}issues/?id=1`, { assignedTo: "me" }],
  },
  {
    action: "read what happened to an issue",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues/SHOP-1/activities/`],
  },
  {
    action: "comment on an issue",
    least: "member",
    run: (p) => ["POST", `${org(p)}issues/SHOP-1/notes/`, { text: "Seen before" }],
  },
  {
    action: "change somebody else's comment",
    least: "admin",
    below: 403,
    run: (p) => ["PUT", `${org(p)}issues/SHOP-1/notes/${p.noteId}/`, { text: "Never seen" }],
  },
  {
    action: "delete somebody else's comment",
    least: "admin",
    below: 403,
    run: (p) => ["DELETE", `${org(p)}issues/SHOP-1/notes/${p.noteId}/`],
  },
  {
    action: "read the hashes of an issue",
    least: "member",
    run: (p) => ["GET", `${org(p)}issues/SHOP-1/hashes/`],
  },
  {
    action: "take an issue apart",
    least: "member",
    run: (p) => ["PUT", `${org(p)}issues/SHOP-1/hashes/?id=${ledHash}`],
  },
  {
    action: "read jobs on issues",
    least: "member",
    run: (p) => ["GET", `${org(p)}issue-jobs/`],
  },
  {
    action: "end a job",
    least: "member",
    run: (p) => ["DELETE", `${org(p)}issue-jobs/${p.jobId}/`],
  },
  {
    action: "delete an issue",
    least: "member",
    run: (p) => ["DELETE", `${org(p)}issues/SHOP-1/`],
  },
  {
    action: "delete all issues of a filter",
    least: "member",
    run: (p) => ["DELETE", `${org(p)}issues/?query=level:error`],
  },
  {
    action: "read stats",
    least: "member",
    run: (p) => ["GET", `${org(p)}stats_v2/?field=sum(quantity)&statsPeriod=1d`],
  },
  {
    action: "rename the organization",
    least: "manager",
    below: 403,
    run: (p) => ["PUT", org(p), { name: "New" }],
  },
  {
    action: "set the throttle of the organization",
    least: "manager",
    below: 403,
    run: (p) => ["PUT", org(p), { eventThrottleRate: 10 }],
  },
  {
    action: "delete the organization",
    least: "manager",
    below: 403,
    run: (p) => ["DELETE", org(p)],
  },
  {
    action: "read the audit log",
    least: "manager",
    below: 403,
    run: (p) => ["GET", `${org(p)}audit-logs/`],
  },
  {
    action: "invite a member",
    least: "manager",
    below: 403,
    run: (p) => ["POST", `${org(p)}members/`, { email: "x@example.com" }],
  },
  {
    action: "invite a manager",
    least: "manager",
    below: 403,
    run: (p) => ["POST", `${org(p)}members/`, { email: "x@example.com", orgRole: "manager" }],
  },
  {
    action: "invite an owner",
    least: "owner",
    below: 403,
    run: (p) => ["POST", `${org(p)}members/`, { email: "x@example.com", orgRole: "owner" }],
  },
  {
    action: "change a member's role",
    least: "manager",
    below: 403,
    run: (p) => ["PUT", `${org(p)}members/${p.memberId}/`, { orgRole: "admin" }],
  },
  {
    action: "make a member an owner",
    least: "owner",
    below: 403,
    run: (p) => ["PUT", `${org(p)}members/${p.memberId}/`, { orgRole: "owner" }],
  },
  {
    action: "remove a member",
    least: "manager",
    below: 403,
    run: (p) => ["DELETE", `${org(p)}members/${p.memberId}/`],
  },
  {
    action: "set the primary owner",
    least: "owner",
    below: 403,
    run: (p) => ["POST", `${org(p)}members/${p.memberId}/set_owner/`],
  },
  { action: "leave", least: "member", run: (p) => ["DELETE", `${org(p)}members/${p.ownId}/`] },
  {
    action: "create a team",
    least: "admin",
    below: 404,
    run: (p) => ["POST", `${org(p)}teams/`, { slug: "fresh" }],
  },
  {
    action: "rename a team",
    least: "admin",
    below: 404,
    run: (p) => ["PUT", team(p), { slug: "other" }],
  },
  { action: "delete a team", least: "admin", below: 404, run: (p) => ["DELETE", team(p)] },
  {
    action: "join a team where membership is open",
    least: "member",
    run: (p) => ["POST", `${org(p)}members/me/teams/core/`],
  },
  {
    action: "put somebody into a team one is not in",
    least: "manager",
    below: 403,
    run: (p) => ["POST", `${org(p)}members/${p.memberId}/teams/core/`],
  },
  {
    action: "create a project",
    least: "admin",
    below: 404,
    run: (p) => ["POST", `${team(p)}projects/`, { name: "Fresh" }],
  },
  {
    action: "edit a project",
    least: "admin",
    below: 404,
    run: (p) => ["PUT", project(p), { name: "Other" }],
  },
  {
    action: "set the throttle of a project",
    least: "admin",
    below: 404,
    run: (p) => ["PUT", project(p), { eventThrottleRate: 50 }],
  },
  {
    action: "read a project's inbound filters",
    least: "member",
    run: (p) => ["GET", `${project(p)}filters/`],
  },
  {
    action: "switch an inbound filter",
    least: "admin",
    below: 404,
    run: (p) => ["PUT", `${project(p)}filters/localhost/`, { active: true }],
  },
  {
    action: "read who looks after what",
    least: "member",
    run: (p) => ["GET", `${project(p)}ownership/`],
  },
  {
    action: "convert a file of code owners",
    least: "member",
    run: (p) => ["POST", `${project(p)}ownership/codeowners/`, { raw: "* @core" }],
  },
  {
    action: "say who looks after what",
    least: "admin",
    below: 404,
    run: (p) => ["PUT", `${project(p)}ownership/`, { autoAssignment: false }],
  },
  { action: "delete a project", least: "admin", below: 404, run: (p) => ["DELETE", project(p)] },
  {
    action: "attach a team to a project",
    least: "manager",
    below: 404,
    run: (p) => ["POST", `${project(p)}teams/core/`],
  },
  {
    action: "take a team off a project",
    least: "manager",
    below: 404,
    run: (p) => ["DELETE", `${project(p)}teams/core/`],
  },
  {
    action: "try scrubbing",
    least: "member",
    run: (p) => ["POST", `${project(p)}scrubbing-preview/`, { event: { message: "x" } }],
  },
  {
    action: "try rules of grouping",
    least: "admin",
    below: 404,
    run: (p) => ["POST", `${project(p)}grouping/preview/`, {}],
  },
  {
    action: "group events anew",
    least: "admin",
    below: 404,
    run: (p) => ["POST", `${project(p)}grouping/apply/`, { days: 7 }],
  },
  {
    action: "take back that events were grouped anew",
    least: "admin",
    below: 404,
    run: (p) => ["POST", `${project(p)}grouping/undo/`],
  },
  {
    action: "send a sample event",
    least: "member",
    run: (p) => ["POST", `${project(p)}test-event/`, {}],
    leaves: 2,
  },
  {
    action: "read what was turned away",
    least: "member",
    run: (p) => ["GET", `${project(p)}refusals/`],
  },
  {
    action: "create a key",
    least: "admin",
    below: 404,
    run: (p) => ["POST", `${project(p)}keys/`, {}],
  },
  {
    action: "disable a key",
    least: "admin",
    below: 404,
    run: (p) => ["PUT", `${project(p)}keys/${p.keyId}/`, { isActive: false }],
  },
  {
    action: "delete a key",
    least: "admin",
    below: 404,
    run: (p) => ["DELETE", `${project(p)}keys/${p.keyId}/`],
  },
  {
    action: "create an alert outside one's teams",
    least: "admin",
    below: 404,
    run: (p) => ["POST", `${project(p)}alerts/`, {}],
  },
  {
    action: "edit an alert outside one's teams",
    least: "admin",
    below: 404,
    run: (p) => ["PUT", `${project(p)}alerts/${p.alertId}/`, {}],
  },
  {
    action: "delete an alert",
    least: "admin",
    below: 404,
    run: (p) => ["DELETE", `${project(p)}alerts/${p.alertId}/`],
  },
  {
    action: "hide an environment outside one's teams",
    least: "admin",
    below: 404,
    run: (p) => ["PUT", `${project(p)}environments/production/`, { isHidden: true }],
  },
  {
    action: "list tokens of the organization",
    least: "manager",
    below: 403,
    run: (p) => ["GET", `${org(p)}org-auth-tokens/`],
  },
  {
    action: "create a token of the organization",
    least: "manager",
    below: 403,
    run: (p) => ["POST", `${org(p)}org-auth-tokens/`, { scopes: ["org:read"] }],
  },
  {
    action: "revoke a token of the organization",
    least: "manager",
    below: 403,
    run: (p) => ["DELETE", `${org(p)}org-auth-tokens/${p.tokenId}/`],
  },
];

async function furnish(role: Role) {
  const tenant = await makeTenant(stack);
  const one = async (text: string, values: unknown[]) =>
    String((await stack.sql.query(text, values)).rows[0].id);
  await one("insert into teams (org_id, slug) values ($1, 'core') returning id", [tenant.orgId]);
  const environment = await one(
    "insert into environments (org_id, name) values ($1, 'production') returning id",
    [tenant.orgId],
  );
  await stack.sql.query(
    "insert into environment_projects (environment_id, project_id) values ($1, $2)",
    [environment, tenant.projectId],
  );
  const issue = await one(
    `insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at)
     values ($1, $2, 1, 4, now(), now()) returning id`,
    [tenant.orgId, tenant.projectId],
  );
  await stack.sql.query(
    `insert into issue_details (issue_id, project_id, type, title, culprit, metadata, grouping, search_text)
     values ($1, $2, 'error', 'E', '', '{}', '{}', 'E')`,
    [issue, tenant.projectId],
  );
  await stack.sql.query(
    `insert into events (event_id, project_id, issue_id, received_at, segment_id, segment_offset, segment_length)
     values ($1, $2, $3, now(), $1, 0, 0)`,
    [eventId, tenant.projectId, issue],
  );
  await stack.sql.query(
    `insert into issue_tags (week, project_id, issue_id, key, value, tag, count)
     values (date_trunc('week', now()), $1, $2, 'environment', 'production', $3, 1)`,
    [tenant.projectId, issue, tagOf("environment", "production")],
  );
  await stack.sql.query(
    "insert into issue_hashes (project_id, hash, issue_id) select $1, hash, $2 from unnest($3::text[]) hash",
    [tenant.projectId, issue, [ledHash, "e".repeat(32)]],
  );
  await groupedAnew(stack, tenant);
  const actor = await makeMember(stack, tenant, role);
  const other = await makeMember(stack, tenant, "member");
  const given: Furnished = {
    tenant,
    memberId: other.memberId,
    ownId: actor.memberId,
    keyId: await one("select id from project_keys where project_id = $1", [tenant.projectId]),
    alertId: await one("insert into alert_rules (project_id) values ($1) returning id", [
      tenant.projectId,
    ]),
    viewId: await one(
      `insert into saved_views (org_id, member_id, name, query, sort, project_ids, environments, visibility)
       select org_id, id, 'Ours', '', '', '{}', '{}', 'organization' from organization_members
        where org_id = $1 and user_id = $2 returning id`,
      [tenant.orgId, tenant.userId],
    ),
    jobId: await one(
      `insert into issue_jobs (id, org_id, kind, issue_ids, task, at, total, created_at, leased_until)
       values (gen_random_uuid(), $1, 'delete', '{}', '{}', '{}', 0, now(), now() + interval '1 hour') returning id`,
      [tenant.orgId],
    ),
    noteId: await one(
      `insert into issue_activities (issue_id, kind, user_id, data, created_at)
       values ($1, 'note', $2, '{"text": "First"}', now()) returning id`,
      [issue, tenant.userId],
    ),
    tokenId: await one(
      "insert into api_tokens (token_hash, org_id, scopes) values ($1, $2, '{org:read}') returning id",
      [crypto.randomUUID(), tenant.orgId],
    ),
  };
  return { given, actor };
}

/** What is refused or only reads changes nothing: one furnishing of each role is enough for all of that. */
const untouched = new Map<string, ReturnType<typeof furnish>>();
function furnishOnce(role: Role): ReturnType<typeof furnish> {
  const made = untouched.get(role) ?? furnish(role);
  untouched.set(role, made);
  return made;
}

describe.each(rules)("$action", ({ least, below, run, leaves }) => {
  test.each(roles)("as %s", async (role) => {
    const isAllowed = roles.indexOf(role) >= roles.indexOf(least);
    const [asked] = run((await furnishOnce(role)).given);
    const { given, actor } = await (isAllowed && asked !== "GET"
      ? furnish(role)
      : furnishOnce(role));
    const [method, path, body] = run(given);
    const ask = () => given.tenant.call(method, path, body, actor.token);
    const response = isAllowed ? await ask() : await changingNothing(stack.sql, path, ask);
    const text = await response.text();
    if (isAllowed) expect([response.status < 300, text]).toEqual([true, text]);
    else expect([response.status, text]).toEqual([below, text]);
    if (isAllowed && leaves) await untilDigested(stack, given.tenant, leaves);
  });
});

describe("what the table cannot say", () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await makeTenant(stack);
  });
  const membersOf = () => `/api/0/organizations/${tenant.slug}/members/`;

  test("nobody touches a role above their own: a manager neither demotes nor removes an owner", async () => {
    const manager = await makeMember(stack, tenant, "manager");
    const owner = await makeMember(stack, tenant, "owner");
    const path = `${membersOf()}${owner.memberId}/`;
    const refusal = async (method: string, at: string, body?: object) =>
      (await changingNothing(stack.sql, at, () => tenant.call(method, at, body, manager.token)))
        .status;
    expect(await refusal("PUT", path, { orgRole: "member" })).toBe(403);
    expect(await refusal("DELETE", path)).toBe(403);
    const invitation = { email: "heir@example.com", orgRole: "owner" };
    expect((await tenant.call("POST", membersOf(), invitation)).status).toBe(201);
    const lower = { ...invitation, orgRole: "member" };
    expect(await refusal("POST", membersOf(), lower)).toBe(403);
    expect(await refusal("PUT", `${membersOf()}${manager.memberId}/`, { orgRole: "owner" })).toBe(
      403,
    );
  });

  test("the last owner stays, even when two demote each other at the same moment", async () => {
    for (let round = 0; round < 5; round++) {
      const tenant = await makeTenant(stack);
      await stack.sql.query(
        "update organization_members set is_primary = false where org_id = $1",
        [tenant.orgId],
      );
      const second = await makeMember(stack, tenant, "owner");
      const { rows } = await stack.sql.query(
        "select id from organization_members where org_id = $1 and user_id = $2",
        [tenant.orgId, tenant.userId],
      );
      const path = (id: string) => `/api/0/organizations/${tenant.slug}/members/${id}/`;
      const demote = (id: string, token: string) =>
        tenant.call("PUT", path(id), { orgRole: "member" }, token);
      const answers = await Promise.all([
        demote(rows[0].id, second.token),
        demote(second.memberId, tenant.token),
      ]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([
        200,
        expect.toBeOneOf([403, 422]),
      ]);
      const { rows: owners } = await stack.sql.query(
        "select 1 from organization_members where org_id = $1 and role = 'owner'",
        [tenant.orgId],
      );
      expect(owners).toHaveLength(1);
    }
  });

  test("the primary owner cannot leave; after handing over one can", async () => {
    const heir = await makeMember(stack, tenant, "manager");
    const { rows } = await stack.sql.query(
      "select id from organization_members where org_id = $1 and user_id = $2",
      [tenant.orgId, tenant.userId],
    );
    const own = `${membersOf()}${rows[0].id}/`;
    const leave = () => tenant.call("DELETE", own);
    expect((await changingNothing(stack.sql, own, leave)).status).toBe(400);
    const made = await tenant.call("POST", `${membersOf()}${heir.memberId}/set_owner/`);
    expect(await made.json()).toMatchObject({ role: "owner", isOwner: true });
    expect((await leave()).status).toBe(204);
    await eventually(async () => expect((await tenant.call("GET", membersOf())).status).toBe(404));
    tenant = await makeTenant(stack);
  });

  test("where membership is closed, a member neither joins nor leaves by oneself", async () => {
    const tenant = await makeTenant(stack);
    await stack.sql.query("insert into teams (org_id, slug) values ($1, 'core')", [tenant.orgId]);
    const closed = { openMembership: false };
    await tenant.call("PUT", `/api/0/organizations/${tenant.slug}/`, closed);
    const member = await makeMember(stack, tenant, "member");
    const path = `/api/0/organizations/${tenant.slug}/members/me/teams/core/`;
    const join = () => tenant.call("POST", path, undefined, member.token);
    const response = await changingNothing(stack.sql, path, join);
    expect([response.status, await response.json()]).toEqual([
      403,
      { detail: "Must be admin to modify teams" },
    ]);
  });

  test("a member of one of the project's teams may write its alerts and environments, not delete them", async () => {
    const { given } = await furnish("member");
    const member = await makeMember(stack, given.tenant, "member");
    await stack.sql.query(
      `with joined as (
         insert into team_members (team_id, member_id) select id, $2 from teams where org_id = $1 returning team_id)
       insert into project_teams (project_id, team_id) select $3, team_id from joined`,
      [given.tenant.orgId, member.memberId, given.tenant.projectId],
    );
    const call = async (method: string, path: string, body?: unknown) =>
      (await given.tenant.call(method, project(given) + path, body, member.token)).status;
    expect([
      await call("POST", "alerts/", { name: "Spike" }),
      await call("PUT", `alerts/${given.alertId}/`, { name: "Spike" }),
      await call("PUT", "environments/production/", { isHidden: true }),
      await call("DELETE", `alerts/${given.alertId}/`),
    ]).toEqual([201, 200, 200, 404]);
  });

  test("a team of another organization is never attached, nor a member put into it", async () => {
    const [mine, theirs] = [await furnish("owner"), await furnish("owner")];
    await stack.sql.query("update teams set slug = 'foreign' where org_id = $1", [
      theirs.given.tenant.orgId,
    ]);
    for (const path of [
      `${project(mine.given)}teams/foreign/`,
      `${org(mine.given)}members/${theirs.given.memberId}/teams/core/`,
    ]) {
      const ask = () => mine.given.tenant.call("POST", path);
      expect((await changingNothing(stack.sql, path, ask)).status).toBe(404);
    }
  });

  test("an organization's token acts by its scopes, and cannot be made stronger than its maker", async () => {
    const tenant = await makeTenant(stack);
    const path = `/api/0/organizations/${tenant.slug}/org-auth-tokens/`;
    const manager = await makeMember(stack, tenant, "manager");
    const strong = { scopes: ["org:admin"], name: "CI" };
    const mint = () => tenant.call("POST", path, strong, manager.token);
    expect((await changingNothing(stack.sql, path, mint)).status).toBe(403);
    const made = await tenant.call("POST", path, {
      scopes: ["project:read", "org:read"],
      name: "CI",
    });
    const { token } = (await made.json()) as { token: string };
    const statusOf = async (method: string, address: string, body?: unknown) =>
      (await tenant.call(method, address, body, token)).status;
    expect([
      await statusOf("GET", `/api/0/projects/${tenant.slug}/shop/`),
      await statusOf("DELETE", `/api/0/projects/${tenant.slug}/shop/`),
      await statusOf("GET", "/api/0/users/me/"),
      await statusOf("POST", "/api/0/organizations/", { name: "Mine" }),
    ]).toEqual([200, 403, 403, 403]);
    await tenant.call("POST", path, { scopes: ["org:write"], name: "Weak" });
    const other = await makeTenant(stack);
    const foreign = await other.call(
      "GET",
      `/api/0/organizations/${tenant.slug}/`,
      undefined,
      token,
    );
    expect(foreign.status).toBe(200);
    expect(
      (await other.call("GET", `/api/0/organizations/${other.slug}/`, undefined, token)).status,
    ).toBe(404);
  });
});
