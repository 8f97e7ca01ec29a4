import { classes } from "../parts/classes";
import { type Family, platformOf } from "./platforms";

const looks: Record<Family, string> = {
  web: "bg-info-tint text-info",
  server: "bg-ok-tint text-ok",
  mobile: "bg-note-tint text-note",
  desktop: "bg-warn-tint text-warn",
  other: "bg-hover text-muted",
};

/** The letters of a platform; its name stands beside it. */
export function PlatformMark({ id, size = 28 }: { id: string | null | undefined; size?: number }) {
  const { family, mark } = platformOf(id);
  return (
    <span
      aria-hidden
      className={classes(
        "inline-flex shrink-0 items-center justify-center rounded-sm font-medium",
        size < 28 ? "text-[10px]" : "text-xs",
        looks[family],
      )}
      style={{ width: size, height: size }}
    >
      {mark}
    </span>
  );
}
