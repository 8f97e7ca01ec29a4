import type { ReactNode } from "react";
import { classes } from "./classes";

export type Tone = "neutral" | "danger" | "warn" | "ok" | "info" | "note";

const tones: Record<Tone, string> = {
  neutral: "bg-hover text-muted",
  danger: "bg-danger-tint text-danger",
  warn: "bg-warn-tint text-warn",
  ok: "bg-ok-tint text-ok",
  info: "bg-info-tint text-info",
  note: "bg-note-tint text-note",
};

/** A word about a thing. */
export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classes(
        "inline-flex max-w-full items-center gap-1 truncate rounded-full px-2 text-xs leading-5",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
