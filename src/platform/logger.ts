export type LogFields = Record<string, string | number | boolean | null | undefined>;

export type Logger = (
  level: "info" | "warn" | "error",
  message: string,
  fields?: LogFields,
) => void;

/**
 * One line of JSON an entry. Never a body, a token or an e-mail address. Of entries that all is well only a share is
 * written, the same for all lines of a request or batch; errors and warnings always are.
 */
export const openLogger =
  (infoShare: number): Logger =>
  (level, message, fields) => {
    if (level === "info" && !isChosen(fields?.requestId ?? fields?.batchId, infoShare)) return;
    const line = JSON.stringify({ level, message, ...fields });
    if (level === "error") console.error(line);
    else if (level === "warn") console.warn(line);
    else console.log(line);
  };

/** By the id alone, so that whoever has one knows what to look for. What has no id is rare and always written. */
function isChosen(id: unknown, share: number): boolean {
  if (share >= 1 || typeof id !== "string") return true;
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % 10_000 < share * 10_000;
}

/**
 * What a log may tell of an error: its name and message, cut. Not what it was about: drivers and parsers quote the
 * statement, the command or the text that they were given, and any of these may hold a secret.
 */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error).slice(0, 300);
  const cause = error.cause instanceof Error ? ` (${withoutQuote(error.cause.message)})` : "";
  return `${error.name}: ${withoutQuote(error.message)}${cause}`.slice(0, 300);
};

/** How drizzle, Upstash, JSON.parse and PostgreSQL begin to quote. */
const quotesFrom = [", command was:", ', "', ': "'];

function withoutQuote(message: string): string {
  if (message.startsWith("Failed query")) return "Failed query";
  const starts = quotesFrom.map((sign) => message.indexOf(sign)).filter((at) => at > 0);
  return starts.length > 0 ? message.slice(0, Math.min(...starts)) : message;
}
