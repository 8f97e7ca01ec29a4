import { z } from "@hono/zod-openapi";
import { parseGlob } from "./glob";
import { parseRange } from "./network-range";
import type { Reason } from "./outcomes";

/** Filters that are on or off, in the order in which they are listed; those of browsers are chosen one by one. */
export const filterIds = [
  "browser-extensions",
  "localhost",
  "filtered-transaction",
  "legacy-browsers",
  "web-crawlers",
] as const;

/** Filters that are on or off, and set as options of a project. */
export const optionSwitches = ["chunk-load-error", "react-hydration-errors"] as const;

/** Filters that consist of lines, set as options of a project; with the reason that is counted. */
export const filterLists = {
  blacklisted_ips: "ip-address",
  releases: "release-version",
  error_messages: "error-message",
  error_types: "error-type",
  user_agents: "user-agent",
  countries: "country",
} as const satisfies Record<string, Reason>;
export type FilterList = keyof typeof filterLists;
export const filterListNames = Object.keys(filterLists) as FilterList[];

/** Browsers of `legacy-browsers` by the ids that are current, which `true` stands for. */
export const legacyBrowsers = [
  "ie",
  "edge",
  "safari",
  "firefox",
  "chrome",
  "opera",
  "android",
  "opera_mini",
] as const;
/** Ids of before, with older limits. */
export const formerLegacyBrowsers = [
  "ie_pre_9",
  "ie9",
  "ie10",
  "ie11",
  "safari_pre_6",
  "opera_pre_15",
  "opera_mini_pre_8",
  "android_pre_4",
  "edge_pre_79",
] as const;
export const LegacyBrowser = z.enum([...legacyBrowsers, ...formerLegacyBrowsers]);
export type LegacyBrowser = z.infer<typeof LegacyBrowser>;

/** Of one list: its patterns together are what one event may have to be compared with. */
export const listCharsMax = 4000;
export const linesMax = 200;

const on = z.boolean().optional();
const lines = z.array(z.string()).max(linesMax).optional();

/** What is kept of a project's inbound filters; what is absent is off. */
export const InboundFilters = z.object({
  "browser-extensions": on,
  localhost: on,
  "filtered-transaction": on,
  "legacy-browsers": z.union([z.boolean(), z.array(LegacyBrowser)]).optional(),
  "web-crawlers": on,
  "chunk-load-error": on,
  "react-hydration-errors": on,
  blacklisted_ips: lines,
  releases: lines,
  error_messages: lines,
  error_types: lines,
  user_agents: lines,
  countries: lines,
});
export type InboundFilters = z.infer<typeof InboundFilters>;

/** The lines of an option, without blanks around them; empty ones are none. */
export const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What is wrong with an option, with the number of the line. */
export function faultOfLines(name: FilterList, text: string): string | undefined {
  const all = text.split("\n");
  if (all.length > linesMax) return `has more than ${linesMax} lines`;
  for (const [index, line] of all.entries()) {
    const words = line.trim() === "" ? undefined : faultOfLine(name, line.trim());
    if (words) return `line ${index + 1} ${words}`;
  }
  return undefined;
}

function faultOfLine(name: FilterList, line: string): string | undefined {
  if (name === "blacklisted_ips") {
    return parseRange(line) ? undefined : "is no address and no range like 10.0.0.0/8";
  }
  if (name === "countries") {
    return /^[a-z]{2}$/i.test(line) ? undefined : "is no country code of two letters";
  }
  const glob = parseGlob(line);
  return typeof glob === "string" ? glob : undefined;
}
