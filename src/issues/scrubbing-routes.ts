import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { body, faults, json, openApi, usualFaults } from "../http/app";
import { findProject } from "../projects/find";
import { readRules } from "../projects/rules";
import { ProjectPath } from "../projects/schemas";
import { fieldLists } from "../protocol/field-schemas";
import type { JsonObject } from "../protocol/json";
import { boolean } from "../protocol/lenient";
import { previewScrubbing } from "./preview-scrubbing";

const membersMax = 1000;
const Event = z.record(z.string(), z.unknown());

const ScrubbingTried = z
  .object({
    event: Event.openapi({ maxProperties: membersMax }).describe("As an SDK sends it"),
    sensitiveFields: fieldLists.sensitiveFields.optional(),
    safeFields: fieldLists.safeFields.optional(),
    dataScrubberDefaults: boolean().optional(),
    scrubIPAddresses: boolean().optional(),
  })
  .openapi("ScrubbingTried", { description: "What is left out is as the project has it" });

const ScrubbingPreview = z
  .object({
    event: Event.describe("As it would be kept"),
    removed: z.array(
      z.object({
        path: z.string().openapi({ example: "extra.tenant_no" }),
        rules: z.array(z.string()).openapi({ example: ["@password:filter"] }),
      }),
    ),
  })
  .openapi("ScrubbingPreview");

const preview = createRoute({
  method: "post",
  path: "/api/0/projects/{organization_slug}/{project_slug}/scrubbing-preview/",
  tags: ["Projects and keys"],
  summary: "What would be kept of an event, by the project's settings or others. Nothing is stored",
  request: { params: ProjectPath, body: body(ScrubbingTried) },
  responses: {
    200: json(ScrubbingPreview, "The event, and what was replaced in it"),
    ...usualFaults(),
    ...faults(400, 422),
  },
  ...allow("project:read", "project:write", "project:admin"),
});

export const scrubbingRoutes = openApi();

scrubbingRoutes.openapi(preview, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  const tried = c.req.valid("json");
  const { fields } = await readRules(deps, project.id);
  const settings = {
    sensitiveFields: tried.sensitiveFields ?? fields.sensitiveFields,
    safeFields: tried.safeFields ?? fields.safeFields,
    defaults: tried.dataScrubberDefaults ?? project.scrubDefaults,
    keepIp: !(tried.scrubIPAddresses ?? project.scrubIpAddresses),
  };
  return c.json(previewScrubbing(tried.event as JsonObject, settings, deps.now()), 200);
});
