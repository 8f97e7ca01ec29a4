import { minuteMs, secondMs } from "../../protocol/durations";
import { mount } from "../mount";
import type { Schema } from "./client";

export type Pulse = Schema<"Pulse">;
/** Where the pulse of an organization is asked for, and until when. */
export type PulseAddress = { url: string; expiresAt: string };

/** How long to wait before the next look, by how long ago somebody did something on the page. */
export function pauseMs(sinceInputMs: number): number {
  if (sinceInputMs < minuteMs) return 2 * secondMs;
  if (sinceInputMs < 11 * minuteMs) return 5 * secondMs;
  return 30 * secondMs;
}

/** After `failures` in a row; the server may ask for longer. */
export const pauseAfterFailureMs = (failures: number, retryAfterSeconds: number): number =>
  Math.min(minuteMs, Math.max(2 ** Math.min(failures, 10), retryAfterSeconds) * secondMs);

/** A ticket is renewed before it ends. */
const renewBeforeMs = minuteMs;

type Watching = {
  /** The address; a new one where `isOld`. Undefined where the server has none. */
  address: (isOld: boolean) => Promise<PulseAddress | undefined>;
  changed: (pulse: Pulse) => void;
  /** Whether the server was heard the last time. */
  heard?: (isHeard: boolean) => void;
};

/**
 * Hears of changes by asking for a few numbers: often while somebody works here, rarely while nobody does, not at all
 * while the page is hidden, at once when it is seen again. Ends with the answered function.
 */
export function watchPulse({ address, changed, heard }: Watching): () => void {
  let last: string | undefined;
  let lastInput = Date.now();
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let isAsking = false;

  const later = (ms: number) => {
    clearTimeout(timer);
    if (!isOver && document.visibilityState === "visible")
      timer = setTimeout(() => void look(), ms);
  };
  const look = async () => {
    if (isAsking) return;
    isAsking = true;
    const { text, retryAfter } = await ask(address);
    isAsking = false;
    if (isOver) return;
    failures = text === undefined ? failures + 1 : 0;
    heard?.(text !== undefined);
    if (text !== undefined && text !== last) {
      if (last !== undefined) changed(JSON.parse(text) as Pulse);
      last = text;
    }
    later(
      failures > 0 ? pauseAfterFailureMs(failures, retryAfter) : pauseMs(Date.now() - lastInput),
    );
  };
  const noteInput = () => (lastInput = Date.now());
  const seen = () => {
    noteInput();
    later(0);
  };
  const inputs = ["pointerdown", "pointermove", "keydown", "scroll"] as const;
  for (const kind of inputs) addEventListener(kind, noteInput, { passive: true });
  document.addEventListener("visibilitychange", seen);
  later(0);
  return () => {
    isOver = true;
    clearTimeout(timer);
    for (const kind of inputs) removeEventListener(kind, noteInput);
    document.removeEventListener("visibilitychange", seen);
  };
}

type Heard = { text: string | undefined; retryAfter: number };

async function ask(address: Watching["address"]): Promise<Heard> {
  try {
    const known = await address(false);
    const isOld = known && Date.parse(known.expiresAt) - Date.now() < renewBeforeMs;
    const at = isOld ? await address(true) : known;
    if (!at) return { text: undefined, retryAfter: 60 };
    // The page may be open under another name of the same server.
    const { pathname } = new URL(at.url);
    const path = pathname.slice(pathname.indexOf("/api/pulse/"));
    const answer = await fetch(mount + path, { cache: "no-cache" });
    const retryAfter = Number(answer.headers.get("retry-after")) || 0;
    return { text: answer.ok ? await answer.text() : undefined, retryAfter };
  } catch {
    return { text: undefined, retryAfter: 0 };
  }
}
