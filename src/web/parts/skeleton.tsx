import { t } from "../words";

/** The place of rows that are on their way: seen after 150 ms, of their final height. */
export function SkeletonRows({
  rows = 8,
  height = "var(--row)",
}: {
  rows?: number;
  height?: string;
}) {
  return (
    <div role="status" aria-label={t("Loading")}>
      {Array.from({ length: rows }, (_, index) => (
        <div
          key={index}
          className="flex items-center gap-4 border-b border-line px-4"
          style={{ height }}
        >
          <span className="skeleton h-3" style={{ width: `${30 + ((index * 17) % 40)}%` }} />
          <span className="skeleton ms-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}

export function SkeletonBlock({ height = 160 }: { height?: number }) {
  return (
    <div role="status" aria-label={t("Loading")} className="skeleton m-4" style={{ height }} />
  );
}
