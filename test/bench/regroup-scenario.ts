import { batchesOf } from "./batches";
import { perEvent, type Row, type Scenario } from "./ingest-scenarios";
import { cpuBetween, cpuOf } from "./machine";
import { get, type Servers, startServers } from "./servers";

const events = 8000;
const batchEvents = 100;

const rules: [what: string, fingerprintingRules: string][] = [
  ["other hashes, the same issues", "level:* -> {{ default }}, again"],
  ["a third of the events moves", "tags.plan:free -> {{ type }}, {{ tags.plan }}"],
  ["none again", ""],
];

/** Events of a project are grouped anew by other rules, one set after another. */
export const regroup: Scenario = {
  name: "regroup",
  title: `${events} stored events grouped anew by other rules: mix corpus, one job`,
  run: async (say) => {
    const servers = await startServers();
    try {
      await store(servers);
      say(`${events} events stored`);
      const rows: Row[] = [];
      for (const [what, fingerprintingRules] of rules) {
        rows.push(await measured(servers, what, fingerprintingRules));
        say(`${what}: ${rows.at(-1)?.["events/s"]} events/s`);
      }
      return rows;
    } finally {
      await servers.dispose();
    }
  },
};

async function store(servers: Servers): Promise<void> {
  const worker = await servers.worker.getWorker();
  const asked = { batches: events / batchEvents, size: batchEvents, isOnG2Alone: true as const };
  for (const batch of await batchesOf(servers, "regroup", asked)) {
    await worker.queue("envelopes", batch as never);
  }
}

async function measured(servers: Servers, what: string, fingerprintingRules: string): Promise<Row> {
  const worker = await servers.worker.getWorker();
  const [project] = await get<{ slug: string; organization: { slug: string } }[]>(
    servers,
    "/api/0/projects/",
  );
  if (!project) throw new Error("there is no project");
  const at = `/api/0/projects/${project.organization.slug}/${project.slug}/`;
  await send(servers, "PUT", at, { fingerprintingRules });
  const before = cpuOf(servers.processes);
  const started = performance.now();
  const { id } = await send(servers, "POST", `${at}grouping/apply/`, { days: 30 });
  const job = `/api/0/organizations/${project.organization.slug}/issue-jobs/${id}/`;
  let state = await get<{ state: string; done: number; error: string | null }>(servers, job);
  while (state.state === "running") {
    await worker.scheduled({ cron: "* * * * *" });
    state = await get(servers, job);
  }
  if (state.state !== "done") throw new Error(`the job ${state.state}: ${state.error}`);
  const seconds = (performance.now() - started) / 1000;
  const cpu = cpuBetween(before, cpuOf(servers.processes));
  return {
    what,
    moved: state.done,
    "events/s": Math.round(events / seconds),
    ...perEvent(cpu, events),
  };
}

async function send(
  servers: Servers,
  method: string,
  path: string,
  body: object,
): Promise<{ id: string }> {
  const response = await fetch(servers.url + path, {
    method,
    headers: { authorization: `Bearer ${servers.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { id: string };
}
