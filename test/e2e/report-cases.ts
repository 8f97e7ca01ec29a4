import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lookUp } from "../../src/protocol/dictionary";

/** What test/fixtures/reports/README.md says of a case. */
type Check = {
  path: string;
  absent?: boolean;
  equals?: unknown;
  anyOf?: unknown[];
  not?: unknown;
  contains?: string;
  lacks?: string;
};
export type AnyCheck = Check | { anyOfChecks: Check[] };
type Payload = Record<string, unknown>;
type Answer = { status: number; bodyHas?: string; stored?: boolean };
type Test =
  | { test: "group"; events: [Payload, Payload]; expect: "same" | "different" }
  | { test: "event"; raw?: string; payload?: Payload; checks: AnyCheck[] }
  | { test: "search"; query: string; expect: string[] }
  | { test: "filter"; event: Payload; params: string; expect: number }
  | {
      test: "http";
      door: "store" | "envelope";
      /** Whether the query names the key. */
      query: boolean;
      dsnInHeader?: boolean;
      headers?: Record<string, string>;
      body?: string;
      payload?: Payload;
      expect: Answer | { anyOf: Answer[] };
    };
export type ReportCase = { n: number; kind: string; name: string } & Test;
export type CaseOf<T extends Test["test"]> = Extract<ReportCase, { test: T }>;

const folder = join(import.meta.dirname, "../fixtures/reports");
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));

export const reportCases: ReportCase[] = readdirSync(folder)
  .filter((name) => /^\d+\.json$/.test(name))
  .map(read)
  .toSorted((a, b) => a.n - b.n);

/** What the searches of the cases run on. */
export const searchEvents: { events: Record<string, Payload>; resolved: string[] } =
  read("search-events.json");

const newTag = () => randomBytes(3).toString("hex");

/** A text of a case, of this run. */
export const filled = (text: string, id: string) =>
  text.replaceAll("@ID@", id).replaceAll("@TAG@", newTag());

/** An envelope with one event, whose body is this text to the byte. */
export const envelopeOf = (body: string, id: string) =>
  `{"event_id":"${id}"}\n{"type":"event","length":${Buffer.byteLength(body)}}\n${body}\n`;

/** The same of a payload without an id. */
export const payloadOf = (payload: Payload, id: string) =>
  JSON.stringify({ event_id: id, ...JSON.parse(filled(JSON.stringify(payload), id)) });

/** An event as the API answers it, with its raw JSON. */
export type Seen = { event: Payload; raw: unknown };

/** What of an event is not as it should be; empty where all is. */
export const wrongOf = (seen: Seen, checks: AnyCheck[]): string[] =>
  checks
    .filter((check) => !holds(seen, check))
    .flatMap((check) => ("anyOfChecks" in check ? check.anyOfChecks : [check]))
    .map((check) => `${check.path} is ${JSON.stringify(valueAt(seen, check.path))?.slice(0, 200)}`);

function holds(seen: Seen, check: AnyCheck): boolean {
  if ("anyOfChecks" in check) return check.anyOfChecks.some((each) => holds(seen, each));
  const value = valueAt(seen, check.path);
  if (check.absent) return value === undefined || value === null || value === "";
  if ("equals" in check) {
    if (check.path === "event.errors" && check.equals === null && same(value, [])) return true;
    return same(value, check.equals);
  }
  if (check.anyOf) return check.anyOf.some((each) => same(value, each));
  if ("not" in check) return !same(value, check.not);
  if (check.contains !== undefined) return String(value ?? "").includes(check.contains);
  if (check.lacks !== undefined) return !String(value ?? "").includes(check.lacks);
  throw new Error(`a check of ${check.path} without an operator`);
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function valueAt({ event, raw }: Seen, path: string): unknown {
  const [first = "", ...rest] = path.split(".");
  const entries = event.entries as { type: string; data: unknown }[];
  switch (first) {
    case "text":
      return JSON.stringify(event) + JSON.stringify(raw);
    case "errorNames":
      return ((event.errors ?? []) as { name?: string; data?: { name?: string } }[])
        .map(({ name, data }) => name ?? data?.name ?? "")
        .join(" ");
    case "tag":
      return (event.tags as { key: string; value: string }[]).find(
        ({ key }) => key === rest.join("."),
      )?.value;
    case "entry":
      return dig(entries.find(({ type }) => type === rest[0])?.data, rest.slice(1));
    default:
      return dig(event, rest);
  }
}

const dig = (value: unknown, path: string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? lookUp(inner as Record<string, unknown>, key)
        : undefined,
    value,
  );
