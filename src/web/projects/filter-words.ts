import type { Schema } from "../api/client";
import { t } from "../words";

type Filter = Schema<"InboundFilter">;
type Options = Schema<"ProjectOptions">;
type Words = { label: string; help: string };

/** What each inbound filter drops. */
export const filterWords: Record<Filter["id"], Words> = {
  "browser-extensions": {
    label: t("Errors of browser extensions"),
    help: t("Whose code is an extension's, or whose message is known to come from one."),
  },
  localhost: {
    label: t("Events from localhost"),
    help: t("Pages at localhost, 127.0.0.1 or ::1, where somebody is still writing them."),
  },
  "filtered-transaction": {
    label: t("Health checks"),
    help: t("Requests at addresses such as /healthz, /ready or /ping."),
  },
  "legacy-browsers": {
    label: t("Old browsers"),
    help: t("Those that their makers no longer mend, as chosen here."),
  },
  "web-crawlers": {
    label: t("Crawlers"),
    help: t("Search engines, link previews and other robots, by what they call themselves."),
  },
};

type SwitchName = "filters:chunk-load-error" | "filters:react-hydration-errors";

/** Switches that are options of the project. */
export const optionWords: (Words & { name: SwitchName })[] = [
  {
    name: "filters:chunk-load-error",
    label: t("Chunks that did not load"),
    help: t("ChunkLoadError: mostly a page that was open while a new version came."),
  },
  {
    name: "filters:react-hydration-errors",
    label: t("Hydration errors of React"),
    help: t("Where what the server wrote and what the browser made of it differ."),
  },
];

type ListName = Exclude<keyof Options & string, SwitchName>;

/** Lists of what a project does not want, a line each. */
export const filterLists: (Words & { name: ListName })[] = [
  {
    name: "filters:error_messages",
    label: t("Messages"),
    help: t("Of the message, or of Type: message. *Timeout* or TypeError: Load failed"),
  },
  { name: "filters:error_types", label: t("Types of errors"), help: t("AbortError or *Warning") },
  { name: "filters:releases", label: t("Releases"), help: t("shop@1.* or *-beta") },
  {
    name: "filters:blacklisted_ips",
    label: t("Addresses of people"),
    help: t("203.0.113.7, or a range: 10.0.0.0/8"),
  },
  { name: "filters:user_agents", label: t("User agents"), help: t("*HeadlessChrome*") },
  {
    name: "filters:countries",
    label: t("Countries"),
    help: t("Codes of two letters, where the event says its country: DE"),
  },
];

/** Browsers that one may choose from; each stands for its versions up to the one that is named. */
export const legacyBrowsers: { id: string; label: string }[] = [
  { id: "ie", label: t("Internet Explorer") },
  { id: "edge", label: t("Edge up to 110") },
  { id: "safari", label: t("Safari up to 15") },
  { id: "firefox", label: t("Firefox up to 110") },
  { id: "chrome", label: t("Chrome up to 110") },
  { id: "opera", label: t("Opera up to 99") },
  { id: "android", label: t("Android browser up to 3") },
  { id: "opera_mini", label: t("Opera Mini up to 34") },
];

/** Which of them are chosen; `true` stands for all. Older ids, which clients of before set, are kept as they are. */
export const browsersOf = (active: Filter["active"]): ReadonlySet<string> =>
  new Set(Array.isArray(active) ? active : active ? legacyBrowsers.map(({ id }) => id) : []);
