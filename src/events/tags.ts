import { isObject } from "../protocol/json";
import { type Contexts, contextOf } from "./contexts";
import { handledOf } from "./exceptions";
import type { NormalEvent, Tag } from "./normal-event";
import { noteError, type Report } from "./report";
import { cut, inOneLine, textOf } from "./text";
import { identityOf } from "./user";

const tagsMax = 200;
const keyCharsMax = 200;
const valueCharsMax = 200;

/** Map, list of pairs, or list of {key, value} → pairs of clean text; the last value of a key wins. */
export function normalizeTags(value: unknown, report: Report): Map<string, string> {
  const tags = new Map<string, string>();
  if (value === null || value === undefined) return tags;
  const entries: [unknown, unknown][] = Array.isArray(value)
    ? value.flatMap((entry): [unknown, unknown][] => {
        if (Array.isArray(entry)) return [[entry[0], entry[1]]];
        return isObject(entry) ? [[entry.key, entry.value]] : [];
      })
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (!isObject(value) && !Array.isArray(value)) noteError(report, "invalid_data", "tags", value);
  for (const [rawKey, rawValue] of entries) {
    const key = textOf(rawKey, keyCharsMax);
    const text = textOf(rawValue, valueCharsMax * 4);
    if (!key || !text) continue;
    const cleanKey = key.replace(/[^A-Za-z0-9_.:-]/g, "_");
    if (cleanKey !== key) noteError(report, "invalid_attribute", `tags.${cleanKey}`, key);
    if (tags.size >= tagsMax && !tags.has(cleanKey)) {
      noteError(report, "value_too_long", "tags", `more than ${tagsMax}`);
      break;
    }
    tags.set(cleanKey, cut(inOneLine(text), valueCharsMax));
  }
  return tags;
}

/** All tags of an event: the client's, and those that follow from its fields (these win), sorted by key. */
export function tagsOf(event: NormalEvent, clientTags: Map<string, string>): Tag[] {
  const tags = new Map(clientTags);
  const set = (key: string, value: string | undefined) => {
    if (value) tags.set(key, cut(inOneLine(value), valueCharsMax));
  };
  set("level", event.level);
  set("release", event.release);
  set("dist", event.dist);
  set("environment", event.environment);
  set("logger", event.logger);
  set("transaction", event.transaction);
  set("server_name", event.server_name);
  set("url", event.request?.url);
  set("user", identityOf(event.user));
  set("user.id", event.user?.id);
  set("user.email", event.user?.email);
  set("user.username", event.user?.username);
  set("sdk", event.sdk?.name);
  const exceptions = event.exception?.values ?? [];
  const handled = handledOf(exceptions);
  if (handled !== undefined) set("handled", handled ? "yes" : "no");
  set("mechanism", exceptions.findLast(({ mechanism }) => mechanism)?.mechanism?.type);
  for (const context of ["browser", "os", "runtime"] as const)
    nameAndVersion(event.contexts, context, set);
  if (!contextOf(event.contexts, "os")) nameAndVersion(event.contexts, "client_os", set);
  const device = contextOf(event.contexts, "device");
  set("device", stringOf(device?.model) ?? stringOf(device?.family));
  set("device.family", stringOf(device?.family));
  for (const [key, value] of Object.entries(event.csp ?? {})) {
    if (key === "effective-directive" || key === "blocked-uri") set(key, stringOf(value));
  }
  return [...tags].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function nameAndVersion(
  contexts: Contexts,
  context: "browser" | "os" | "runtime" | "client_os",
  set: (key: string, value: string | undefined) => void,
): void {
  const given = contextOf(contexts, context);
  const name = stringOf(given?.name);
  if (!name) return;
  const version = versionOf(stringOf(given?.version), name);
  set(context, version ? `${name} ${version}` : name);
  set(`${context}.name`, name);
}

/**
 * What people filter by: "3.11.4" of "CPython 3.11.4 (main, Jul 25 2023)". The build of a kernel ("#1 SMP PREEMPT") is
 * none.
 */
function versionOf(text: string | undefined, name: string): string | undefined {
  const bare = text?.toLowerCase().startsWith(name.toLowerCase()) ? text.slice(name.length) : text;
  const version = bare?.split(/[([]/, 1)[0]?.trim();
  return version?.startsWith("#") ? undefined : version;
}

const stringOf = (value: unknown) => textOf(value, valueCharsMax);
