import { leafText } from "../../protocol/tree-values";
import { t } from "../words";
import type { Breadcrumb } from "./event-parts";

const urlChars = 200;

/** What a breadcrumb says in a line: `GET /cart 500 120 ms` for requests, else its message, else its data. */
export function breadcrumbLine(crumb: Breadcrumb): string {
  const data = new Map(crumb.data);
  const text = (...names: string[]) => {
    const value = names
      .map((name) => data.get(name))
      .find((one) => one !== undefined && one !== null);
    return value === undefined ? undefined : leafText(value);
  };
  const url = text("url");
  if (
    url !== undefined &&
    [crumb.type, crumb.category].some((one) => /^(http|fetch|xhr|request|net)/.test(one))
  ) {
    return [
      text("method", "http.method", "http.request.method") ?? "GET",
      shortUrl(url),
      text("status_code", "http.response.status_code", "http.status_code", "status"),
      durationOf(text("duration", "elapsed", "http.duration")),
      crumb.message,
    ]
      .filter(Boolean)
      .join(" ");
  }
  const [from, to] = [text("from"), text("to")];
  if (crumb.type === "navigation" && (from || to)) return `${from ?? "?"} → ${to ?? "?"}`;
  return crumb.message;
}

/** The data that the line does not say yet. */
export function restOfData(crumb: Breadcrumb): [string, unknown][] {
  const line = breadcrumbLine(crumb);
  const isInLine = new Set([
    "method",
    "http.method",
    "http.request.method",
    "status_code",
    "http.response.status_code",
    "from",
    "to",
  ]);
  return crumb.data.filter(
    ([name, value]) =>
      value !== null &&
      value !== "" &&
      !(isInLine.has(name) && line.includes(leafText(value))) &&
      !(name === "url" && line.includes(leafText(value))),
  );
}

const shortUrl = (url: string) => (url.length > urlChars ? `${url.slice(0, urlChars)}…` : url);

const durationOf = (value: string | undefined) =>
  value !== undefined && /^\d+(\.\d+)?$/.test(value) ? `${Math.round(Number(value))} ms` : value;

/** "−0.2 s", "−3 min": how long before the event. */
export function offsetWords(at: number | undefined, eventAt: number): string {
  if (at === undefined) return "";
  const ms = at - eventAt;
  const size = Math.abs(ms);
  const sign = ms > 0 ? "+" : "−";
  if (size < 10) return t("0 s");
  if (size < 10_000) return `${sign}${(size / 1000).toFixed(size < 1000 ? 2 : 1)} s`;
  if (size < 120_000) return `${sign}${Math.round(size / 1000)} s`;
  if (size < 7_200_000) return `${sign}${Math.round(size / 60_000)} min`;
  if (size < 172_800_000) return `${sign}${Math.round(size / 3_600_000)} h`;
  return `${sign}${Math.round(size / 86_400_000)} d`;
}

export type CrumbFilter = { text: string; kind: string; level: string };

/** What a breadcrumb is of: its category, or its type where that says more. */
export const kindOf = ({ category, type }: Breadcrumb): string =>
  category || (type === "default" ? t("other") : type);

export function matchesCrumb(crumb: Breadcrumb, { text, kind, level }: CrumbFilter): boolean {
  if (kind !== "" && kindOf(crumb) !== kind) return false;
  if (level !== "" && crumb.level !== level) return false;
  if (text === "") return true;
  const wanted = text.toLowerCase();
  return [
    breadcrumbLine(crumb),
    crumb.category,
    ...crumb.data.map(([name, value]) => `${name} ${leafText(value)}`),
  ].some((one) => one.toLowerCase().includes(wanted));
}
