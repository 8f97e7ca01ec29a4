import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleWorker } from "../../scripts/local/bundle";
import { projectRoot } from "../../scripts/local/places";
import { startWorker } from "../simulator/start-worker";
import { accept, digest, endToEnd, flood, type Row, type Scenario } from "./ingest-scenarios";
import { crash, memory, saturated, sideBySide } from "./local-scenarios";
import { machineFacts } from "./machine";
import { plans, reads } from "./read-scenarios";
import { regroup } from "./regroup-scenario";
import { forgetBundle } from "./servers";
import { web } from "./web-scenarios";

/**
 * `npm run bench [-- scenario…] [--force] [--name NAME]` measures; `npm run bench -- compare A.json B.json` prints
 * ratios. Results go to test/bench/results/. Timings of a busy machine mean little: it refuses above a load of 0.7.
 */

const scenarios: Scenario[] = [
  accept,
  digest,
  endToEnd,
  reads,
  regroup,
  flood,
  sideBySide,
  saturated,
  memory,
  crash,
  web,
];
const loadMax = 0.7;
const results = join(import.meta.dirname, "results");

type Result = {
  machine: ReturnType<typeof machineFacts>;
  commit: string;
  scenarios: Record<string, { title: string; rows: Row[] }>;
};

const words = process.argv.slice(2);
const flags = new Set(words.filter((word) => word.startsWith("--")));
const nameAt = words.indexOf("--name");
const name = nameAt >= 0 ? words[nameAt + 1] : undefined;
const chosen = words.filter((word) => !word.startsWith("--") && word !== name);

if (chosen[0] === "compare") compare(chosen[1], chosen[2]);
else await measure();

async function measure(): Promise<void> {
  const unknown = chosen.filter((word) => !scenarios.some((scenario) => scenario.name === word));
  if (unknown.length > 0) {
    console.error(
      `There is no scenario ${unknown.join(", ")}. There are ${scenarios.map((each) => each.name).join(", ")}, bundle always.`,
    );
    process.exit(1);
  }
  const machine = machineFacts();
  if (machine.load > loadMax && !flags.has("--force")) {
    console.error(`The machine is busy (load ${machine.load.toFixed(2)}). Wait, or say --force.`);
    process.exit(1);
  }
  const result: Result = { machine, commit: commitOf(), scenarios: {} };
  result.scenarios.bundle = { title: "The worker itself", rows: [await bundleFacts()] };
  for (const scenario of scenarios) {
    if (chosen.length > 0 && !chosen.includes(scenario.name)) continue;
    const started = performance.now();
    console.log(`\n${scenario.name}: ${scenario.title}`);
    const rows = await scenario.run((text) => console.log(`  ${text}`));
    result.scenarios[scenario.name] = { title: scenario.title, rows };
    console.log(tableOf(rows));
    console.log(`  took ${Math.round((performance.now() - started) / 1000)} s`);
    save(result);
  }
  forgetBundle();
}

async function bundleFacts(): Promise<Row> {
  const folder = join(results, "../../../.brinkwatch/bench-bundle");
  const bundle = await bundleWorker(folder);
  const bytes = readFileSync(bundle);
  const started = performance.now();
  const worker = await startWorker({ bundle, bindings: {} });
  const startMs = Math.round(performance.now() - started);
  await worker.dispose();
  return {
    "bundle kB": Math.round(statSync(bundle).size / 1024),
    "gzip kB": Math.round(gzipSync(bytes).length / 1024),
    "start ms, with workerd": startMs,
  };
}

function commitOf(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], {
      cwd: projectRoot,
      encoding: "utf8",
    }).trim();
  } catch {
    return "unknown";
  }
}

function save(result: Result): void {
  mkdirSync(results, { recursive: true });
  const base = join(results, name ?? result.machine.date.slice(0, 10));
  writeFileSync(`${base}.json`, `${JSON.stringify(result, null, 1)}\n`);
  if (plans.length > 0) writeFileSync(`${base}-plans.txt`, `${plans.join("\n\n")}\n`);
  const { cpu, cores, memoryGb, node, date } = result.machine;
  const parts = Object.entries(result.scenarios).map(
    ([key, { title, rows }]) => `## ${key}\n\n${title}\n\n${tableOf(rows)}\n`,
  );
  writeFileSync(
    `${base}.md`,
    `# Bench of ${result.commit}\n\n${date}, ${cores} × ${cpu}, ${memoryGb} GB, Node ${node}\n\n${parts.join("\n")}`,
  );
}

function tableOf(rows: Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns),
    line(columns.map(() => "---")),
    ...rows.map((row) => line(columns.map((column) => String(row[column] ?? "")))),
  ].join("\n");
}

/** Each number of B as a ratio of A, row by row. */
function compare(fileA: string | undefined, fileB: string | undefined): void {
  if (!fileA || !fileB) {
    console.error("npm run bench -- compare A.json B.json");
    process.exit(1);
  }
  const [a, b] = [fileA, fileB].map((file) => JSON.parse(readFileSync(file, "utf8")) as Result);
  for (const [key, { rows }] of Object.entries(b?.scenarios ?? {})) {
    const old = a?.scenarios[key]?.rows;
    if (!old) continue;
    const ratios = rows.map((row, index) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => {
          const before = old[index]?.[column];
          const comparable = typeof value === "number" && typeof before === "number" && before > 0;
          return [
            column,
            comparable && column !== "connections" ? `×${(value / before).toFixed(2)}` : value,
          ];
        }),
      ),
    );
    console.log(`\n${key}\n${tableOf(ratios)}`);
  }
}
