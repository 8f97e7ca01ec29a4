import { formatNumber, t } from "../words";

/** Numbers over time as small bars; read out as a sentence. Zero is a line, and so differs from nothing known. */
export function Bars({
  values,
  label,
  width = 96,
  height = 24,
}: {
  values: number[];
  label: string;
  width?: number;
  height?: number;
}) {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  const sum = values.reduce((total, value) => total + value, 0);
  const words = t("{label}: {sum} in all, at most {most} at a time", {
    label,
    sum: formatNumber(sum),
    most: formatNumber(Math.max(0, ...values)),
  });
  return (
    <svg
      role="img"
      aria-label={words}
      width={width}
      height={height}
      className="block text-series-1"
    >
      {values.map((value, index) => {
        const tall = value === 0 ? 1 : Math.max(2, (value / most) * height);
        return (
          <rect
            key={index}
            x={index * step}
            y={height - tall}
            width={Math.max(1, step - 1)}
            height={tall}
            fill="currentColor"
            opacity={value === 0 ? 0.35 : 1}
          />
        );
      })}
    </svg>
  );
}
