import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { Fault, notFound } from "../fault";
import { faults, json, openApi, page } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { ProjectPath } from "../projects/schemas";
import { pathPart } from "../protocol/path-part";
import { FilterQuery, names } from "./asked";
import { readTagValuesIn, sampledEventsMax } from "./in-environments";
import { eventsOfPeople, type Person, readPeople } from "./people";
import { readIssueTags } from "./read-issue";
import { IssuePath, issueInPath, OrganizationIssuePath, projectInPath } from "./routes";
import { IssueTagDetail, SuggestedKey, SuggestedValue, TagValue } from "./schemas";
import { toIssueTags, trimMicros } from "./shapes";
import { readTagValues, suggestKeys, suggestValues, type TagValue as Value } from "./suggestions";

const readers = ["event:read", "event:write", "event:admin"] as const;
const KeyPath = z.object({ tag_key: pathPart({ example: "environment" }) });
const prefixCharsMax = 200;
const topValuesMax = 100;
const Narrowed = FilterQuery.pick({ project: true, environment: true });

const valuesAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "get",
    path,
    tags: ["Issues and events"],
    summary: "Values of a tag of an issue, the most frequent first; of `user` its people",
    description: `People are those of the newest ${eventsOfPeople} events, by whatever names them; a text finds who is called so, and whose names have it in them among the first 300.`,
    request: {
      params: params.extend(KeyPath.shape),
      query: PageQuery.extend({
        query: z
          .string()
          .max(prefixCharsMax)
          .default("")
          .openapi({ description: "A text in the value, in any case" }),
        sort: z.enum(["count", "-count", "date", "-date", "age", "-age"]).optional().openapi({
          description:
            "Most frequent first; of people also date (last seen) and age (first seen), the latest first",
        }),
        environment: names.openapi({
          type: "array",
          items: { type: "string", maxLength: 200 },
          maxItems: 1000,
          description: `Of these environments, in the newest ${sampledEventsMax} of their events; all on one page`,
        }),
      }),
    },
    responses: {
      200: page(TagValue, "Counted by the week, up to 100 values in each"),
      ...faults(400, 401, 403, 404, 422),
    },
    ...allow(...readers),
  });

const tagAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "get",
    path,
    tags: ["Issues and events"],
    summary: "A tag of an issue with its most frequent values",
    request: { params: params.extend(KeyPath.shape) },
    responses: {
      200: json(IssueTagDetail, `At most ${topValuesMax} values`),
      ...faults(401, 403, 404),
    },
    ...allow(...readers),
  });

const keys = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/tags/",
  tags: ["Issues and events"],
  summary: "What a search may ask for: fields, then tags by how frequent they are",
  request: { params: OrganizationPath, query: Narrowed },
  responses: {
    200: json(z.array(SuggestedKey), "Of the 200 issues that were seen last, at most 200 tags"),
    ...faults(400, 401, 403, 404, 422),
  },
  ...allow(...readers),
});

const values = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/tags/{tag_key}/values/",
  tags: ["Issues and events"],
  summary: "Values of a field or tag that begin like a text, the most frequent first",
  request: {
    params: OrganizationPath.extend(KeyPath.shape),
    query: Narrowed.extend({ query: z.string().max(prefixCharsMax).default("") }),
  },
  responses: {
    200: json(z.array(SuggestedValue), "Of the 200 issues that were seen last, at most 100"),
    ...faults(400, 401, 403, 404, 422),
  },
  ...allow(...readers),
});

const valuesOfProject = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/tags/{tag_key}/values/",
  tags: ["Issues and events"],
  summary: "Values of a field or tag of a project that begin like a text, the most frequent first",
  request: {
    params: ProjectPath.extend(KeyPath.shape),
    query: z.object({ query: z.string().max(prefixCharsMax).default("") }),
  },
  responses: {
    200: json(z.array(SuggestedValue), "Of the 200 issues that were seen last, at most 100"),
    ...faults(400, 401, 403, 404, 422),
  },
  ...allow(...readers),
});

export const tagRoutes = openApi();

for (const route of [
  tagAt("/api/0/issues/{issue_id}/tags/{tag_key}/", IssuePath),
  tagAt(
    "/api/0/organizations/{organization_slug}/issues/{issue_id}/tags/{tag_key}/",
    OrganizationIssuePath,
  ),
]) {
  tagRoutes.openapi(route, async (c) => {
    const key = c.req.param("tag_key") ?? "";
    const [orgIds, issue] = issueInPath(c);
    const range = { limit: topValuesMax, cursor: undefined };
    const [[tag], values] = await Promise.all([
      readIssueTags(c.var.deps, orgIds, issue, [key]).then(toIssueTags),
      readTagValues(c.var.deps, orgIds, issue, key, "", range),
    ]);
    if (!tag) throw notFound();
    return c.json({ ...tag, topValues: values.rows.map((row) => toTagValue(key, row)) }, 200);
  });
}

tagRoutes.openapi(valuesOfProject, async (c) => {
  const { org, projectId } = await projectInPath(c);
  const { tag_key } = c.req.valid("param");
  const asked = { projectIds: [projectId], environments: [] };
  const { query } = c.req.valid("query");
  const found = await suggestValues(c.var.deps, org, tag_key, query, asked);
  return c.json(
    found.map((each) => ({ key: tag_key, name: each.value, ...each })),
    200,
  );
});

for (const route of [
  valuesAt("/api/0/issues/{issue_id}/tags/{tag_key}/values/", IssuePath),
  valuesAt(
    "/api/0/organizations/{organization_slug}/issues/{issue_id}/tags/{tag_key}/values/",
    OrganizationIssuePath,
  ),
]) {
  tagRoutes.openapi(route, async (c) => {
    const { query: text, environment, sort, ...asked } = c.req.valid("query");
    if (c.req.param("tag_key") === "user") {
      const by = sort ? peopleSorts[sort] : "count";
      const range = rangeOf(asked, { value: by === "count" ? "number" : "time", id: "uuid" });
      const people = { environments: environment, text, sort: by };
      const { page, hits } = await readPeople(c.var.deps, ...issueInPath(c), people, range);
      const edge = ({ row }: Person) => ({ value: row.sortValue, id: row.hash });
      return answerPage(c, page, range, toPersonValue, edge, hits);
    }
    if (sort && !sort.endsWith("count")) {
      throw new Fault("invalid", "Values of a tag come by their number: only people know times");
    }
    const range = rangeOf(asked, { value: "number", id: "uuid" });
    const key = c.req.param("tag_key") ?? "";
    const [orgIds, issue] = issueInPath(c);
    const found =
      environment.length > 0
        ? await valuesIn(c.var.deps, orgIds, issue, key, text, environment)
        : await readTagValues(c.var.deps, orgIds, issue, key, text, range);
    return answerPage(
      c,
      found,
      range,
      (row) => toTagValue(key, row),
      ({ count, hash }) => ({ value: String(count), id: hash }),
    );
  });
}

const peopleSorts = {
  count: "count",
  "-count": "count",
  date: "last",
  "-date": "last",
  age: "first",
  "-age": "first",
} as const;

const toPersonValue = ({ row, user, identity, name }: Person): TagValue => ({
  key: "user",
  name,
  value: identity,
  count: row.count,
  firstSeen: trimMicros(row.firstSeen),
  lastSeen: trimMicros(row.lastSeen),
  query: `user:"${identity.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`,
  id: user?.id ?? null,
  username: user?.username ?? null,
  email: user?.email ?? null,
  ipAddress: user?.ip_address ?? null,
  avatarUrl: null,
});

const toTagValue = (
  key: string,
  { value, count, firstSeen, lastSeen }: Omit<Value, "hash">,
): TagValue => ({
  key,
  name: value,
  value,
  count,
  firstSeen: trimMicros(firstSeen),
  lastSeen: trimMicros(lastSeen),
});

/** Few enough for one page, which nothing follows. */
async function valuesIn(...asked: Parameters<typeof readTagValuesIn>) {
  const rows = await readTagValuesIn(...asked);
  return { rows: rows.map((row) => ({ ...row, hash: "" })), hasMore: false };
}

tagRoutes.openapi(keys, async (c) => {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.valid("param").organization_slug);
  const { project, environment } = c.req.valid("query");
  const found = await suggestKeys(deps, org, askedOf(project, environment));
  return c.json(
    found.map(({ key, isTag, count, values, known }) => ({
      key,
      name: key,
      isTag,
      totalValues: count,
      uniqueValues: values,
      knownValues: [...known],
    })),
    200,
  );
});

tagRoutes.openapi(values, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, tag_key } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  const { project, environment, query } = c.req.valid("query");
  const asked = askedOf(project, environment);
  const found = await suggestValues(deps, org, tag_key, query, asked);
  return c.json(
    found.map((each) => ({ key: tag_key, name: each.value, ...each })),
    200,
  );
});

/** -1 is Sentry's word for all projects. */
const askedOf = (project: number[], environments: string[]) => ({
  projectIds: project.join() === "-1" ? [] : project,
  environments,
});
