import { dictionaryOf, lookUp } from "./dictionary";

/** What the values of a key are: decides what may be written after its colon. */
export type ValueKind =
  | "word"
  | "level"
  | "count"
  | "moment"
  | "text"
  | "truth"
  | "person"
  | "project"
  | "issue"
  | "event"
  | "presence";

export type SearchKey = {
  name: string;
  aliases?: readonly string[];
  values: ValueKind;
  about: string;
  /** What people may want to write after the colon. */
  known?: readonly string[];
};

const ages = ["-1h", "-24h", "-7d", "-14d", "+7d"];
const truths = ["true", "false"];

/** Keys of searches that are no tags, in the order in which people look for them. One table for the API, the UI and README. */
export const searchKeys = [
  {
    name: "is",
    aliases: ["status"],
    values: "word",
    about: "Status",
    known: [
      "unresolved",
      "resolved",
      "ignored",
      "new",
      "regressed",
      "escalating",
      "ongoing",
      "for_review",
      "assigned",
      "unassigned",
    ],
  },
  {
    name: "assigned",
    aliases: ["assigned_to"],
    values: "word",
    about: "Who works on it: a person or a #team",
    known: ["me", "my_teams", "none"],
  },
  {
    name: "assigned_or_suggested",
    values: "word",
    about: "Who works on it or, while nobody does, is suggested by the rules of ownership",
    known: ["me", "my_teams", "none"],
  },
  { name: "bookmarks", values: "word", about: "Who bookmarked it", known: ["me"] },
  { name: "subscribed", values: "word", about: "Who follows it", known: ["me"] },
  {
    name: "level",
    values: "level",
    about: "Level",
    known: ["fatal", "error", "warning", "info", "debug"],
  },
  {
    name: "issue.priority",
    values: "word",
    about: "How urgent it is",
    known: ["high", "medium", "low"],
  },
  {
    name: "firstSeen",
    aliases: ["first_seen", "age"],
    values: "moment",
    about: "First seen since or before",
    known: ages,
  },
  {
    name: "lastSeen",
    aliases: ["last_seen"],
    values: "moment",
    about: "Last seen since or before",
    known: ages,
  },
  {
    name: "timesSeen",
    aliases: ["times_seen"],
    values: "count",
    about: "Number of events",
    known: [">10", ">100", ">1000"],
  },
  {
    name: "users",
    aliases: ["userCount", "user_count"],
    values: "count",
    about: "Number of people",
    known: [">1", ">10", ">100"],
  },
  { name: "has", values: "presence", about: "A tag or a field is there" },
  { name: "project", aliases: ["project.id"], values: "project", about: "Project" },
  { name: "issue", aliases: ["issue.id"], values: "issue", about: "Issue, by short id" },
  { name: "id", values: "event", about: "Event, by its id" },
  { name: "user", values: "person", about: "Person, by whatever names them" },
  { name: "user.id", values: "person", about: "Person" },
  { name: "user.email", values: "person", about: "Person" },
  { name: "user.username", values: "person", about: "Person" },
  { name: "user.ip", values: "person", about: "Person, by address" },
  { name: "message", values: "text", about: "Text of the message" },
  { name: "title", values: "text", about: "Title of the issue" },
  { name: "culprit", aliases: ["location"], values: "text", about: "Where it happened" },
  { name: "type", aliases: ["event.type"], values: "text", about: "Kind of event" },
  { name: "platform", aliases: ["platform.name"], values: "text", about: "Platform" },
  { name: "error.type", values: "text", about: "Type of an exception" },
  { name: "error.value", values: "text", about: "Text of an exception" },
  {
    name: "error.mechanism",
    aliases: ["mechanism"],
    values: "text",
    about: "How an exception was caught",
  },
  { name: "error.handled", values: "truth", about: "Caught by the program", known: truths },
  { name: "error.unhandled", values: "truth", about: "Not caught by the program", known: truths },
  { name: "stack.function", values: "text", about: "Function of a frame" },
  { name: "stack.filename", values: "text", about: "File of a frame" },
  { name: "stack.abs_path", values: "text", about: "Path of a frame's file" },
  { name: "stack.module", values: "text", about: "Module of a frame" },
  { name: "stack.package", values: "text", about: "Package of a frame" },
  { name: "url", aliases: ["http.url"], values: "text", about: "Address of the request" },
  { name: "http.method", values: "text", about: "Method of the request" },
  { name: "sdk", aliases: ["sdk.name"], values: "text", about: "SDK" },
  { name: "sdk.version", values: "text", about: "Version of the SDK" },
  { name: "os", values: "text", about: "Operating system, with or without its version" },
  { name: "os.version", values: "text", about: "Version of the operating system" },
  { name: "runtime", values: "text", about: "Runtime, with its version" },
  { name: "runtime.name", values: "text", about: "Runtime" },
  { name: "runtime.version", values: "text", about: "Version of the runtime" },
  { name: "trace", values: "text", about: "Trace" },
] as const satisfies readonly SearchKey[];

export type SearchKeyName = (typeof searchKeys)[number]["name"];

/** Tags that follow from fields of an event: to ask for one is never a slip of the pen. */
export const ownTags: ReadonlySet<string> = new Set([
  "release",
  "dist",
  "environment",
  "logger",
  "transaction",
  "server_name",
  "handled",
  "browser",
  "browser.name",
  "os.name",
  "device",
  "device.family",
]);

/** Words of Sentry's searches that no issue or event of ours can be asked for yet. */
export const unansweredKeys: ReadonlySet<string> = new Set([
  "activeSince",
  "issue.category",
  "issue.type",
  "issue.seer_actionability",
  "firstRelease",
  "first-release",
  "first_release",
  "release.version",
  "release.package",
  "release.build",
  "release.stage",
  "error.main_thread",
  "app.in_foreground",
  "stack.lineno",
  "stack.colno",
  "stack.in_app",
  "user.display",
  "project.name",
  "http.referer",
  "http.status_code",
  "trace.span",
  "trace.parent_span",
  "event.timestamp",
  "timestamp",
  "timestamp.to_hour",
  "timestamp.to_day",
  "only",
]);

type Named = { name: SearchKeyName; values: ValueKind };
const named = dictionaryOf<Named>(
  (searchKeys as readonly (SearchKey & Named)[]).flatMap((key) =>
    [key.name, ...(key.aliases ?? [])].map((name) => [name, key] as const),
  ),
);

/** A key by one of its names; undefined: of no field, so it may be a tag. */
export const searchKeyOf = (name: string): Named | undefined => lookUp(named, name);

/** Whether a name before a colon is meant as a key, also when nothing stands behind it. */
export const isWordOfSearches = (name: string): boolean =>
  searchKeyOf(name) !== undefined || ownTags.has(name) || unansweredKeys.has(name);
