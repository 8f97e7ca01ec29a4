import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { openControl } from "./control";
import { linesOf, type StackAddress } from "./stack";

/** Everything that let somebody in during the tests of this file. */
const secrets = new Set<string>();
const watched: { stack: StackAddress; from: number }[] = [];

/** Values that open a door: no log line may hold one. */
export function noteSecret(...values: (string | undefined)[]): void {
  for (const value of values) if (value && value.length >= 8) secrets.add(value);
}

/** The next file of this process has secrets of its own. */
export const forgetSecrets = () => secrets.clear();

/** From now on, what a stack prints is looked through. */
export function watchLog(stack: StackAddress): void {
  watched.push({ stack, from: statSync(stack.logFile).size });
}

/** Shapes of credentials, for those that no test has noted. */
const shapes =
  /\bsntry[su]_|\bBearer\s+\w|(?:sessionid|csrftoken|password|secret)\s*[=:]\s*["']?\w|\b[0-9a-f]{64}\b|\beyJ[\w-]{10,}\.eyJ|postgres(?:ql)?:\/\/[^\s:@/]+:[^\s@/]+@/i;

/** The log lines that hold a secret. */
export function leaksIn(lines: string[]): string[] {
  const spellings = [...secrets].flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return lines.filter(
    (line) => shapes.test(line) || spellings.some((spelling) => line.includes(spelling)),
  );
}

/** The lines of every watched stack, complete: a mark shows when all that came before has arrived. */
export async function watchedLines(): Promise<string[]> {
  const lines: string[] = [];
  for (const { stack, from } of watched.splice(0)) {
    await flushLog(stack).catch(() => undefined);
    lines.push(...linesOf(stack.logFile, from));
  }
  return lines;
}

/** Resolves when everything that the worker printed until now is in its log file. */
export async function flushLog(stack: StackAddress): Promise<void> {
  const mark = `mark ${randomUUID()}`;
  const from = statSync(stack.logFile).size;
  await openControl(stack.controlUrl).mark(mark);
  const deadline = performance.now() + 60_000;
  while (!linesOf(stack.logFile, from).includes(mark)) {
    if (performance.now() > deadline) throw new Error("the log does not arrive");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
