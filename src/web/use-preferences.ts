import { useSyncExternalStore } from "react";
import { applyLook } from "./look";
import { type Preferences, parsePreferences, preferencesKey, preferencesOf } from "./preferences";

const listeners = new Set<() => void>();
let current = parsePreferences(read());

function read(): string | null {
  try {
    return localStorage.getItem(preferencesKey);
  } catch {
    return null;
  }
}

const tell = () => {
  applyLook(current);
  for (const listener of listeners) listener();
};

export const preferences = (): Preferences => current;

/** Keeps a choice in this browser and shows it at once, in other tabs too. */
export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(preferencesKey, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing shows the choice until the page is left.
  }
  tell();
}

/** What the person chose elsewhere, in a browser where nothing was chosen yet. */
export function adoptPreferences(options: Parameters<typeof preferencesOf>[0]): void {
  if (read() === null && Object.keys(options).length > 0) setPreferences(preferencesOf(options));
}

addEventListener("storage", ({ key }) => {
  if (key !== preferencesKey) return;
  current = parsePreferences(read());
  tell();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => applyLook(current));

export const usePreferences = (): Preferences =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
