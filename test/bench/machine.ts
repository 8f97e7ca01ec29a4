import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { childrenOf } from "../../scripts/local/processes";

/** What /proc tells: CPU time and memory of processes. Linux only. */

const ticksPerSecond = 100;

export type Cpu = Record<"workerd" | "bridges" | "postgres", number>;

/** Seconds of user and system time so far, with those of children that have ended. */
function secondsOf(pid: number): number {
  const stat = readStat(pid);
  if (!stat) return 0;
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = stat.slice(11, 15).map(Number);
  return (utime + stime + cutime + cstime) / ticksPerSecond;
}

/** What /proc/PID/stat says behind the command name. */
function readStat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

export const childrenNamed = (parent: number, name: string): number[] =>
  childrenOf(parent).flatMap((child) => (child.name.startsWith(name) ? [child.pid] : []));

export type Processes = { workerd: number[]; bridges: number; postgres: number };

const allOf = ({ workerd, bridges, postgres }: Processes) => ({
  workerd,
  bridges: [bridges],
  postgres: [postgres, ...childrenNamed(postgres, "postgres")],
});

export function cpuOf(processes: Processes): Cpu {
  const { workerd, bridges, postgres } = allOf(processes);
  const sum = (pids: number[]) => pids.reduce((total, pid) => total + secondsOf(pid), 0);
  return { workerd: sum(workerd), bridges: sum(bridges), postgres: sum(postgres) };
}

export const cpuBetween = (before: Cpu, after: Cpu): Cpu => ({
  workerd: after.workerd - before.workerd,
  bridges: after.bridges - before.bridges,
  postgres: after.postgres - before.postgres,
});

export const cpuSum = (cpu: Cpu) => cpu.workerd + cpu.bridges + cpu.postgres;

/** Megabytes: resident, and proportional (shared pages counted once). */
export function memoryOf(processes: Processes): Record<string, { rss: number; pss: number }> {
  return Object.fromEntries(
    Object.entries(allOf(processes)).map(([name, pids]) => {
      const sums = pids.map((pid) => {
        try {
          const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
          const kilobytes = (field: string) =>
            Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
          return { rss: kilobytes("Rss") / 1024, pss: kilobytes("Pss") / 1024 };
        } catch {
          return { rss: 0, pss: 0 };
        }
      });
      const total = (field: "rss" | "pss") =>
        Math.round(sums.reduce((sum, each) => sum + each[field], 0));
      return [name, { rss: total("rss"), pss: total("pss") }];
    }),
  );
}

export const machineFacts = () => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  load: loadavg()[0] ?? 0,
  date: new Date().toISOString(),
});
