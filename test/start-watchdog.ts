import { spawn } from "node:child_process";
import { join } from "node:path";

/**
 * Starts a helper that ends the given processes when this one is gone, even if it was killed outright. Returns a
 * function that names one more process.
 */
export function startWatchdog(): (pid: number, signal: NodeJS.Signals) => void {
  const child = spawn(process.execPath, [join(import.meta.dirname, "watchdog.mjs")], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  child.unref();
  child.stdin.on("error", () => undefined);
  (child.stdin as unknown as { unref?(): void }).unref?.();
  return (pid, signal) => {
    child.stdin.write(`${pid} ${signal}\n`);
  };
}
