import { spawnSync } from "node:child_process";
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
