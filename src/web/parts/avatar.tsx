import { classes } from "./classes";

const colors = [
  "bg-info-tint text-info",
  "bg-note-tint text-note",
  "bg-ok-tint text-ok",
  "bg-warn-tint text-warn",
];

/** Somebody's first letters; the name stands beside it or is read out. */
export function Avatar({
  name,
  size = 24,
  silent,
  isTeam = false,
}: {
  name: string;
  size?: number;
  silent?: boolean;
  /** Of a team, which has corners. */
  isTeam?: boolean;
}) {
  const letters = name
    .split(/[\s@._-]/, 20)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase())
    .join("");
  const color =
    colors[
      Array.from(name).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) %
        colors.length
    ];
  return (
    <span
      {...(silent ? { "aria-hidden": true } : { role: "img", "aria-label": name })}
      title={name}
      className={classes(
        "letters inline-flex shrink-0 items-center justify-center text-[11px] font-medium",
        isTeam ? "rounded-sm" : "rounded-full",
        color,
      )}
      style={{ width: size, height: size }}
      data-letters={letters || "?"}
    />
  );
}
