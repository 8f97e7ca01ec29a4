import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { actorOf, allow } from "../access/allow";
import { orgOf, requireRole } from "../access/reach";
import { body, faults, json, openApi, usualFaults } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { codeownersCharsMax } from "../protocol/codeowners";
import { boolean } from "../protocol/lenient";
import { ownershipCharsMax } from "../protocol/ownership-rules";
import { findProject } from "./find";
import { importCodeowners } from "./import-codeowners";
import { changeOwnership, ownershipOf } from "./ownership";
import { ProjectPath } from "./schemas";

const path = "/api/0/projects/{organization_slug}/{project_slug}/ownership/";
const assigning = ["Auto Assign to Issue Owner", "Turn off Auto-Assignment"] as const;

const Ownership = z
  .object({
    raw: z.string().describe("The rules, one a line; the last one that an event meets decides"),
    autoAssignment: z.enum(assigning).describe("Whether new issues are given to whom a rule names"),
    isActive: z.boolean().describe("There are rules"),
    fallthrough: z
      .boolean()
      .describe("Whether the project's teams are suggested for what no rule names"),
    codeownersAutoSync: z.literal(false),
  })
  .openapi("Ownership");

const OwnershipUpdate = z
  .object({
    raw: z
      .string()
      .max(ownershipCharsMax)
      .optional()
      .describe("`path:src/billing #payments`, `module:`, `url:`, `tags.name:`; people by address"),
    autoAssignment: z
      .union([z.enum(assigning), boolean().transform((isOn) => assigning[isOn ? 0 : 1])])
      .optional(),
    fallthrough: boolean().optional(),
  })
  .openapi("OwnershipUpdate");

const read = createRoute({
  method: "get",
  path,
  tags: ["Projects and keys"],
  summary: "Who looks after what in a project",
  request: { params: ProjectPath },
  responses: { 200: json(Ownership, "The rules"), ...usualFaults() },
  ...allow("project:read", "project:write", "project:admin"),
});

const change = createRoute({
  method: "put",
  path,
  tags: ["Projects and keys"],
  summary: "Say who looks after what; needs an admin. Issues that are new a minute later follow it",
  request: { params: ProjectPath, body: body(OwnershipUpdate) },
  responses: { 202: json(Ownership, "Kept"), ...usualFaults(), ...faults(400, 422) },
  ...allow("project:write", "project:admin"),
});

const textCharsMax = 320;
const namesMax = 500;

const Codeowners = z
  .object({
    raw: z.string().min(1).max(codeownersCharsMax).describe("The file CODEOWNERS"),
    root: z
      .string()
      .max(textCharsMax)
      .regex(/^\P{Cc}*$/u, "takes one line")
      .optional()
      .describe("Where the repository lies in paths of frames: `/app/`; empty: nowhere else"),
    names: z
      .array(
        z.object({
          name: z.string().min(1).max(textCharsMax).openapi({ example: "@ada" }),
          owner: z.string().min(1).max(textCharsMax).openapi({ example: "ada@example.com" }),
        }),
      )
      .max(namesMax)
      .optional()
      .describe("Who names are here, `#team` or an address; others are teams of that slug"),
  })
  .openapi("Codeowners");

const CodeownersConverted = z
  .object({
    raw: z.string().describe("Rules of ownership, to be kept before those that are there"),
    rules: z.number().int(),
    unmapped: z
      .array(z.object({ name: z.string(), lines: z.array(z.number().int()) }))
      .describe("Names that are nobody here, with the first lines that have them"),
    skipped: z
      .array(z.object({ line: z.number().int(), reason: z.string() }))
      .describe("Lines that became no rule"),
  })
  .openapi("CodeownersConverted");

const convert = createRoute({
  method: "post",
  path: `${path}codeowners/`,
  tags: ["Projects and keys"],
  summary: "Rules of ownership as a file CODEOWNERS has them. Nothing is stored",
  request: { params: ProjectPath, body: body(Codeowners) },
  responses: {
    200: json(CodeownersConverted, "The rules, and what means nothing here"),
    ...usualFaults(),
    ...faults(400, 422),
  },
  ...allow("project:read", "project:write", "project:admin"),
});

export const ownershipRoutes = openApi();

ownershipRoutes.openapi(convert, async (c) => {
  const { raw, root = "", names = [] } = c.req.valid("json");
  const { project } = await projectIn(c);
  const { rules, ...report } = await importCodeowners(c.var.deps, project.id, { raw, root, names });
  return c.json({ raw: rules.join("\n"), rules: rules.length, ...report }, 200);
});

ownershipRoutes.openapi(read, async (c) => c.json(await answer(c), 200));

ownershipRoutes.openapi(change, async (c) => {
  const { deps, caller } = c.var;
  requireRole(orgOf(caller, c.req.valid("param").organization_slug), "admin");
  const { raw, autoAssignment, fallthrough } = c.req.valid("json");
  await changeOwnership(deps, actorOf(c), await projectIn(c), {
    ...(raw !== undefined && { rules: raw }),
    ...(autoAssignment !== undefined && { assigns: autoAssignment === assigning[0] }),
    ...(fallthrough !== undefined && { fallsThrough: fallthrough }),
  });
  return c.json(await answer(c), 202);
});

async function projectIn(c: Context<AppEnv>) {
  const { deps, caller } = c.var;
  const { id } = orgOf(caller, c.req.param("organization_slug") ?? "");
  return findProject(deps, caller, id, c.req.param("project_slug") ?? "");
}

async function answer(c: Context<AppEnv>): Promise<z.infer<typeof Ownership>> {
  const { rules, assigns, fallsThrough } = ownershipOf((await projectIn(c)).project.settings);
  return {
    raw: rules,
    autoAssignment: assigning[assigns ? 0 : 1],
    isActive: rules.trim() !== "",
    fallthrough: fallsThrough,
    codeownersAutoSync: false,
  };
}
