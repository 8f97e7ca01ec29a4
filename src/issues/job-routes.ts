import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { notFound } from "../fault";
import { faults, json, openApi } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { pathPart } from "../protocol/path-part";
import { endJob, jobsShown, listJobs, readJob } from "./jobs";
import { IssueJob, toJob } from "./merge-shapes";

const readers = ["event:read", "event:write", "event:admin"] as const;
const path = "/api/0/organizations/{organization_slug}/issue-jobs/";
const JobPath = OrganizationPath.extend({ job_id: pathPart({ description: "Id of a job" }) });

const list = createRoute({
  method: "get",
  path,
  tags: ["Issues and events"],
  summary: "Work on issues that is done in chunks",
  request: { params: OrganizationPath },
  responses: {
    200: json(z.array(IssueJob), `The newest ${jobsShown}; what ended is known for a week`),
    ...faults(401, 403, 404),
  },
  ...allow(...readers),
});

const one = createRoute({
  method: "get",
  path: `${path}{job_id}/` as const,
  tags: ["Issues and events"],
  summary: "How far a job is",
  request: { params: JobPath },
  responses: { 200: json(IssueJob, "The job"), ...faults(401, 403, 404) },
  ...allow(...readers),
});

const end = createRoute({
  method: "delete",
  path: `${path}{job_id}/` as const,
  tags: ["Issues and events"],
  summary: "End a job between two issues",
  description: "Of a change or deletion of many issues; what is done stays, and can be taken back.",
  request: { params: JobPath },
  responses: { 200: json(IssueJob, "Where it ended"), ...faults(401, 403, 404, 409) },
  ...allow("event:write", "event:admin"),
});

export const jobRoutes = openApi();

jobRoutes.openapi(list, async (c) => {
  const org = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  const jobs = await listJobs(c.var.deps, org.id);
  return c.json(jobs.map(toJob(whereOf(c, org.slug))), 200);
});

jobRoutes.openapi(one, async (c) => {
  const { organization_slug, job_id } = c.req.valid("param");
  const org = orgOf(c.var.caller, organization_slug);
  const job = await readJob(c.var.deps, org.id, jobIdOf(job_id));
  return c.json(toJob(whereOf(c, org.slug))(job), 200);
});

jobRoutes.openapi(end, async (c) => {
  const { organization_slug, job_id } = c.req.valid("param");
  const org = orgOf(c.var.caller, organization_slug);
  const job = await endJob(c.var.deps, org.id, jobIdOf(job_id));
  return c.json(toJob(whereOf(c, org.slug))(job), 200);
});

/** Faults: not_found, for what is no id. */
function jobIdOf(text: string): string {
  if (!z.uuid().safeParse(text).success) throw notFound();
  return text;
}

/** Where the addresses of jobs lie. */
export const whereOf = (c: Context<AppEnv>, orgSlug: string) => ({
  publicUrl: c.var.deps.config.publicUrl,
  orgSlug,
});
