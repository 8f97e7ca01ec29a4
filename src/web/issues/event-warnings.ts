import { isObject } from "../../protocol/json";
import type { Schema } from "../api/client";
import { plural, t } from "../words";
import { membersOf } from "./members";

type Noted = Pick<Schema<"Event">, "errors" | "_meta" | "dateCreated" | "dateReceived">;

export type Warning = { id: string; text: string; tone: "warn" | "info" };

const reasons = new Map([
  ["invalid_data", () => t("was not as expected and is left out")],
  ["invalid_attribute", () => t("has a name that cannot be kept")],
  ["value_too_long", () => t("was too long and is cut")],
  ["missing_attribute", () => t("is missing")],
  ["past_timestamp", () => t("lies too far back; the time of arrival is shown")],
  ["future_timestamp", () => t("lies in the future; the time of arrival is shown")],
  ["rules_too_slow", () => t("was not compared with all rules of the project: they took too long")],
  ["datetime_from_date_parsing", () => t("is no time that can be read")],
]);
const warningsMax = 20;
const valueChars = 120;
const pathsNamed = 5;
const nodesMax = 5000;

/** What happened to the data between the program and this page, a line each. */
export function warningsOf(event: Noted): Warning[] {
  const warnings: Warning[] = (event.errors ?? []).map((error, index) => ({
    id: `${error.type}-${index}`,
    tone: "warn",
    text: errorWords(error),
  }));
  const { cut, removed } = notesIn(event._meta);
  if (cut.length > 0) {
    warnings.push({
      id: "cut",
      tone: "info",
      text: t("Cut to the size that is kept: {paths}", { paths: named(cut) }),
    });
  }
  if (removed.length > 0) {
    warnings.push({
      id: "removed",
      tone: "info",
      text: t("Removed as secret or personal: {paths}", { paths: named(removed) }),
    });
  }
  if (warnings.length <= warningsMax) return warnings;
  const rest = warnings.length - warningsMax;
  return [
    ...warnings.slice(0, warningsMax),
    { id: "more", tone: "info", text: plural(rest, t("more of these"), t("more of these")) },
  ];
}

function errorWords({ type, name, value }: { type: string; name: string; value: string }): string {
  if (type === "payload_unavailable")
    return t("The body of this event is lost. What was counted of it is still right.");
  if (type === "clock_drift")
    return t("The clock of the sender was off: it said {value}. Times are put right.", {
      value: momentWords(value),
    });
  const reason = reasons.get(type)?.() ?? type.replaceAll("_", " ");
  const given = value && value !== "null" ? ` (${value.slice(0, valueChars)})` : "";
  return `${name} ${reason}${given}`;
}

/** Unix seconds or ISO → a readable time; what is neither stays. */
function momentWords(value: string): string {
  const seconds = /^\d{9,11}(\.\d{1,9})?$/.test(value) ? Number(value) : undefined;
  const date = new Date(seconds === undefined ? value : seconds * 1000);
  return Number.isNaN(+date) ? value.slice(0, valueChars) : `${date.toISOString().slice(0, 19)}Z`;
}

const named = (paths: string[]) =>
  paths.length <= pathsNamed
    ? paths.join(", ")
    : `${paths.slice(0, pathsNamed).join(", ")} ${t("and {rest} more", { rest: paths.length - pathsNamed })}`;

/** Sentry's notes of what was removed (`rem`) and cut (`len`), as dotted paths. */
export function notesIn(meta: unknown): { cut: string[]; removed: string[] } {
  const [cut, removed]: [string[], string[]] = [[], []];
  const open: [string, unknown][] = [["", meta]];
  for (let looked = 0; looked < nodesMax; looked++) {
    const [path, node] = open.pop() ?? ["", undefined];
    if (node === undefined) break;
    for (const [name, below] of Object.entries(isObject(node) ? node : {})) {
      if (name !== "") {
        open.push([path === "" ? name : `${path}.${name}`, below]);
        continue;
      }
      const note = membersOf(below);
      if (Array.isArray(note.get("rem"))) removed.push(shortPath(path));
      else if (typeof note.get("len") === "number") cut.push(shortPath(path));
    }
  }
  const sorted = (paths: string[]) => [...new Set(paths)].toSorted();
  return { cut: sorted(cut), removed: sorted(removed) };
}

/** `exception.values.0.stacktrace.frames.12.vars.token` → `frame 12: vars.token`. */
const shortPath = (path: string) =>
  path
    .replace(
      /^(?:exception|threads)\.values\.\d{1,4}\.(?:raw_)?stacktrace\.frames\.(\d{1,4})\.?/,
      "frame $1: ",
    )
    .replace(/^breadcrumbs\.values\.(\d{1,4})\.?/, "breadcrumb $1: ")
    .slice(0, valueChars);
