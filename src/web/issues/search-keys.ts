import { formatShort, t } from "../words";
import { pieceAt, quoted, type SearchPiece } from "./search-terms";

/** What the field of searches offers: a text that takes the place of what is typed. */
export type Suggestion = { text: string; hint: string };

type Key = { key: string; hint: string; values?: readonly string[] };

const levels = ["fatal", "error", "warning", "info", "debug"];
const ages = ["-1h", "-24h", "-7d", "+7d"];

/** What every instance can answer; tags of the organization's events come beside them. */
const keys: Key[] = [
  { key: "is", hint: t("Status"), values: ["unresolved", "resolved", "ignored"] },
  { key: "level", hint: t("Level"), values: levels },
  { key: "firstSeen", hint: t("First seen since or before"), values: ages },
  { key: "lastSeen", hint: t("Last seen since or before"), values: ages },
  { key: "timesSeen", hint: t("Number of events"), values: [">10", ">100", ">1000"] },
  { key: "users", hint: t("Number of people"), values: [">1", ">10", ">100"] },
  { key: "has", hint: t("A tag is there") },
  { key: "project", hint: t("Project") },
  { key: "release", hint: t("Release") },
  { key: "environment", hint: t("Environment") },
  { key: "user.id", hint: t("Person") },
  { key: "user.email", hint: t("Person") },
  { key: "transaction", hint: t("Transaction") },
  { key: "server_name", hint: t("Server") },
  { key: "browser.name", hint: t("Browser") },
  { key: "os.name", hint: t("Operating system") },
  { key: "logger", hint: t("Logger") },
  { key: "message", hint: t("Text of the message") },
  { key: "title", hint: t("Text of the title") },
  { key: "culprit", hint: t("Where it happened") },
  { key: "error.unhandled", hint: t("Not caught by the program"), values: ["true", "false"] },
];

const shownMax = 12;

/** What the API answers for: fields with their few values, and tags of the events with how many have them. */
export type OfferedKey = {
  key: string;
  isTag: boolean;
  totalValues: number | null;
  knownValues: readonly string[];
};

/** Values that are known here, by key: projects, environments and, where asked for, those of tags. */
export type KnownValues = ReadonlyMap<string, readonly { value: string; hint?: string }[]>;

/** The key and what is typed of the value, where somebody types one that nobody here has a list of. */
export function askedValue(
  text: string,
  caret: number,
): { key: string; prefix: string } | undefined {
  const piece = pieceAt(text, caret);
  if (piece?.kind !== "term" || /^[[<>]/.test(piece.value) || piece.value.includes("*")) {
    return undefined;
  }
  const key = tagNameOf(piece.key);
  const isListed = key === "has" || keys.some((one) => one.key === key && one.values);
  return isListed ? undefined : { key, prefix: typedValue(piece.value) };
}

/** `tags[name]` is a tag where a field of ours has the same name. */
const tagNameOf = (key: string) => key.replace(/^tags\[(.*)\]$/, "$1");
const typedValue = (value: string) => value.replace(/^"|"$/g, "");

/**
 * What can stand where somebody types: keys while no colon is there, then values. Tags that the organization's events
 * have are offered like keys of ours.
 */
export function suggest(
  text: string,
  caret: number,
  offered: readonly OfferedKey[],
  known: KnownValues,
): Suggestion[] {
  const piece = pieceAt(text, caret);
  if (piece?.kind === "term") return valuesFor(piece, offered, known);
  const typed = piece?.text ?? "";
  if (typed.startsWith('"')) return [];
  const bang = typed.startsWith("!") ? "!" : "";
  return keysFor(typed.slice(bang.length), offered).map(({ key, hint }) => ({
    text: `${bang}${key}:`,
    hint,
  }));
}

const hintOf = ({ isTag, totalValues }: OfferedKey): string =>
  isTag && totalValues !== null
    ? t("Tag of {n} events", { n: formatShort(totalValues) })
    : isTag
      ? t("Tag")
      : "";

function keysFor(typed: string, offered: readonly OfferedKey[]): Key[] {
  const own = new Set(keys.map(({ key }) => key));
  const all = [
    ...keys,
    ...offered
      .filter(({ key }) => !own.has(key))
      .map((each) => ({ key: each.key, hint: hintOf(each) })),
  ];
  const word = typed.toLowerCase();
  const begins = all.filter(({ key }) => key.toLowerCase().startsWith(word));
  const has = all.filter(
    ({ key, hint }) =>
      word !== "" &&
      !key.toLowerCase().startsWith(word) &&
      `${key} ${hint}`.toLowerCase().includes(word),
  );
  return [...begins, ...has].slice(0, shownMax);
}

function valuesFor(
  { key, value, isNot }: Extract<SearchPiece, { kind: "term" }>,
  offered: readonly OfferedKey[],
  known: KnownValues,
): Suggestion[] {
  // A list that is being written is left alone.
  if (value.startsWith("[")) return [];
  const typed = typedValue(value).toLowerCase();
  const own =
    keys.find((one) => one.key === key)?.values ??
    offered.find((one) => one.key === key)?.knownValues ??
    [];
  const all: readonly { value: string; hint?: string }[] =
    key === "has"
      ? offered
          .filter(({ isTag }) => isTag)
          .map((each) => ({ value: each.key, hint: hintOf(each) }))
      : [...own.map((one) => ({ value: one })), ...(known.get(tagNameOf(key)) ?? [])];
  return all
    .filter((one) => one.value.toLowerCase().includes(typed))
    .slice(0, shownMax)
    .map((one) => ({
      text: `${isNot ? "!" : ""}${key}:${/^[<>+-]/.test(one.value) ? one.value : quoted(one.value)}`,
      hint: one.hint ?? "",
    }));
}
