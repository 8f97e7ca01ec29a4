import { type Glob, matchesGlob, parseGlob, type Steps } from "../protocol/glob";
import {
  type FilterList,
  filterListNames,
  filterLists,
  type InboundFilters,
} from "../protocol/inbound-filters";
import { addressNumber, isInRange, parseRange } from "../protocol/network-range";
import type { Reason } from "../protocol/outcomes";
import type { NormalEvent } from "./normal-event";
import {
  isChunkLoadError,
  isFromExtension,
  isHydrationError,
  isLegacyBrowser,
  isOfHealthCheck,
  isOnLocalhost,
  isWebCrawler,
} from "./unwanted";

/** What the connection says of who sent an event. */
export type Sender = { ip?: string; userAgent?: string; geo?: { country_code?: string } };

/** Why an event is dropped, if it is. An event is read as it was sent, so this comes before scrubbing. */
export type InboundFilter = (
  event: NormalEvent,
  sender: Sender,
  steps: Steps,
) => Reason | undefined;

/** What patterns read of a text. */
const textCharsMax = 2000;

type Rule = [reason: Reason, isUnwanted: (...about: Parameters<InboundFilter>) => boolean];

/** A project's filters as one function, or undefined where all are off. */
export function inboundFilterOf(filters: InboundFilters): InboundFilter | undefined {
  const rules = [
    ...switchesOf(filters),
    ...filterListNames.flatMap((name) => ofList(name, filters)),
  ];
  if (rules.length === 0) return undefined;
  return (event, sender, steps) =>
    rules.find(([, isUnwanted]) => isUnwanted(event, sender, steps))?.[0];
}

function switchesOf(filters: InboundFilters): Rule[] {
  const legacy = filters["legacy-browsers"];
  const all: (Rule | false | undefined)[] = [
    filters["browser-extensions"] && ["browser-extensions", isFromExtension],
    filters.localhost && ["localhost", isOnLocalhost],
    filters["filtered-transaction"] && [
      "filtered-transaction",
      ({ transaction }, _, steps) => isOfHealthCheck(transaction, steps),
    ],
    legacy && ["legacy-browsers", (event) => isLegacyBrowser(event, legacy)],
    filters["web-crawlers"] && [
      "web-crawlers",
      (event, sender) => isWebCrawler(agentOf(event, sender)),
    ],
    filters["chunk-load-error"] && ["chunk-load-error", isChunkLoadError],
    filters["react-hydration-errors"] && ["react-hydration-errors", isHydrationError],
  ];
  return all.filter((rule) => rule !== undefined && rule !== false);
}

function ofList(name: FilterList, filters: InboundFilters): Rule[] {
  const lines = filters[name] ?? [];
  if (lines.length === 0) return [];
  if (name === "blacklisted_ips") {
    const ranges = lines.flatMap((line) => parseRange(line) ?? []);
    return [[filterLists[name], (event, { ip }) => isOfRange(event.user?.ip_address, ip, ranges)]];
  }
  const globs = lines.flatMap((line) => globOf(line));
  const read = textsOf[name];
  return [
    [
      filterLists[name],
      (event, sender, steps) => {
        const texts = read(event, sender).map((text) => text.slice(0, textCharsMax).toLowerCase());
        return texts.some((text) => globs.some((glob) => matchesGlob(glob, text, steps)));
      },
    ],
  ];
}

/** What was kept was looked at before. */
const globOf = (line: string): Glob[] => {
  const glob = parseGlob(line);
  return typeof glob === "string" ? [] : [glob];
};

/** Whoever the event is about, and whoever brought it. */
const isOfRange = (
  person: string | undefined,
  connection: string | undefined,
  ranges: NonNullable<ReturnType<typeof parseRange>>[],
) =>
  [person, connection].some((text) => {
    const address = text === undefined ? undefined : addressNumber(text);
    return address !== undefined && ranges.some((range) => isInRange(range, address));
  });

const textsOf: Record<
  Exclude<FilterList, "blacklisted_ips">,
  (event: NormalEvent, sender: Sender) => string[]
> = {
  releases: ({ release }) => present(release),
  error_messages: ({ exception, logentry }) => {
    const thrown = exception?.values.at(-1);
    const words = [thrown?.type, thrown?.value].filter((text) => text !== undefined && text !== "");
    return [...present(words.join(": ")), ...present(logentry?.formatted)];
  },
  error_types: ({ exception }) => present(exception?.values.at(-1)?.type),
  user_agents: (event, sender) => present(agentOf(event, sender)),
  countries: ({ user }, { geo }) => [
    ...present(user?.geo?.country_code),
    ...present(geo?.country_code),
  ],
};

const present = (text: string | undefined): string[] => (text ? [text] : []);

/** Of the request in which the error happened; the one that brought the event is an SDK's, but for browsers. */
function agentOf({ request }: NormalEvent, { userAgent }: Sender): string | undefined {
  const sent = request?.headers?.find(([name]) => name?.toLowerCase() === "user-agent")?.[1];
  return sent ?? (userAgent?.startsWith("Mozilla/") ? userAgent : undefined);
}
