import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { Fault } from "../fault";
import { body, faults, json, openApi, usualFaults } from "../http/app";
import { randomEventId } from "../platform/ids";
import { findProject } from "../projects/find";
import { listKeys } from "../projects/keys";
import { ProjectPath } from "../projects/schemas";
import { normalizeKey } from "../protocol/dsn";
import { receive } from "./routes";
import { sampleEvent } from "./sample-event";

const TestEvent = z
  .object({
    platform: z
      .string()
      .max(64)
      .optional()
      .describe("As of a project; that of the project when left out"),
  })
  .openapi("TestEvent");
const TestEventAnswer = z.object({ eventID: z.string() }).openapi("TestEventAnswer");

const send = createRoute({
  method: "post",
  path: "/api/0/projects/{organization_slug}/{project_slug}/test-event/",
  tags: ["Projects and keys"],
  summary: "Send a sample event with the project's first active key, as an SDK would",
  request: { params: ProjectPath, body: body(TestEvent) },
  responses: {
    201: json(TestEventAnswer, "It was accepted and will be an issue in a moment"),
    ...usualFaults(),
    ...faults(400, 409, 422, 503),
  },
  ...allow("event:write", "event:admin", "project:write", "project:admin"),
});

export const testEventRoutes = openApi();

testEventRoutes.openapi(send, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, org.id, project_slug);
  const range = { limit: 1, cursor: undefined };
  const [key] = (await listKeys(deps, project.id, range, true)).rows;
  if (!key) throw new Fault("conflict", "The project has no active key");
  const eventID = randomEventId();
  const platform = c.req.valid("json").platform ?? project.platform ?? "other";
  const event = JSON.stringify(sampleEvent(platform, eventID, deps.now()));
  const request = new Request(`${deps.config.publicUrl}/api/${project.id}/envelope/`, {
    method: "POST",
    headers: {
      "x-sentry-auth": `Sentry sentry_key=${normalizeKey(key.publicKey)}, sentry_client=brinkwatch-sample/1.0`,
    },
    body: `${JSON.stringify({ event_id: eventID })}\n{"type":"event"}\n${event}`,
  });
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const answer = await receive(deps, waitUntil, request, "envelope", project.id);
  if (answer.status === 200) return c.json({ eventID }, 201);
  const why = answer.headers.get("x-sentry-error") ?? "a limit of the project is reached";
  throw new Fault("conflict", `The sample was turned away: ${why}`);
});
