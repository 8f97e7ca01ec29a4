/** What a glance at an event shows. */
export type Glance = {
  frames: { name: string; place: string; line: string | undefined }[];
  crumbs: { at: string | undefined; category: string; text: string }[];
};

const framesMax = 5;
const crumbsMax = 5;
const charsMax = 500;

const membersOf = (value: unknown) =>
  new Map<string, unknown>(
    typeof value === "object" && value !== null ? Object.entries(value) : [],
  );
const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value).slice(0, charsMax) : "";
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** The program's own frames, the failing one first, and the last breadcrumbs of an event, whatever it holds. */
export function glanceAt(entries: readonly { type: string; data: unknown }[]): Glance {
  const of = (type: string) =>
    list(membersOf(entries.find((entry) => entry.type === type)?.data).get("values"));
  const stack = membersOf(membersOf(of("exception").at(-1)).get("stacktrace"));
  const all = list(stack.get("frames")).slice(-200).toReversed().map(membersOf);
  const own = all.filter((frame) => frame.get("inApp") === true);
  return {
    frames: (own.length > 0 ? own : all).slice(0, framesMax).map((frame) => {
      const line = text(frame.get("lineNo"));
      const file = text(frame.get("filename")) || text(frame.get("module"));
      return {
        name: text(frame.get("function")) || "?",
        place: line ? `${file}:${line}` : file,
        line: lineIn(frame.get("context"), frame.get("lineNo")),
      };
    }),
    crumbs: of("breadcrumbs")
      .slice(-crumbsMax)
      .map(membersOf)
      .map((crumb) => ({
        at: text(crumb.get("timestamp")) || undefined,
        category: text(crumb.get("category")) || text(crumb.get("type")),
        text: text(crumb.get("message")) || requestIn(crumb.get("data")),
      })),
  };
}

function lineIn(context: unknown, lineNo: unknown): string | undefined {
  const found = list(context).find((line) => Array.isArray(line) && line[0] === lineNo);
  return Array.isArray(found) ? text(found[1]).trim() || undefined : undefined;
}

function requestIn(data: unknown): string {
  const known = membersOf(data);
  return ["method", "url", "status_code"]
    .map((name) => text(known.get(name)))
    .join(" ")
    .trim();
}
