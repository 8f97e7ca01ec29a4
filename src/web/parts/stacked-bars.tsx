import { useState } from "react";
import { usePreferences } from "../use-preferences";
import { formatNumber, formatShort, t } from "../words";
import { Button } from "./button";
import { Table } from "./table";
import { shortMoment } from "./time-words";

export type Series = { label: string; values: number[] };

const colors = [1, 2, 3, 4, 5, 6].map((number) => `var(--series-${number})`);
const width = 720;
const height = 180;

/**
 * Numbers over time, one series on the other: from zero, each named at the side and not by colour alone. `←` and `→`
 * read it bar by bar; the same numbers are there as a table.
 */
export function StackedBars({
  times,
  series,
  label,
  unit,
}: {
  /** ISO, the beginning of each bar. */
  times: string[];
  /** At most six: what is more belongs into one called "others". */
  series: Series[];
  label: string;
  unit: string;
}) {
  const clock = usePreferences();
  const [at, setAt] = useState<number>();
  const [isTable, setTable] = useState(false);
  const sums = times.map((_, index) =>
    series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  );
  const most = Math.max(1, ...sums);
  const step = width / Math.max(1, times.length);
  const last = times.length - 1;
  const moment = (index: number) => shortMoment(new Date(times[index] ?? 0), clock, Date.now());
  const words = (index: number) =>
    `${moment(index)}: ${
      series
        .filter(({ values }) => (values[index] ?? 0) > 0)
        .map(({ label: name, values }) => `${name} ${formatNumber(values[index] ?? 0)}`)
        .join(", ") || t("none")
    }`;

  if (isTable) {
    return (
      <div className="grid gap-2">
        <div className="max-h-96 overflow-y-auto">
          <Table
            label={label}
            rows={times.map((_, index) => index).filter((index) => (sums[index] ?? 0) > 0)}
            keyOf={String}
            columns={[
              { label: t("Time"), cell: moment },
              ...series.map(({ label: name, values }) => ({
                label: name,
                cell: (index: number) => formatNumber(values[index] ?? 0),
                align: "end" as const,
              })),
            ]}
          />
        </div>
        <div>
          <Button small onClick={() => setTable(false)}>
            {t("Show as chart")}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <figure className="grid gap-2" aria-label={label}>
      {/* biome-ignore lint: read bar by bar with the arrow keys */}
      <div
        tabIndex={0}
        role="slider"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={at ?? Math.max(0, last)}
        aria-valuetext={words(at ?? Math.max(0, last))}
        onKeyDown={(event) => {
          const now = at ?? last;
          const next = new Map([
            ["ArrowLeft", now - 1],
            ["ArrowRight", now + 1],
            ["Home", 0],
            ["End", last],
          ]).get(event.key);
          if (next === undefined) return;
          event.preventDefault();
          setAt(Math.max(0, Math.min(last, next)));
        }}
        onBlur={() => setAt(undefined)}
        onMouseLeave={() => setAt(undefined)}
        className="relative"
      >
        <p className="absolute start-1 top-1 text-xs text-muted" aria-hidden>
          {formatShort(most)} {unit}
        </p>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          height={height}
          className="block w-full"
          aria-hidden
        >
          <line x1={0} x2={width} y1={height} y2={height} stroke="var(--line-strong)" />
          {times.map((time, index) => {
            let top = height;
            return (
              // biome-ignore lint: the keys are those of the slider around
              <g key={time} onMouseEnter={() => setAt(index)}>
                <rect
                  x={index * step}
                  y={0}
                  width={step}
                  height={height}
                  fill={index === at ? "var(--hover)" : "transparent"}
                />
                {series.map(({ label: name, values }, number) => {
                  const value = values[index] ?? 0;
                  const tall = value === 0 ? 0 : Math.max(1.5, (value / most) * (height - 22));
                  top -= tall;
                  return (
                    <rect
                      key={name}
                      x={index * step + step * 0.06}
                      y={top}
                      width={step * 0.88}
                      height={tall}
                      fill={colors[number % colors.length]}
                    />
                  );
                })}
              </g>
            );
          })}
        </svg>
        {times.length > 0 && (
          <p className="flex justify-between pt-1 text-xs text-muted" aria-hidden>
            <span>{moment(0)}</span>
            <span>{moment(last)}</span>
          </p>
        )}
      </div>
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1">
        {series.map(({ label: name, values }, number) => (
          <span key={name} className="inline-flex items-center gap-1.5">
            <span
              className="size-2.5 rounded-sm"
              style={{ background: colors[number % colors.length] }}
              aria-hidden
            />
            {name}
            <span className="numbers text-muted">
              {formatShort(values.reduce((sum, value) => sum + value, 0))}
            </span>
          </span>
        ))}
        <span className="ms-auto">
          <Button small kind="quiet" onClick={() => setTable(true)}>
            {t("Show as table")}
          </Button>
        </span>
      </figcaption>
      <p role="status" className="min-h-5 text-xs text-muted">
        {at === undefined ? "" : words(at)}
      </p>
    </figure>
  );
}
