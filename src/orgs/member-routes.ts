import { createRoute } from "@hono/zod-openapi";
import { actorOf, allow } from "../access/allow";
import type { Caller } from "../access/caller";
import { demandRole, demandScope, orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { body, empty, faults, json, openApi, page, usualFaults } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { nameQuery, wordsOf } from "../protocol/name-query";
import { invite } from "./invitations";
import type { MemberRow } from "./member-queries";
import { editMember, findMember, listMembers, removeMember, setOwner } from "./members";
import {
  InvitedMember,
  Member,
  MemberDetail,
  MemberPath,
  MemberUpdate,
  NewMember,
  TeamPath,
} from "./schemas";
import { speakOfOrganizations } from "./shapes";
import { assertTeams, findTeam } from "./teams";

const readers = ["member:read", "member:write", "member:admin"] as const;
const writers = ["member:write", "member:admin"] as const;
const listPath = "/api/0/organizations/{organization_slug}/members/";
const path = "/api/0/organizations/{organization_slug}/members/{member_id}/";

const ListQuery = PageQuery.extend({
  query: nameQuery("Words that must all occur in name or address"),
});

const listAll = createRoute({
  method: "get",
  path: listPath,
  tags: ["Members and teams"],
  summary: "Members and pending invitations",
  request: { params: OrganizationPath, query: ListQuery },
  responses: { 200: page(Member, "Oldest first"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...readers),
});

const listOfTeam = createRoute({
  method: "get",
  path: "/api/0/teams/{organization_slug}/{team_slug}/members/",
  tags: ["Members and teams"],
  summary: "Members of a team",
  request: { params: TeamPath, query: ListQuery },
  responses: { 200: page(Member, "Oldest first"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...readers),
});

const inviteMember = createRoute({
  method: "post",
  path: listPath,
  tags: ["Members and teams"],
  summary: "Invite an address; needs a manager. Without mail, pass the link on by hand",
  request: { params: OrganizationPath, body: body(NewMember) },
  responses: {
    201: json(InvitedMember, "The pending member, with the link"),
    ...usualFaults(),
    ...faults(400, 409, 422),
  },
  ...allow(...writers),
});

const getMember = createRoute({
  method: "get",
  path,
  tags: ["Members and teams"],
  summary: "One member with teams",
  request: { params: MemberPath },
  responses: { 200: json(MemberDetail, "The member"), ...usualFaults() },
  ...allow(...readers),
});

const updateMember = createRoute({
  method: "put",
  path,
  tags: ["Members and teams"],
  summary: "Change role and teams of a member; needs a manager, for owners an owner",
  request: { params: MemberPath, body: body(MemberUpdate) },
  responses: {
    200: json(MemberDetail, "The member as it is now"),
    ...usualFaults(),
    ...faults(400, 422),
  },
  ...allow(...writers),
});

const deleteMember = createRoute({
  method: "delete",
  path,
  tags: ["Members and teams"],
  summary: "Remove a member or withdraw an invitation; everybody may remove themselves",
  request: { params: MemberPath },
  responses: { 204: empty("Gone"), ...usualFaults(), ...faults(400) },
  ...allow("member:admin"),
});

const makeOwner = createRoute({
  method: "post",
  path: `${path}set_owner/`,
  tags: ["Members and teams"],
  summary: "Make a member the primary owner; needs an owner",
  request: { params: MemberPath },
  responses: { 200: json(MemberDetail, "The new primary owner"), ...usualFaults(), ...faults(400) },
  ...allow("member:admin"),
});

export const memberRoutes = openApi();

const edgeOf = (row: MemberRow) => ({ value: String(row.id), id: String(row.id) });
const edgeForm = { value: "number", id: "number" } as const;

memberRoutes.openapi(listAll, async (c) => {
  const { deps, caller } = c.var;
  const query = c.req.valid("query");
  const range = rangeOf(query, edgeForm);
  const { id } = orgOf(caller, c.req.valid("param").organization_slug);
  const found = await listMembers(deps, id, range, wordsOf(query.query));
  return answerPage(c, found, range, speakOfOrganizations(c.var).member, edgeOf);
});

memberRoutes.openapi(listOfTeam, async (c) => {
  const { deps, caller } = c.var;
  const query = c.req.valid("query");
  const range = rangeOf(query, edgeForm);
  const { organization_slug, team_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const team = await findTeam(deps, id, team_slug, null);
  const found = await listMembers(deps, id, range, wordsOf(query.query), Number(team.id));
  return answerPage(c, found, range, speakOfOrganizations(c.var).member, edgeOf);
});

memberRoutes.openapi(inviteMember, async (c) => {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.valid("param").organization_slug);
  demandRole(org, "manager");
  const wanted = c.req.valid("json");
  assertMayPutIntoTeams(caller, wanted.teams);
  await assertTeams(deps, org.id, wanted.teams);
  const { memberId, link } = await invite(
    deps,
    (work) => c.executionCtx.waitUntil(work),
    org,
    actorOf(c),
    wanted,
  );
  const row = await findMember(deps, org.id, String(memberId));
  return c.json({ ...speakOfOrganizations(c.var).memberDetail(row), inviteLink: link }, 201);
});

memberRoutes.openapi(getMember, async (c) => {
  const { organization_slug, member_id } = c.req.valid("param");
  const { id } = orgOf(c.var.caller, organization_slug);
  return c.json(
    speakOfOrganizations(c.var).memberDetail(await findMember(c.var.deps, id, member_id)),
    200,
  );
});

memberRoutes.openapi(updateMember, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, member_id } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  demandRole(org, "manager");
  const wanted = c.req.valid("json");
  assertMayPutIntoTeams(caller, wanted.teams);
  await assertTeams(deps, org.id, wanted.teams);
  const member = await findMember(deps, org.id, member_id);
  await editMember(deps, org, actorOf(c), member, wanted);
  return c.json(
    speakOfOrganizations(c.var).memberDetail(await findMember(deps, org.id, member_id)),
    200,
  );
});

memberRoutes.openapi(deleteMember, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, member_id } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  const member = await findMember(deps, org.id, member_id);
  await removeMember(deps, org, actorOf(c), member);
  return c.body(null, 204);
});

memberRoutes.openapi(makeOwner, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, member_id } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  const member = await findMember(deps, org.id, member_id);
  await setOwner(deps, org, actorOf(c), member);
  return c.json(
    speakOfOrganizations(c.var).memberDetail(await findMember(deps, org.id, member_id)),
    200,
  );
});

/** What the door of a team asks for is asked for here too. Faults: forbidden. */
function assertMayPutIntoTeams(caller: Caller, teams: string[] = []): void {
  if (teams.length > 0) demandScope(caller, "team:write", "team:admin");
}
