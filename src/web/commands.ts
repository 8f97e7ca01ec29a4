import type { LucideIcon } from "lucide-react";
import { useLayoutEffect, useRef, useSyncExternalStore } from "react";

/** Something a person can do here; keys, menus, the palette and the help are made of these. */
export type Command = {
  /** Dotted, e.g. "issue.resolve". */
  id: string;
  title: string;
  /** `e`, `shift+e`, `mod+k`, `g i`: the key itself, with modifiers, or two keys one after the other. */
  keys?: string;
  icon?: LucideIcon;
  /** Where it belongs in the help and the palette. */
  group?: string;
  /** Not now: it is not offered and its keys do nothing. */
  disabled?: boolean;
  run: () => void;
};

const sets = new Map<symbol, { current: Command[] }>();
const listeners = new Set<() => void>();
let shown: Command[] = [];

/** The latest page's commands come first: its keys win over those of the frame. */
const gather = (): Command[] =>
  [...sets.values()].toReversed().flatMap((latest) =>
    latest.current.map((command) => ({
      ...command,
      // What it does depends on what the page shows by then, not on what it showed when it was offered.
      run: () => latest.current.find(({ id }) => id === command.id)?.run(),
    })),
  );

const changed = () => {
  shown = gather();
  for (const listener of listeners) listener();
};

/** Offers commands while the component is there. */
export function useCommands(commands: Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const words = commands.map(({ id, title, disabled }) => `${id} ${title} ${disabled}`).join("\n");
  // Before it is painted: whoever sees something may press its key at once.
  useLayoutEffect(() => {
    const key = Symbol("commands");
    sets.set(key, latest);
    changed();
    return () => {
      sets.delete(key);
      changed();
    };
  }, []);
  useLayoutEffect(changed, [words]);
}

/** What is offered now, for the palette and the help. */
export const useOffered = (): Command[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );

const sequenceMs = 1200;
let before: { key: string; at: number } | undefined;

type KeyPress = Pick<
  KeyboardEvent,
  "key" | "shiftKey" | "metaKey" | "ctrlKey" | "altKey" | "timeStamp"
>;

/** A pressed key as commands spell it: `mod` is ⌘ or Ctrl; shift is named only where the sign does not tell. */
export function spelled({ key, shiftKey, metaKey, ctrlKey, altKey }: KeyPress): string {
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  const parts = [
    ...(metaKey || ctrlKey ? ["mod"] : []),
    ...(altKey ? ["alt"] : []),
    ...(shiftKey && !isSign ? ["shift"] : []),
    key === " " ? "space" : key.toLowerCase(),
  ];
  return parts.join("+");
}

/** The command that a key press means, looking back at the key before for those of two keys. */
export function commandFor(press: KeyPress, commands: Command[]): Command | undefined {
  const key = spelled(press);
  const first =
    before && press.timeStamp - before.at < sequenceMs ? `${before.key} ${key}` : undefined;
  const offered = commands.filter(({ keys, disabled }) => keys && !disabled);
  const has = (command: Command, wanted: string) =>
    command.keys?.split(", ").includes(wanted) ?? false;
  const found =
    (first && offered.find((command) => has(command, first))) ??
    offered.find((command) => has(command, key));
  const begins = offered.some(({ keys }) =>
    keys?.split(", ").some((one) => one.startsWith(`${key} `)),
  );
  before = found === undefined && begins ? { key, at: press.timeStamp } : undefined;
  return found || undefined;
}

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type));

/** What a field does with its text: all, copy, cut, paste, undo. */
const isEditing = (event: KeyboardEvent) => /^[acvxyz]$/i.test(event.key) && !event.altKey;

/** Runs commands by their keys. Letters do nothing in fields, in dialogs of others, and when a person says so. */
export function listenForKeys(hasLetters: () => boolean): () => void {
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const isPlain = !event.metaKey && !event.ctrlKey && !event.altKey;
    const isLetter = isPlain && event.key.length === 1;
    if (isField(event.target) && (isPlain || isEditing(event))) return;
    if (document.querySelector("dialog[open]") && isPlain) return;
    if (isLetter && !hasLetters()) return;
    // Enter and space belong to the control that has the focus.
    const onControl =
      event.target instanceof HTMLElement &&
      /^(BUTTON|A|SUMMARY|INPUT)$/.test(event.target.tagName);
    if (onControl && (event.key === "Enter" || event.key === " ")) return;
    const command = commandFor(event, gather());
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  addEventListener("keydown", listen);
  return () => removeEventListener("keydown", listen);
}

const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

const signs = new Map([
  ["mod", isMac ? "⌘" : "Ctrl"],
  ["shift", isMac ? "⇧" : "Shift"],
  ["alt", isMac ? "⌥" : "Alt"],
  ["enter", "Enter"],
  ["escape", "Esc"],
  ["space", "Space"],
  ["arrowdown", "↓"],
  ["arrowup", "↑"],
  ["arrowleft", "←"],
  ["arrowright", "→"],
]);

/** `shift+e, x` → [["Shift", "E"]]: the first way to press it, as it is shown. */
export const shownKeys = (keys: string): string[] =>
  (keys.split(", ")[0] ?? "").split(/[ +]/).map((key) => signs.get(key) ?? key.toUpperCase());
