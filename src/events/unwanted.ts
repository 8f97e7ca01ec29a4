import { type Glob, matchesGlob, parseGlob, type Steps } from "../protocol/glob";
import { type LegacyBrowser, legacyBrowsers } from "../protocol/inbound-filters";
import { contextOf } from "./contexts";
import type { NormalEvent } from "./normal-event";

/** What add-ons of browsers and pages of networks are known to throw. */
const extensionMessages =
  /Extension context invalidated|top\.GLOBALS|originalCreateNotification|canvas\.contentDocument|MyApp_RemoveAllHighlights|variable: ZiteReader|jigsaw is not defined|ComboSearch is not defined|atomicFindClose|fb_xd_fragment|bmi_SafeAddOnload|EBCallBackMessageReceived|conduitPage|__gCrWeb|_AutofillCallbackHandler/;
const extensionSource =
  /^(?:chrome|moz|safari|safari-web|ms-browser)-extension:|^webkit-masked-url:/i;

/** Thrown by an add-on: where the program only runs below one, the error is the program's own. */
export function isFromExtension({ exception }: NormalEvent): boolean {
  const thrown = exception?.values.at(-1);
  if (!thrown) return false;
  const frame = thrown.stacktrace?.frames.at(-1);
  const source = frame?.abs_path ?? frame?.filename ?? "";
  return extensionSource.test(source) || extensionMessages.test(thrown.value ?? "");
}

const ownAddress = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)$/;
const ownHost = /^(?:localhost|[\w.-]{1,200}\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** Of a page on the developer's own machine, or of a visitor from there. */
export const isOnLocalhost = ({ request, user }: NormalEvent): boolean =>
  ownAddress.test(user?.ip_address ?? "") || ownHost.test(hostOf(request?.url));

/** No complete address has no host. */
const hostOf = (url: string | undefined): string =>
  url && URL.canParse(url) ? new URL(url).hostname : "";

/** Transactions by which orchestrators ask whether a program lives, in the words of Sentry's documentation. */
const healthChecks: Glob[] = [
  "{*healthcheck*,*heartbeat*}",
  "*{/health,/healthy,/healthz,/_health,/\\[_health\\]}",
  "*{/live,/livez,/ready,/readyz,/ping}",
].map((text) => {
  const glob = parseGlob(text);
  if (typeof glob === "string") throw new Error(glob);
  return glob;
});

export const isOfHealthCheck = (transaction: string | undefined, steps: Steps): boolean =>
  transaction !== undefined &&
  healthChecks.some((glob) => matchesGlob(glob, transaction.toLowerCase(), steps));

const crawlers =
  /bot(?![a-z])|spider|crawl(?:er|ing)|slurp|sogou|facebookexternalhit|facebookcatalog|meta-external|ia_archiver|slack-imgproxy|mediapartners-google|google-(?:inspectiontool|extended|read-aloud|site-verification|adwords)|pingdom|lytics|aws security scanner|hubspot|bytedance|headlesschrome|phantomjs|lighthouse/;
/** Cubot makes phones, and Slackbot asks for what people share. */
const noCrawlers = /\bcubot\b|\bslackbot(?:-linkexpanding)?\b/g;

export const isWebCrawler = (agent: string | undefined): boolean =>
  agent !== undefined && crawlers.test(agent.toLowerCase().replace(noCrawlers, ""));

type Versions = { names: string[]; from: number; to: number };
const upTo = (to: number, ...names: string[]): Versions => ({ names, from: 0, to });
const ie = ["IE", "IE Mobile"];
const safari = ["Safari", "Mobile Safari"];
const opera = ["Opera", "Opera Mobile"];

/** By the names of uap-core. */
const legacyVersions: Record<LegacyBrowser, Versions> = {
  ie: upTo(11, ...ie),
  edge: upTo(110, "Edge", "Edge Mobile"),
  safari: upTo(15, ...safari),
  firefox: upTo(110, "Firefox", "Firefox Mobile"),
  chrome: upTo(110, "Chrome", "Chrome Mobile"),
  opera: upTo(99, ...opera),
  android: upTo(3, "Android"),
  opera_mini: upTo(34, "Opera Mini"),
  ie_pre_9: upTo(8, ...ie),
  ie9: { names: ie, from: 9, to: 9 },
  ie10: { names: ie, from: 10, to: 10 },
  ie11: { names: ie, from: 11, to: 11 },
  safari_pre_6: upTo(5, ...safari),
  opera_pre_15: upTo(14, ...opera),
  opera_mini_pre_8: upTo(7, "Opera Mini"),
  android_pre_4: upTo(3, "Android"),
  edge_pre_79: upTo(18, "Edge", "Edge Mobile"),
};

/**
 * In a browser that is chosen, `true` for all. What a server made of a request of such a browser is the server's own
 * error, so only events that browsers send are asked.
 */
export function isLegacyBrowser(event: NormalEvent, chosen: true | LegacyBrowser[]): boolean {
  if (event.platform !== "javascript" && event.report_kind === undefined) return false;
  const browser = contextOf(event.contexts, "browser");
  const [, digits] = /^(\d{1,6})/.exec(String(browser?.version ?? "")) ?? [];
  if (digits === undefined) return false;
  const major = Number(digits);
  return (chosen === true ? legacyBrowsers : chosen).some((id) => {
    const { names, from, to } = legacyVersions[id];
    return names.includes(String(browser?.name)) && major >= from && major <= to;
  });
}

const chunkLoad = /Loading (?:CSS )?chunk [^\n]{1,200} failed|dynamically imported module/i;

/** A page that is older than the files of the newest release. */
export function isChunkLoadError({ exception }: NormalEvent): boolean {
  const thrown = exception?.values.at(-1);
  return thrown?.type === "ChunkLoadError" || chunkLoad.test(thrown?.value ?? "");
}

const hydration =
  /hydration failed because|error while hydrating|text content does not match server-rendered|did not match\. server|minified react error #(?:418|419|422|423|425)\b/i;

/** What React says where a page in the browser is not what the server sent. */
export const isHydrationError = ({ exception }: NormalEvent): boolean =>
  hydration.test(exception?.values.at(-1)?.value ?? "");
