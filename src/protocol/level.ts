import { lookUp } from "./dictionary";

export const levels = ["sample", "debug", "info", "warning", "error", "fatal"] as const;
export type Level = (typeof levels)[number];

const aliases: Record<string, Level> = {
  debug: "debug",
  info: "info",
  warning: "warning",
  error: "error",
  fatal: "fatal",
  warn: "warning",
  log: "info",
  critical: "fatal",
  crit: "fatal",
  emergency: "fatal",
  alert: "fatal",
  panic: "fatal",
  err: "error",
  severe: "error",
  notice: "info",
  information: "info",
  success: "info",
  trace: "debug",
  verbose: "debug",
  fine: "debug",
  sample: "debug",
};

const pythonLevels: Level[] = ["debug", "info", "warning", "error", "fatal"];

/** The five levels, their many names, and the numbers of Python's logging. Undefined: not a level. */
export function parseLevel(value: unknown): Level | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number") return pythonLevels[Math.round(number / 10) - 1];
  if (typeof value !== "string") return undefined;
  return lookUp(aliases, value.trim().toLowerCase());
}

/** Comparable form for SQL: 0 sample … 5 fatal. */
export const levelNumber = (level: Level) => levels.indexOf(level);
export const levelName = (number: number): Level => levels[number] ?? "error";
