import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { allow } from "../access/allow";
import { notFound } from "../fault";
import { body, empty, faults, json, openApi, page } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { pathPart } from "../protocol/path-part";
import { idIn } from "../protocol/row-id";
import { activitiesShown, placeOf, readActivity, readNotes, type Shown } from "./activity";
import {
  CommentWritten,
  IssueActivities,
  IssueActivity,
  IssueComment,
  NoteWritten,
  toActivity,
  toComment,
} from "./activity-shapes";
import { addNote, editNote, type NoteText, removeNote } from "./notes";
import { IssuePath, issueInPath, OrganizationIssuePath } from "./routes";

const readers = ["event:read", "event:write", "event:admin"] as const;
const writers = ["event:write", "event:admin"] as const;
const NotePath = z.object({ note_id: pathPart({ example: "7" }) });
const tags = ["Issues and events"];
const issuePath = "/api/0/issues/{issue_id}/";

const activitiesAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "get",
    path: `${path}activities/` as const,
    tags,
    summary: "What happened to an issue, the newest first",
    request: { params },
    responses: {
      200: json(IssueActivities, `The newest ${activitiesShown}, comments among them`),
      ...faults(401, 403, 404),
    },
    ...allow(...readers),
  });

/** Comments, whose texts and answers each dialect has in a form of its own. */
const notesAt = <P extends string, S extends z.ZodObject, W extends z.ZodType, A extends z.ZodType>(
  path: P,
  params: S,
  written: W,
  answer: A,
) => {
  const one = { params: params.extend(NotePath.shape) };
  return {
    list: createRoute({
      method: "get",
      path,
      tags,
      summary: "Comments on an issue, the newest first",
      request: { params, query: PageQuery },
      responses: { 200: page(answer, "Comments"), ...faults(401, 403, 404, 422) },
      ...allow(...readers),
    }),
    post: createRoute({
      method: "post",
      path,
      tags,
      summary: "Comment on an issue",
      description: "At most 1000 comments of an issue.",
      request: { params, body: body(written) },
      responses: { 201: json(answer, "The comment"), ...faults(400, 401, 403, 404, 422) },
      ...allow(...writers),
    }),
    put: createRoute({
      method: "put",
      path: `${path}{note_id}/` as const,
      tags,
      summary: "Change a comment",
      description: "By its author or an admin of the organization.",
      request: { ...one, body: body(written) },
      responses: { 200: json(answer, "The comment"), ...faults(400, 401, 403, 404, 422) },
      ...allow(...writers),
    }),
    delete: createRoute({
      method: "delete",
      path: `${path}{note_id}/` as const,
      tags,
      summary: "Delete a comment",
      description: "By its author or an admin of the organization.",
      request: one,
      responses: { 204: empty("It is gone"), ...faults(401, 403, 404) },
      ...allow(...writers),
    }),
  };
};

export const activityRoutes = openApi();

const place = (c: Context<AppEnv>) => placeOf(c.var.deps, ...issueInPath(c));

for (const route of [
  activitiesAt(issuePath, IssuePath),
  activitiesAt(
    `/api/0/organizations/{organization_slug}/issues/{issue_id}/`,
    OrganizationIssuePath,
  ),
]) {
  activityRoutes.openapi(route, async (c) => {
    const rows = await readActivity(c.var.deps, await place(c));
    return c.json({ activity: rows.map(toActivity) }, 200);
  });
}

for (const routes of [
  notesAt(`${issuePath}notes/`, IssuePath, NoteWritten, IssueActivity),
  notesAt(
    "/api/0/organizations/{organization_slug}/issues/{issue_id}/notes/",
    OrganizationIssuePath,
    NoteWritten,
    IssueActivity,
  ),
]) {
  activityRoutes.openapi(routes.list, (c) => answerNotes(c, c.req.valid("query"), toActivity));
  activityRoutes.openapi(routes.post, async (c) =>
    c.json(toActivity(await added(c, c.req.valid("json"))), 201),
  );
  activityRoutes.openapi(routes.put, async (c) =>
    c.json(toActivity(await edited(c, c.req.valid("json"))), 200),
  );
  activityRoutes.openapi(routes.delete, removed);
}

const comments = notesAt(`${issuePath}comments/`, IssuePath, CommentWritten, IssueComment);
activityRoutes.openapi(comments.list, (c) => answerNotes(c, c.req.valid("query"), toComment));
activityRoutes.openapi(comments.post, async (c) =>
  c.json(toComment(await added(c, c.req.valid("json").data)), 201),
);
activityRoutes.openapi(comments.put, async (c) =>
  c.json(toComment(await edited(c, c.req.valid("json").data)), 200),
);
activityRoutes.openapi(comments.delete, removed);

async function answerNotes<T>(
  c: Context<AppEnv>,
  query: z.output<typeof PageQuery>,
  toShape: (row: Shown) => T,
) {
  const range = rangeOf(query, { value: "time", id: "number" });
  const found = await readNotes(c.var.deps, await place(c), range);
  return answerPage(c, found, range, toShape, ({ createdAt, id }) => ({ value: createdAt, id }));
}

/** Faults: not_found, for what is no id. */
function noteIn(c: Context<AppEnv>): number {
  const id = idIn(c.req.param("note_id") ?? "");
  if (id === undefined) throw notFound();
  return id;
}

const added = async (c: Context<AppEnv>, note: NoteText) =>
  addNote(c.var.deps, c.var.caller, await place(c), note);

const edited = async (c: Context<AppEnv>, note: NoteText) =>
  editNote(c.var.deps, c.var.caller, await place(c), noteIn(c), note);

async function removed(c: Context<AppEnv>) {
  await removeNote(c.var.deps, c.var.caller, await place(c), noteIn(c));
  return c.body(null, 204);
}
