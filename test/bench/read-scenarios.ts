import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { uuidv7 } from "../../src/platform/ids";
import { segmentKey } from "../../src/platform/segment";
import type { Row, Scenario } from "./ingest-scenarios";
import { get, type Servers, startServers } from "./servers";

/** 1 000 000 events in 100 000 issues of 20 projects, made by the database itself. */

const issues = 100_000;
const events = 1_000_000;
const projects = 20;
const requests = 200;
const round = (value: number) => Math.round(value * 100) / 100;

const load: [what: string, statement: string][] = [
  [
    "projects",
    `insert into projects (org_id, name, slug, platform)
     select o.id, 'Project ' || n, 'project-' || n, 'node' from organizations o, generate_series(2, ${projects}) n`,
  ],
  [
    "issues",
    `insert into issues (id, org_id, project_id, short_number, status, level, event_count, user_count, first_seen_at, last_seen_at)
     overriding system value
     select n, p.org_id, p.id, n, case n % 10 when 0 then 'resolved' when 1 then 'ignored' else 'unresolved' end,
            (1 + n % 5), greatest(1, (10 * ${issues} / 50.0 / (n + 1000))::int + n % 7), n % 40,
            now() - make_interval(mins => n % 20000 + 10), now() - make_interval(secs => (n * 7919) % 1000000)
       from generate_series(1, ${issues}) n
       join (select id, org_id, row_number() over (order by id) - 1 as place from projects) p on p.place = n % ${projects}`,
  ],
  [
    "details",
    `insert into issue_details (issue_id, project_id, type, title, culprit, metadata, platform, logger, grouping, search_text)
     select i.id, i.project_id, 'error', t.title, 'GET /route' || i.id % 500, jsonb_build_object('type', 'Error' || i.id % 1000, 'value', 'x'),
            'node', null, '{}', t.title || E'\\nGET /route' || i.id % 500
       from issues i cross join lateral (
         select 'Error' || i.id % 1000 || ': could not load ' ||
                (array['cart','order','user','invoice','session','token','page','image'])[1 + i.id % 8] ||
                case when i.id % 5000 = 3 then ' zanzibar' else '' end || ' ' || md5(i.id::text) as title) t`,
  ],
  [
    "hashes",
    "insert into issue_hashes (project_id, hash, issue_id) select project_id, md5(id::text), id from issues",
  ],
  [
    "events",
    `insert into events (received_at, project_id, issue_id, event_id, segment_id, segment_offset, segment_length)
     select i.last_seen_at - make_interval(secs => (n / ${issues}) * 600), i.project_id, i.id, md5('event' || n)::uuid, '{segment}', {offset}, {length}
       from generate_series(0, ${events} - 1) n join issues i on i.id = 1 + n % ${issues}`,
  ],
  [
    "tags",
    `insert into issue_tags (week, project_id, issue_id, key, value, count, tag)
     select date_trunc('week', i.last_seen_at at time zone 'UTC') at time zone 'UTC', i.project_id, i.id, t.key, t.value, 1 + i.id % 9,
            ('x' || substr(md5(t.key), 1, 6) || substr(md5(t.value), 1, 10))::bit(64)::bigint
       from issues i cross join lateral (values
         ('environment', case when i.id % 20 = 0 then 'staging' else 'production' end),
         ('release', 'shop@1.' || i.id % 200), ('level', 'error'), ('browser.name', (array['Firefox','Chrome','Safari','Edge'])[1 + i.id % 4]),
         ('os.name', (array['Linux','Windows','Mac OS X'])[1 + i.id % 3]), ('server_name', 'web-' || i.id % 16),
         ('user', 'id:' || i.id % 5000), ('transaction', 'GET /route' || i.id % 500), ('handled', 'yes'), ('runtime', 'node v22'),
         ('customer', 'c' || i.id % 20000)) t(key, value)`,
  ],
  [
    "hours",
    `insert into issue_hours (hour, issue_id, count)
     select date_trunc('hour', last_seen_at) - make_interval(hours => h), id, 1 + (id + h) % 5
       from issues, generate_series(0, 4) h`,
  ],
];

const pages: [what: string, path: (servers: Context) => string][] = [
  ["issues by last seen", () => "/api/0/organizations/acme/issues/?limit=25"],
  ["issues by last seen, second page", ({ next }) => next],
  [
    "unresolved by last seen",
    () => "/api/0/organizations/acme/issues/?limit=25&query=is:unresolved",
  ],
  ["resolved by last seen", () => "/api/0/organizations/acme/issues/?limit=25&query=is:resolved"],
  ["issues by count", () => "/api/0/organizations/acme/issues/?limit=25&sort=-count"],
  ["issues by first seen", () => "/api/0/organizations/acme/issues/?limit=25&sort=-first_seen"],
  ["issues of one project", () => "/api/0/projects/acme/project-7/issues/?limit=25"],
  [
    "unresolved of one project by count",
    () => "/api/0/projects/acme/project-7/issues/?limit=25&sort=-count&query=is:unresolved",
  ],
  [
    "issues of three projects",
    ({ ids }) =>
      `/api/0/organizations/acme/issues/?limit=25&${ids
        .slice(3, 6)
        .map((id) => `project=${id}`)
        .join("&")}`,
  ],
  ["common tag", () => "/api/0/organizations/acme/issues/?limit=25&query=browser.name:Firefox"],
  ["rare tag", () => "/api/0/organizations/acme/issues/?limit=25&query=customer:c77"],
  ["tag that nobody has", () => "/api/0/organizations/acme/issues/?limit=25&query=customer:nobody"],
  [
    "two tags",
    () => "/api/0/organizations/acme/issues/?limit=25&query=browser.name:Firefox%20os.name:Windows",
  ],
  ["environment", () => "/api/0/organizations/acme/issues/?limit=25&environment=staging"],
  ["common word", () => "/api/0/organizations/acme/issues/?limit=25&query=cart"],
  ["rare word", () => "/api/0/organizations/acme/issues/?limit=25&query=zanzibar"],
  ["word that nobody wrote", () => "/api/0/organizations/acme/issues/?limit=25&query=nonexistent"],
  ["issue detail", ({ issue }) => `/api/0/issues/${issue}/`],
  ["event detail", ({ issue }) => `/api/0/issues/${issue}/events/latest/`],
  ["event by id", ({ event }) => `/api/0/projects/acme/project-7/events/${event}/`],
  ["events of an issue", ({ issue }) => `/api/0/issues/${issue}/events/?limit=10`],
  ["tag facets", ({ issue }) => `/api/0/issues/${issue}/tags/`],
];

/** How PostgreSQL answered each request, for the file beside the results. */
export const plans: string[] = [];

async function keepPlan(servers: Servers, what: string, path: string): Promise<void> {
  const sent = await servers.queriesOf(() => get(servers, path));
  plans.push(`## ${what}`);
  for (const { query, params } of sent) {
    if (/api_tokens/.test(query)) continue;
    const { rows } = await servers.sql.query(
      `explain (analyze, buffers, costs off) ${query}`,
      params,
    );
    plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
  }
}

type Context = { ids: string[]; issue: string; event: string; next: string };

export const reads: Scenario = {
  name: "reads",
  title: "Lists and details at 1 000 000 events, 100 000 issues, 20 projects",
  run: async (say) => {
    const servers = await startServers();
    try {
      await fill(servers, say);
      const context = await contextOf(servers);
      const rows: Row[] = [];
      for (const [what, pathOf] of pages) {
        const path = pathOf(context);
        for (let warm = 0; warm < 10; warm++) await get(servers, path);
        await servers.sql.query("select pg_stat_statements_reset()");
        const times: number[] = [];
        for (let count = 0; count < requests; count++) {
          const started = performance.now();
          await get(servers, path);
          times.push(performance.now() - started);
        }
        times.sort((a, b) => a - b);
        const { rows: statements } = await servers.sql.query<{
          ms: number;
          calls: number;
          worst: number;
        }>(
          `select sum(total_exec_time + total_plan_time) / $1 as ms, sum(calls)::float8 / $1 as calls, max(max_exec_time) as worst
             from pg_stat_statements where query !~ '^(begin|commit|rollback|select pg_stat)' and calls >= $1 / 2`,
          [requests],
        );
        const [sql] = statements;
        await keepPlan(servers, what, path);
        rows.push({
          what,
          "p50 ms": round(times[Math.floor(requests * 0.5)] ?? 0),
          "p99 ms": round(times[Math.floor(requests * 0.99)] ?? 0),
          "SQL ms": round(sql?.ms ?? 0),
          "slowest SQL ms": round(sql?.worst ?? 0),
          statements: round(sql?.calls ?? 0),
        });
        say(`${what}: p50 ${rows.at(-1)?.["p50 ms"]} ms, SQL ${rows.at(-1)?.["SQL ms"]} ms`);
      }
      return rows;
    } finally {
      await servers.dispose();
    }
  },
};

export async function fill(servers: Servers, say: (text: string) => void): Promise<void> {
  const started = performance.now();
  const id = uuidv7(Date.now());
  const payload = gzipSync(
    JSON.stringify({
      event_id: "a".repeat(32),
      timestamp: Date.now() / 1000,
      received: Date.now() / 1000,
      level: "error",
      platform: "node",
      type: "error",
      title: "Error: x",
      culprit: "y",
      metadata: {},
      contexts: {},
      tags: [["level", "error"]],
      errors: [],
      hashes: [],
      exception: {
        values: [
          {
            type: "Error",
            value: "x",
            stacktrace: {
              frames: Array.from({ length: 20 }, (_, n) => ({
                function: `f${n}`,
                filename: `a${n}.js`,
                lineno: n,
                context_line: randomUUID(),
              })),
            },
          },
        ],
      },
    }),
  );
  const bucket = await servers.worker.getR2Bucket("BLOBS");
  await bucket.put(segmentKey(id), new Uint8Array(payload));
  await servers.sql.query(
    "select ensure_partitions(t, now() - interval '5 weeks', 8, case t when 'issue_tags' then 4 else 1 end) from unnest(array['events','issue_tags','issue_hours']) t",
  );
  for (const [what, statement] of load) {
    await servers.sql.query(
      statement
        .replace("{segment}", id)
        .replace("{offset}", "0")
        .replace("{length}", String(payload.length)),
    );
    say(`${what} loaded after ${Math.round((performance.now() - started) / 1000)} s`);
  }
  await servers.sql.query("select setval(pg_get_serial_sequence('issues', 'id'), 1000000)");
  await servers.sql.query("vacuum analyze");
  await servers.sql.query("checkpoint");
  say(`loaded in ${Math.round((performance.now() - started) / 1000)} s`);
}

async function contextOf(servers: Servers): Promise<Context> {
  const { rows } = await servers.sql.query<{ id: string }>("select id from projects order by id");
  const issue = await servers.sql.query<{ id: string; event: string }>(
    `select i.id, (select event_id from events e where e.issue_id = i.id limit 1) as event
       from issues i join projects p on p.id = i.project_id where p.slug = 'project-7' order by i.event_count desc limit 1`,
  );
  const first = await fetch(`${servers.url}/api/0/organizations/acme/issues/?limit=25`, {
    headers: { authorization: `Bearer ${servers.token}` },
  });
  await first.arrayBuffer();
  const [, next = ""] =
    /<https?:\/\/[^/]+([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "") ?? [];
  return {
    ids: rows.map(({ id }) => id),
    issue: issue.rows[0]?.id ?? "",
    event: issue.rows[0]?.event.replaceAll("-", "") ?? "",
    next,
  };
}
