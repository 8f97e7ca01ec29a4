import { type Booted, firstRequests } from "./first-requests";
import { applyLook } from "./look";
import { parsePreferences, preferencesKey } from "./preferences";

/** Runs before the first paint: the theme, and what the page will ask for, so that the answers come beside the code. */
function kept(): string | null {
  try {
    return localStorage.getItem(preferencesKey);
  } catch {
    return null;
  }
}
applyLook(parsePreferences(kept()));

const base = new URL(document.baseURI).pathname.replace(/\/$/, "");
const { page, paths } = firstRequests(location.pathname.slice(base.length), location.search);
const pages = document.querySelector('meta[name="pages"]')?.getAttribute("content") ?? "{}";
for (const file of new Map<string, string[]>(Object.entries(JSON.parse(pages))).get(page) ?? []) {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = file;
  document.head.append(link);
}
const answers = new Map(
  paths.map((path) => [
    base + path,
    fetch(base + path, { headers: { accept: "application/json" } }),
  ]),
);
for (const answer of answers.values()) answer.catch(() => undefined);
(window as Booted).firstAnswers = answers;
