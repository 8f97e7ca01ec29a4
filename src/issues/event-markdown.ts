import type { Exception } from "../events/exceptions";
import type { Frame } from "../events/frames";
import type { StoredEvent } from "../events/payload";
import { firstTags } from "../events/tags";
import { toIso } from "../events/time";

/** What a ticket takes, and what somebody reads. */
export const markdownCharsMax = 50_000;
const framesMax = 30;
const crumbsMax = 30;
const tagsMax = 100;
const pairsMax = 40;
const lineCharsMax = 500;
const messageCharsMax = 4000;

/** Where an event is from: what stands in the heading of its text. */
export type Whereabouts = {
  shortId: string;
  permalink: string;
  eventId: string;
  receivedAt: string;
};

/**
 * An event as Markdown, for a ticket or a model. Nothing of it leaves the place where it stands: in a line of text all
 * that Markdown could take for its own is escaped, in a block the fence is longer than any run of backticks inside.
 */
export function eventMarkdown(event: StoredEvent | undefined, at: Whereabouts): string {
  if (!event)
    return `# ${at.shortId}\n\nThe event ${at.eventId} is listed, but its payload is lost.\n`;
  const sections = [
    `# ${inLine(event.title)}\n\n${factsOf(event, at)}`,
    ...messageOf(event),
    ...stackOf(event),
    ...requestOf(event),
    ...crumbsOf(event),
    ...tagsOf(event),
  ];
  return withinBounds(sections);
}

/** Sections that still fit, whole: a fence that was cut would swallow what stands after it. */
function withinBounds(sections: string[]): string {
  const left = "\n\nMore of the event was left out here.\n";
  let text = "";
  for (const section of sections) {
    const next = text === "" ? section : `${text}\n\n${section}`;
    if (next.length > markdownCharsMax - left.length) return text + left;
    text = next;
  }
  return `${text}\n`;
}

function factsOf(
  event: StoredEvent,
  { shortId, permalink, eventId, receivedAt }: Whereabouts,
): string {
  const facts: [name: string, value: string | undefined][] = [
    ["Issue", shortId],
    ["Link", permalink],
    ["Event", eventId],
    ["Time", toIso(event.timestamp)],
    ["Received", receivedAt],
    ["Level", event.level],
    ["Culprit", event.culprit],
    ["Release", event.release],
    ["Environment", event.environment],
    ["Platform", event.platform],
    ["User", event.user?.id ?? event.user?.username],
  ];
  return facts
    .flatMap(([name, value]) => (value ? [`- ${name}: ${inLine(value)}`] : []))
    .join("\n");
}

function messageOf(event: StoredEvent): string[] {
  const text = event.logentry?.formatted;
  return text ? [`## Message\n\n${block(text.slice(0, messageCharsMax))}`] : [];
}

/** The one thrown last first, as people read it. */
function stackOf(event: StoredEvent): string[] {
  const exceptions = event.exception?.values ?? [];
  const crashed = event.threads?.values.find((thread) => thread.crashed && thread.stacktrace);
  const stacks = exceptions.toReversed().map((exception, index) => {
    const name = `${exception.type ?? "Error"}${exception.value ? `: ${exception.value}` : ""}`;
    const heading = index === 0 ? "## Exception" : "## Caused by";
    return `${heading}\n\n${block([oneLine(name, messageCharsMax), ...framesOf(exception)].join("\n"))}`;
  });
  if (stacks.length > 0 || !crashed) return stacks;
  return [`## Thread\n\n${block(framesOf(crashed).join("\n"))}`];
}

/** The frame that failed first; runs of others than one's own are one line. */
function framesOf({ stacktrace }: Pick<Exception, "stacktrace">): string[] {
  const frames = (stacktrace?.frames ?? []).toReversed();
  const hasOwn = frames.some(({ in_app }) => in_app);
  const lines: string[] = [];
  let foreign = 0;
  let shown = 0;
  for (const frame of frames) {
    if (hasOwn && !frame.in_app && shown > 0) {
      foreign++;
      continue;
    }
    if (shown === framesMax) break;
    if (foreign > 0) lines.push(`    … ${foreign} frames of libraries`);
    foreign = 0;
    shown++;
    lines.push(...linesOf(frame));
  }
  const rest = frames.length - lines.length;
  if (foreign > 0) lines.push(`    … ${foreign} frames of libraries`);
  else if (shown === framesMax && rest > 0) lines.push("    … older frames");
  return lines;
}

function linesOf(frame: Frame): string[] {
  const file = frame.filename ?? frame.abs_path ?? frame.module ?? "?";
  const place = [file, frame.lineno, frame.colno].filter((part) => part !== undefined).join(":");
  const line = oneLine(
    `  at ${frame.function ?? "?"} (${place})${frame.in_app ? " [in app]" : ""}`,
  );
  return frame.context_line === undefined
    ? [line]
    : [line, `      > ${oneLine(frame.context_line.trim())}`];
}

function requestOf({ request }: StoredEvent): string[] {
  if (!request) return [];
  const pairs = (name: string, given: [string, string][] | undefined) =>
    (given ?? []).slice(0, pairsMax).map(([key, value]) => oneLine(`${name}${key}: ${value}`));
  const lines = [
    oneLine(`${request.method ?? "GET"} ${request.url ?? ""}`),
    ...pairs("? ", request.query_string),
    ...pairs("", request.headers),
  ];
  return [`## Request\n\n${block(lines.join("\n"))}`];
}

function crumbsOf({ breadcrumbs }: StoredEvent): string[] {
  const crumbs = (breadcrumbs?.values ?? []).slice(-crumbsMax);
  if (crumbs.length === 0) return [];
  const lines = crumbs.map(({ timestamp, category, type, level, message, data }) =>
    oneLine(
      [
        timestamp === undefined ? "-" : toIso(timestamp),
        level,
        category ?? type,
        message ?? (data === undefined ? "" : JSON.stringify(data)),
      ].join(" "),
    ),
  );
  return [`## Breadcrumbs\n\n${block(lines.join("\n"))}`];
}

function tagsOf({ tags }: StoredEvent): string[] {
  if (tags.length === 0) return [];
  const lines = firstTags(tags, tagsMax).map(
    ([key, value]) => `- ${inLine(key)}: ${inLine(value)}`,
  );
  return [`## Tags\n\n${lines.join("\n")}`];
}

// What ends a line, or hides one, is a blank.
const breaks = /[\p{Cc}\u2028\u2029]+/gu;
const oneLine = (text: string, charsMax = lineCharsMax) =>
  text.length > charsMax
    ? `${text.slice(0, charsMax).replace(breaks, " ")}…`
    : text.replace(breaks, " ");

/** Text in a line of Markdown: nothing in it is a link, an image, HTML, a mention or a code span. */
export const inLine = (text: string) =>
  oneLine(text)
    .replace(/[\\`*_{}[\]()#+!|<>~&$]/g, "\\$&")
    .replace(/@/g, "@\u200b")
    .trim();

/** Text in a fence that none of its lines can close. */
function block(text: string): string {
  const clean = text.replace(/[^\P{Cc}\n\t]+/gu, " ").replace(/[\u2028\u2029]/g, " ");
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${clean}\n${fence}`;
}
