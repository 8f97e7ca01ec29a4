import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Direct children of a process, with their command names. */
export function childrenOf(parent: number): { pid: number; name: string }[] {
  if (existsSync("/proc/self/stat")) {
    return readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((entry) => {
        try {
          const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
          const [, name = "", tail = ""] = /\((.*)\)(.*)/s.exec(stat) ?? [];
          return Number(tail.trim().split(" ")[1]) === parent ? [{ pid: Number(entry), name }] : [];
        } catch {
          return [];
        }
      });
  }
  const listed = spawnSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  return (listed.stdout ?? "").split("\n").flatMap((line) => {
    const [pid, ppid, ...name] = line.trim().split(/\s+/);
    return Number(ppid) === parent ? [{ pid: Number(pid), name: name.join(" ") }] : [];
  });
}

/** Whether a process that was noted earlier still runs: its number alone may be another program's by now. */
export const isRunning = ({ pid, began }: { pid: number; began: string }): boolean =>
  began !== "" && beganOf(pid) === began;

/** When a process began, in the words of the system; undefined when none of that number runs. */
export function beganOf(pid: number): string | undefined {
  if (!(pid > 0)) return undefined;
  if (existsSync("/proc/self/stat")) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // Where nobody collects orphans, an ended process keeps its number as a zombie.
      return state === "Z" ? undefined : rest[18];
    } catch {
      return undefined;
    }
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}
