import { createRoute, z } from "@hono/zod-openapi";
import { actorOf, allow } from "../access/allow";
import { orgOf, requireRole } from "../access/reach";
import { body, faults, json, openApi, usualFaults } from "../http/app";
import { findProject } from "../projects/find";
import { readRules } from "../projects/rules";
import { ProjectPath, ProjectSettings } from "../projects/schemas";
import { integer } from "../protocol/lenient";
import { whereOf } from "./job-routes";
import { IssueJob, toJob } from "./merge-shapes";
import { type GroupSeen, previewedMax, previewGrouping } from "./preview-grouping";
import { regroupDaysMax, regroupProject, undoRegroup } from "./regroup";
import type { NamedIssue } from "./regroup-queries";
import { shortIdOf } from "./short-id";

const GroupingTried = z
  .object({
    fingerprintingRules: ProjectSettings.shape.fingerprintingRules,
    groupingEnhancements: ProjectSettings.shape.groupingEnhancements,
    groupingConfig: z.enum(["g1", "g2"]).optional().describe("Version of grouping"),
    events: integer(1, previewedMax)
      .optional()
      .describe(`The newest that are looked at; ${previewedMax} unless said otherwise`),
  })
  .openapi("GroupingTried", { description: "What is left out is as the project has it" });

const IssueOfPreview = z.object({ id: z.string(), shortId: z.string(), title: z.string() });
const RuleOfPreview = z.object({
  line: z.number().int().openapi({ example: 2 }),
  text: z.string().openapi({ example: "type:DbDown -> db" }),
});
const GroupOfPreview = z.object({
  hash: z.string(),
  title: z.string(),
  events: z.number().int(),
  eventId: z.string().describe("The newest event that would be in it"),
  issue: IssueOfPreview.nullable().describe("It would go on as this; null: as a new issue"),
  rule: RuleOfPreview.nullable().describe("The fingerprint rule that decides"),
});

const GroupingPreview = z
  .object({
    groupingConfig: z.enum(["g1", "g2"]),
    events: z.number().int().describe("How many were looked at, the newest"),
    eventsMoved: z.number().int().describe("Of these those that would change their issue"),
    eventsLeft: z
      .number()
      .int()
      .describe("Of these those that stay, since their payload is lost or was trimmed"),
    overruns: z
      .number()
      .int()
      .describe("Of these those for which the rules cost too much: none was followed"),
    issuesNow: z.number().int(),
    issuesThen: z.number().int(),
    splits: z
      .array(
        z.object({
          issue: IssueOfPreview,
          events: z.number().int(),
          into: z.array(GroupOfPreview),
        }),
      )
      .describe("Issues that would become several, at most 100"),
    merges: z
      .array(
        GroupOfPreview.extend({
          from: z.array(z.object({ issue: IssueOfPreview, events: z.number().int() })),
        }),
      )
      .describe("Groups of what is several issues now, at most 100"),
    isCut: z.boolean().describe("Whether there are more than are listed"),
    rules: z.array(
      RuleOfPreview.extend({
        kind: z.enum(["fingerprint", "stack"]),
        events: z.number().int().describe("That it was for"),
      }),
    ),
  })
  .openapi("GroupingPreview");

const preview = createRoute({
  method: "post",
  path: "/api/0/projects/{organization_slug}/{project_slug}/grouping/preview/",
  tags: ["Projects and keys"],
  summary: "Which issues would be split or merged by other rules of grouping. Nothing is stored",
  description: "Tries the newest events of a project; needs an admin, as a change of the rules.",
  request: { params: ProjectPath, body: body(GroupingTried) },
  responses: {
    200: json(GroupingPreview, "What would be otherwise"),
    ...usualFaults(),
    ...faults(400, 422),
  },
  ...allow("project:write", "project:admin"),
});

const path = "/api/0/projects/{organization_slug}/{project_slug}/grouping/";

const apply = createRoute({
  method: "post",
  path: `${path}apply/`,
  tags: ["Projects and keys"],
  summary: "Group the events of the last days by the rules that the project has now",
  description:
    "A job: issues are split and merged as if these rules had been there, but for what people merged. Needs an admin, and a project that was always on g2.",
  request: {
    params: ProjectPath,
    body: body(z.object({ days: integer(1, regroupDaysMax) }).openapi("GroupingApplied")),
  },
  responses: {
    202: json(IssueJob, "How far it is"),
    ...usualFaults(),
    ...faults(400, 409, 422),
  },
  ...allow("project:write", "project:admin"),
});

const undo = createRoute({
  method: "post",
  path: `${path}undo/`,
  tags: ["Projects and keys"],
  summary: "Put the events that were grouped anew last back into their issues",
  description:
    "Within 7 days, unless it was done again. The rules stay as they are. Needs an admin.",
  request: { params: ProjectPath },
  responses: { 202: json(IssueJob, "How far it is"), ...usualFaults(), ...faults(409) },
  ...allow("project:write", "project:admin"),
});

export const groupingRoutes = openApi();

groupingRoutes.openapi(apply, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const row = await findProject(deps, caller, org.id, project_slug);
  const job = await regroupProject(deps, org, actorOf(c), row, c.req.valid("json").days);
  return c.json(toJob(whereOf(c, org.slug))(job), 202);
});

groupingRoutes.openapi(undo, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const row = await findProject(deps, caller, org.id, project_slug);
  const job = await undoRegroup(deps, org, actorOf(c), row);
  return c.json(toJob(whereOf(c, org.slug))(job), 202);
});

groupingRoutes.openapi(preview, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const { project } = await findProject(deps, caller, org.id, project_slug);
  const tried = c.req.valid("json");
  const kept = await readRules(deps, project.id);
  const wanted = {
    fingerprintRules: tried.fingerprintingRules ?? kept.fingerprintRules,
    stackRules: tried.groupingEnhancements ?? kept.stackRules,
    version: tried.groupingConfig ?? project.groupingVersion,
  };
  const found = await previewGrouping(deps, project.id, wanted, tried.events ?? previewedMax);
  const { version, moved, left, splits, merges, ...others } = found;
  return c.json(
    {
      ...others,
      groupingConfig: version,
      eventsMoved: moved,
      eventsLeft: left,
      splits: splits.map(({ issue, events, into }) => ({
        issue: toIssue(issue),
        events,
        into: into.map(toGroup),
      })),
      merges: merges.map(({ from, ...group }) => ({
        ...toGroup(group),
        from: from.map(({ issue, events }) => ({ issue: toIssue(issue), events })),
      })),
    },
    200,
  );
});

const toIssue = ({ id, title, projectSlug, shortNumber }: NamedIssue) => ({
  id,
  shortId: shortIdOf({ slug: projectSlug, number: shortNumber }),
  title,
});

const toGroup = ({ issue, ...group }: GroupSeen) => ({
  ...group,
  issue: issue && toIssue(issue),
});
