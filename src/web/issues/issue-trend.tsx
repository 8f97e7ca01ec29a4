import { formatNumber, plural, t } from "../words";

/** Events over time as bars across the page; read out as a sentence. */
export function IssueTrend({
  points,
  label,
}: {
  points: [at: number, count: number][];
  label: string;
}) {
  const counts = points.map(([, count]) => count);
  const most = Math.max(1, ...counts);
  const sum = counts.reduce((total, count) => total + count, 0);
  return (
    <figure className="w-80 max-w-full shrink-0 max-md:w-full">
      <svg
        role="img"
        aria-label={t("{label}: {sum}, at most {most} in an hour", {
          label,
          sum: plural(sum, t("event"), t("events")),
          most: formatNumber(most),
        })}
        viewBox={`0 0 ${Math.max(1, points.length) * 10} 40`}
        preserveAspectRatio="none"
        className="block h-9 w-full text-series-1"
      >
        {points.map(([at, count], index) => {
          const tall = count === 0 ? 1 : Math.max(2, (count / most) * 40);
          return (
            <rect
              key={at}
              x={index * 10 + 0.5}
              y={40 - tall}
              width={9}
              height={tall}
              fill="currentColor"
              opacity={count === 0 ? 0.3 : 1}
            >
              <title>{`${new Date(at * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC: ${formatNumber(count)}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption className="mt-0.5 text-end text-xs text-muted">{label}</figcaption>
    </figure>
  );
}
