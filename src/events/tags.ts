import { lookUp } from "../protocol/dictionary";
import { offeredTagKeys, ownTagKeys } from "../protocol/own-tags";
import { type Contexts, contextOf } from "./contexts";
import { handledOf } from "./exceptions";
import { isNothing, pairsIn } from "./expected";
import type { NormalEvent, Tag } from "./normal-event";
import { exactly, noteError, type Report } from "./report";
import { cut, inOneLine, textOf } from "./text";
import { identityOf } from "./user";

const tagsMax = 200;
const keyCharsMax = 200;
const valueCharsMax = 200;

/** Map, list of pairs, or list of {key, value} → pairs of clean text; the last value of a key wins. */
export function normalizeTags(value: unknown, report: Report): Map<string, string> {
  const tags = new Map<string, string>();
  if (isNothing(value)) return tags;
  const entries = pairsIn(report, "tags", value);
  const repaired: [key: string, text: string][] = [];
  for (const [rawKey, rawValue] of entries) {
    const key = textOf(rawKey, keyCharsMax);
    const text = textOf(exactly(rawValue, report), valueCharsMax * 4);
    if (!key || !text) continue;
    if (tags.size + repaired.length >= tagsMax && !tags.has(key)) {
      noteError(report, "value_too_long", "tags", `more than ${tagsMax}`);
      break;
    }
    if (isTagKey.test(key)) tags.set(key, cut(inOneLine(text), valueCharsMax));
    else repaired.push([key, text]);
  }
  addRepaired(tags, repaired, report);
  return tags;
}

/** Letters and digits of any script, so that keys of other scripts tell each other apart. */
const isTagKey = /^[\w.:-]{1,200}$/;
const foreign = /[^\p{L}\p{M}\p{N}_.:-]/gu;
/** How many keys may come to the same one. */
const namesakesMax = 100;

/** Keys that come out like another one get a number: none of them takes the other's value away. */
function addRepaired(
  tags: Map<string, string>,
  repaired: [key: string, text: string][],
  report: Report,
): void {
  const nameOf = new Map<string, string>();
  for (const [key, text] of repaired) {
    const clean = key.normalize("NFC").replace(foreign, "_").slice(0, keyCharsMax);
    let name = nameOf.get(key) ?? clean;
    for (let count = 2; !nameOf.has(key) && tags.has(name) && count <= namesakesMax; count++) {
      name = `${clean.slice(0, keyCharsMax - 4)}_${count}`;
    }
    nameOf.set(key, name);
    if (name !== key) noteError(report, "invalid_attribute", `tags.${name}`, key);
    tags.set(name, cut(inOneLine(text), valueCharsMax));
  }
}

/** The first so many tags, ours before those of the sender, so that they are never crowded out. */
export function firstTags(tags: Tag[], countMax: number): Tag[] {
  if (tags.length <= countMax) return tags;
  const [ours, others] = [true, false].map((isOurs) =>
    tags.filter(([key]) => ownTagKeys.has(key) === isOurs),
  );
  return [...(ours ?? []), ...(others ?? [])].slice(0, countMax);
}

/**
 * All tags of an event, sorted by key: the client's, and those that follow from its fields. `given` are the keys that the
 * client chose, which what we only offer does not replace.
 */
export function tagsOf(
  event: NormalEvent,
  clientTags: Map<string, string>,
  given: ReadonlySet<string>,
): Tag[] {
  const tags = new Map(clientTags);
  const set = (key: string, value: string | undefined) => {
    if (!value || (given.has(key) && offeredTagKeys.has(key))) return;
    tags.set(key, cut(inOneLine(value), valueCharsMax));
  };
  set("level", event.level);
  set("release", event.release);
  set("dist", event.dist);
  set("environment", event.environment);
  set("logger", event.logger);
  set("transaction", event.transaction);
  set("server_name", event.server_name);
  set("user", identityOf(event.user));
  set("user.id", event.user?.id);
  set("user.email", event.user?.email);
  set("user.username", event.user?.username);
  set("sdk", event.sdk?.name);
  const exceptions = event.exception?.values ?? [];
  const handled = handledOf(exceptions);
  if (handled !== undefined) set("handled", handled ? "yes" : "no");
  set("mechanism", exceptions.findLast(({ mechanism }) => mechanism)?.mechanism?.type);
  for (const key of ["effective-directive", "blocked-uri"] as const) {
    if (event.csp) set(key, stringOf(lookUp(event.csp, key)));
  }
  set("url", event.request?.url);
  for (const context of ["browser", "os", "runtime"] as const)
    nameAndVersion(event.contexts, context, set);
  if (!contextOf(event.contexts, "os")) nameAndVersion(event.contexts, "client_os", set);
  const device = contextOf(event.contexts, "device");
  set("device", stringOf(device?.model) ?? stringOf(device?.family));
  set("device.family", stringOf(device?.family));
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
