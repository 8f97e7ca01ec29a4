import { beforeAll, expect, test } from "vitest";
import { eventually, makeTenant, randomId, type Tenant, useStack } from "../harness";
import {
  type CaseOf,
  envelopeOf,
  filled,
  payloadOf,
  type ReportCase,
  reportCases,
  type Seen,
  searchEvents,
  wrongOf,
} from "./report-cases";

/**
 * Cases made of public bug reports (test/fixtures/reports), through the doors of SDKs, the queue and the database, and out
 * of the API. All of them are sent before anything is waited for.
 */
const stack = useStack();

type Project = { id: string; slug: string; key: string };
type Sent = { status: number; body: string };

let tenant: Tenant;
let main: Project;
let searched: Project;
const projectOf = new Map<ReportCase, Project>();
/** Of the events of a case, in their order. */
const idsOf = new Map<ReportCase, string[]>();
const answerTo = new Map<ReportCase, Sent>();
const searchIds = Object.fromEntries(Object.keys(searchEvents.events).map((k) => [k, randomId()]));
/** Event id → issue id. */
let issueOf: Map<string, string>;

async function newProject(slug: string): Promise<Project> {
  const { rows } = await stack.sql.query(
    `with p as (insert into projects (org_id, name, slug, platform, grouping_version) values ($1, $2, $2, 'other', 'g2') returning id),
          k as (insert into project_keys (project_id) select id from p returning public_key)
     select p.id, replace(k.public_key::text, '-', '') as key from p, k`,
    [tenant.orgId, slug],
  );
  return { id: String(rows[0].id), key: rows[0].key, slug };
}

async function post(project: Project, door: string, init: RequestInit, key = true): Promise<Sent> {
  const query = key ? `?sentry_key=${project.key}&sentry_version=7` : "";
  const response = await fetch(`${stack.url}/api/${project.id}/${door}/${query}`, {
    method: "POST",
    ...init,
  });
  return { status: response.status, body: await response.text() };
}

async function send(project: Project, id: string, body: string): Promise<void> {
  const { status } = await post(project, "envelope", {
    headers: { "content-type": "application/x-sentry-envelope" },
    body: envelopeOf(body, id),
  });
  expect(status).toBe(200);
}

/** Sends what a case consists of, and notes the ids of its events. */
async function sendCase(each: ReportCase): Promise<void> {
  const id = randomId();
  const project =
    each.test === "group" || each.test === "filter" ? await newProject(`case-${each.n}`) : main;
  projectOf.set(each, project);
  idsOf.set(each, [id]);
  switch (each.test) {
    case "group": {
      const ids = [id, randomId()];
      idsOf.set(each, ids);
      // One after the other: what would make one issue of two of a batch could leave two of two batches.
      for (const [index, eventId] of ids.entries()) {
        await send(project, eventId, payloadOf(each.events[index] ?? {}, eventId));
        await untilStored([eventId]);
      }
      return;
    }
    case "event":
      return send(project, id, each.raw ? filled(each.raw, id) : payloadOf(each.payload ?? {}, id));
    case "filter":
      return send(project, id, payloadOf(each.event, id));
    case "http":
      answerTo.set(each, await knock(each, id));
      return;
    case "search":
      idsOf.set(each, []);
  }
}

function knock({ door, query, headers, body, dsnInHeader, payload }: CaseOf<"http">, id: string) {
  const dsn = `http://${main.key}@${new URL(stack.url).host}/${main.id}`;
  const envelope = () =>
    [
      JSON.stringify({ event_id: id, ...(dsnInHeader && { dsn }) }),
      '{"type":"event"}',
      JSON.stringify({ event_id: id, ...payload }),
    ].join("\n");
  const type = door === "store" ? "application/json" : "application/x-sentry-envelope";
  const init = {
    headers: { "content-type": type, ...headers },
    body: body ? filled(body, id) : envelope(),
  };
  return post(main, door, init, query);
}

async function storedIssues(ids: string[]): Promise<Map<string, string>> {
  const { rows } = await stack.sql.query(
    `select replace(e.event_id::text, '-', '') as id, e.issue_id::text as issue
       from events e join projects p on p.id = e.project_id where p.org_id = $1 and e.event_id = any($2::uuid[])`,
    [tenant.orgId, ids],
  );
  return new Map(rows.map(({ id, issue }) => [id, issue]));
}

const untilStored = (ids: string[]) =>
  eventually(async () => {
    const stored = await storedIssues(ids);
    expect(ids.filter((id) => !stored.has(id))).toEqual([]);
    return stored;
  });

beforeAll(async () => {
  tenant = await makeTenant(stack);
  [main, searched] = await Promise.all([newProject("main"), newProject("searched")]);
  const searching = Object.entries(searchEvents.events).map(([key, payload]) =>
    send(searched, searchIds[key] ?? "", payloadOf(payload, searchIds[key] ?? "")),
  );
  await Promise.all([...searching, ...reportCases.map(sendCase)]);
  const sent = reportCases.filter((each) => each.test !== "http");
  issueOf = await untilStored([
    ...sent.flatMap((each) => idsOf.get(each) ?? []),
    ...Object.values(searchIds),
  ]);
  for (const key of searchEvents.resolved) {
    const path = `/api/0/issues/${issueOf.get(searchIds[key] ?? "")}/`;
    expect((await tenant.call("PUT", path, { status: "resolved" })).status).toBe(200);
  }
});

/** What is wrong with a case; nothing where it holds. */
async function wrongWith(each: ReportCase): Promise<string[]> {
  const ids = idsOf.get(each) ?? [];
  const project = projectOf.get(each) ?? main;
  switch (each.test) {
    case "group": {
      const isOne = new Set(ids.map((id) => issueOf.get(id))).size === 1;
      return isOne === (each.expect === "same") ? [] : [isOne ? "one issue" : "two issues"];
    }
    case "event":
      return wrongOf(await seen(project, ids[0] ?? ""), each.checks);
    case "search":
      return wrongSearch(each);
    case "filter": {
      const found = await issuesOf(project, each.params);
      return found.length === each.expect ? [] : [`${found.length} issues`];
    }
    case "http":
      return wrongAnswer(each, ids[0] ?? "");
  }
}

async function seen(project: Project, id: string): Promise<Seen> {
  const event = await tenant.get<Seen["event"]>(
    `/api/0/projects/${tenant.slug}/${project.slug}/events/${id}/`,
  );
  const raw = await tenant.get(
    `/api/0/organizations/${tenant.slug}/issues/${event.groupID}/events/${id}/json/`,
  );
  return { event, raw };
}

async function issuesOf(project: Project, params: string): Promise<unknown[]> {
  const path = `/api/0/projects/${tenant.slug}/${project.slug}/issues/?${params}`;
  const response = await tenant.call("GET", path);
  if (response.status !== 200) return [`status ${response.status}`];
  return ((await response.json()) as { id: string }[]).map(({ id }) => id);
}

async function wrongSearch({ query, expect: expected }: CaseOf<"search">): Promise<string[]> {
  const asked = query.replace(/@(e\d)@/g, (_, key: string) => searchIds[key] ?? "");
  const keyOf = new Map(
    Object.entries(searchIds).map(([key, id]) => [issueOf.get(id) as unknown, key]),
  );
  const found = (await issuesOf(searched, `query=${encodeURIComponent(asked)}`)).map((issue) =>
    String(keyOf.get(issue) ?? issue),
  );
  const isRight = found.toSorted().join() === expected.toSorted().join();
  return isRight ? [] : [`found ${found.toSorted().join() || "nothing"}`];
}

async function wrongAnswer(each: CaseOf<"http">, id: string): Promise<string[]> {
  const answer = answerTo.get(each) ?? { status: 0, body: "" };
  const wanted = ("anyOf" in each.expect ? each.expect.anyOf : [each.expect]).find(
    ({ status, bodyHas = "" }) => status === answer.status && answer.body.includes(bodyHas),
  );
  if (!wanted) return [`${answer.status} ${answer.body.slice(0, 80)}`];
  if (wanted.stored) await untilStored([id]);
  return !wanted.stored || (await storedIssues([id])).has(id) ? [] : ["not stored"];
}

test.each(reportCases.map((each) => [each.n, each.kind, each.name, each] as const))(
  "%i: %s: %s",
  async (_n, _kind, _name, each) => {
    const wrong = await wrongWith(each);
    expect(wrong).toEqual([]);
  },
);
