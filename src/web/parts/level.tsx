import { t } from "../words";

const shapes: Record<string, { sign: string; color: string }> = {
  fatal: { sign: "◆", color: "text-danger" },
  error: { sign: "●", color: "text-danger" },
  warning: { sign: "▲", color: "text-warn" },
  info: { sign: "■", color: "text-info" },
  debug: { sign: "□", color: "text-muted" },
  sample: { sign: "○", color: "text-muted" },
};
const known = new Map(Object.entries(shapes));

/** A level by shape and colour, and by its word for whoever sees neither. */
export function Level({ level, withWord }: { level: string; withWord?: boolean }) {
  const { sign, color } = known.get(level) ?? { sign: "○", color: "text-muted" };
  return (
    <span className="inline-flex items-center gap-1" title={level}>
      <span className={color} aria-hidden>
        {sign}
      </span>
      <span className={withWord ? "" : "sr-only"}>{t(level)}</span>
    </span>
  );
}
