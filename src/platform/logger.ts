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

/** By the id alone, so that whoever has one knows what to look for. What has no id is rare and always told. */
function isChosen(id: unknown, share: number): boolean {
  if (share >= 1 || typeof id !== "string") return true;
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % 10_000 < share * 10_000;
}

/** What a log may tell of an error: its name and message, cut. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error).slice(0, 300);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  const message = error.message.startsWith("Failed query") ? "Failed query" : error.message;
  return `${error.name}: ${message}${cause}`.slice(0, 300);
};
