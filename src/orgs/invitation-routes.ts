import { createRoute } from "@hono/zod-openapi";
import { actorOf, allowPersonToChange } from "../access/allow";
import { personOf } from "../access/reach";
import { roleWithin } from "../access/scopes";
import type { Deps } from "../deps";
import { body, faults, json, openApi } from "../http/app";
import { toOrganization } from "../projects/shapes";
import { answerInvitation, findInvitation, readInvitation } from "./invitations";
import type { InvitationRow } from "./member-queries";
import { InvitationAnswer, InvitationPath, InvitationReply } from "./schemas";
import { toMember } from "./shapes";

const path = "/api/0/accept/{member_id}/{token}/";

const getInvitation = createRoute({
  method: "get",
  path,
  tags: ["Members and teams"],
  summary: "What an invitation is for",
  request: { params: InvitationPath },
  responses: { 200: json(InvitationAnswer, "The invitation"), ...faults(403, 404) },
});

const reply = createRoute({
  method: "post",
  path,
  tags: ["Members and teams"],
  summary: "Accept or decline an invitation as the invited person",
  request: { params: InvitationPath, body: body(InvitationReply) },
  responses: {
    200: json(InvitationAnswer, "The membership"),
    ...faults(400, 401, 403, 404, 409, 422, 429),
  },
  ...allowPersonToChange(),
});

export const invitationRoutes = openApi();

invitationRoutes.openapi(getInvitation, async (c) => {
  const { member_id, token } = c.req.valid("param");
  const found = await findInvitation(c.var.deps, member_id, token);
  return c.json(await toAnswer(c.var.deps, found, false), 200);
});

invitationRoutes.openapi(reply, async (c) => {
  const { deps, caller } = c.var;
  const { member_id, token } = c.req.valid("param");
  const { acceptInvite } = c.req.valid("json");
  const person = personOf(caller);
  const most = roleWithin("owner", caller.scopes);
  const found = await answerInvitation(
    deps,
    { ...person, most },
    actorOf(c),
    member_id,
    token,
    acceptInvite,
  );
  return c.json(await toAnswer(deps, found, acceptInvite), 200);
});

async function toAnswer(deps: Deps, invitation: InvitationRow, isAccepted: boolean) {
  const { org, member } = await readInvitation(deps, invitation, isAccepted);
  return {
    acceptInvite: isAccepted,
    orgUser: { ...toMember(member), organization: toOrganization(org) },
  };
}
