export type LogFields = Record<string, string | number | boolean | null | undefined>;

export type Logger = (
  level: "info" | "warn" | "error",
  message: string,
  fields?: LogFields,
) => void;

/** One line of JSON an entry. Never a body, a token or an e-mail address. */
export const logger: Logger = (level, message, fields) => {
  const line = JSON.stringify({ level, message, ...fields });
  if (level === "error") console.error(line);
  else if (level === "warn") console.warn(line);
  else console.log(line);
};

/** What a log may tell of an error: its name and message, cut. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error).slice(0, 300);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  const message = error.message.startsWith("Failed query") ? "Failed query" : error.message;
  return `${error.name}: ${message}${cause}`.slice(0, 300);
};
