import { t } from "../words";

const isEventId = (text: string) => /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i.test(text);
const isShortId = (text: string) =>
  /^[a-z][a-z\d_-]{0,80}-[\da-z]{1,12}$/i.test(text) && /\d|^[A-Z_-]+$/.test(text);

/** What a text alone may be the id of; a short id may as well be a word. */
export const idKindOf = (text: string): "event" | "issue" | undefined =>
  isEventId(text) ? "event" : isShortId(text) ? "issue" : undefined;

/** An event id, a short id or an address of ours or of Sentry's → the page it means. */
export function destinationOf(
  text: string,
  org: string,
): { title: string; path: string } | undefined {
  if (text.length > 2000) return undefined;
  if (isEventId(text)) {
    const id = text.replaceAll("-", "").toLowerCase();
    return { title: t("Event {id}", { id }), path: `/${org}/issues/${id}` };
  }
  if (isShortId(text))
    return {
      title: t("Issue {id}", { id: text.toUpperCase() }),
      path: `/${org}/issues/${text.toUpperCase()}`,
    };
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { pathname, search } = new URL(text);
  return pathname === "/"
    ? undefined
    : { title: t("Open {path}", { path: pathname }), path: pathname + search };
}
