import { useState } from "react";
import { dayMs } from "../../protocol/durations";
import { spanWords } from "../parts/time-words";
import { formatNumber, joinWords, t } from "../words";

export type Points = [at: number, count: number][];
type Range = { from: number; to: number };

const stepWidth = 10;
const height = 40;

/**
 * Events or people over time as bars; read out as a sentence. The bar of the event at hand is marked, and a range that
 * one drags over becomes the filter; with keys a range is typed.
 */
export function IssueTrend({
  events,
  people,
  intervalSeconds,
  label,
  eventAt,
  zoom,
}: {
  events: Points;
  people: Points;
  intervalSeconds: number;
  label: string;
  /** Milliseconds since 1970. */
  eventAt: number | undefined;
  zoom: (start: Date, end: Date) => void;
}) {
  const [isPeople, setPeople] = useState(false);
  const [dragged, setDragged] = useState<Range>();
  const points = isPeople ? people : events;
  const most = Math.max(1, ...points.map(([, count]) => count));
  const sum = points.reduce((total, [, count]) => total + count, 0);
  const marked = points.findIndex(
    ([at]) =>
      eventAt !== undefined && eventAt / 1000 >= at && eventAt / 1000 < at + intervalSeconds,
  );
  const placeAt = (event: React.PointerEvent<SVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const place = Math.floor(((event.clientX - left) / Math.max(1, width)) * points.length);
    return Math.max(0, Math.min(points.length - 1, place));
  };
  const choose = () => {
    if (!dragged) return;
    const places = [dragged.from, dragged.to].toSorted((a, b) => a - b);
    const [start, end] = places.map((place) => points[place]?.[0] ?? 0);
    setDragged(undefined);
    if (start === undefined || end === undefined || start === end) return;
    zoom(new Date(start * 1000), new Date((end + intervalSeconds) * 1000));
  };
  return (
    <figure className="w-96 max-w-full shrink-0 max-md:w-full" data-print="no">
      <svg
        role="img"
        aria-label={t("{kind}, {label}: {sum}, at most {most} in {step}", {
          kind: isPeople ? t("People") : t("Events"),
          label,
          sum: formatNumber(sum),
          most: formatNumber(most),
          step: spanWords(intervalSeconds * 1000),
        })}
        viewBox={`0 0 ${Math.max(1, points.length) * stepWidth} ${height + 4}`}
        preserveAspectRatio="none"
        className="block h-11 w-full cursor-crosshair touch-pan-y text-series-1 select-none"
        onPointerDown={(event) => {
          if (event.pointerType === "touch") return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragged({ from: placeAt(event), to: placeAt(event) });
        }}
        onPointerMove={(event) => {
          if (dragged) setDragged({ ...dragged, to: placeAt(event) });
        }}
        onPointerUp={choose}
        onPointerCancel={() => setDragged(undefined)}
      >
        {dragged && <Dragged {...dragged} />}
        {points.map(([at, count], place) => (
          <Bar
            key={at}
            place={place}
            share={count / most}
            isMarked={place === marked}
            words={`${stepBegin(at, intervalSeconds)}: ${formatNumber(count)}`}
          />
        ))}
      </svg>
      <figcaption className="mt-0.5 flex items-center justify-between gap-2 text-xs text-muted">
        <Kinds isPeople={isPeople} setPeople={setPeople} />
        {label}
      </figcaption>
    </figure>
  );
}

const Dragged = ({ from, to }: Range) => (
  <rect
    x={Math.min(from, to) * stepWidth}
    y={0}
    width={(Math.abs(to - from) + 1) * stepWidth}
    height={height}
    className="fill-selected"
  />
);

function Bar({
  place,
  share,
  isMarked,
  words,
}: {
  place: number;
  share: number;
  isMarked: boolean;
  words: string;
}) {
  // Nothing is a line, so that it differs from what is not known.
  const tall = share === 0 ? 1 : Math.max(2, share * height);
  return (
    <g>
      <title>{words}</title>
      <rect
        x={place * stepWidth + 0.5}
        y={height - tall}
        width={stepWidth - 1}
        height={tall}
        fill="currentColor"
        opacity={share === 0 ? 0.3 : 1}
      />
      {isMarked && (
        <rect
          x={place * stepWidth}
          y={height + 1}
          width={stepWidth}
          height={3}
          className="fill-danger"
        />
      )}
    </g>
  );
}

const stepBegin = (at: number, intervalSeconds: number) => {
  const text = new Date(at * 1000).toISOString();
  return intervalSeconds * 1000 >= dayMs
    ? text.slice(0, 10)
    : `${text.slice(0, 16).replace("T", " ")} UTC`;
};

function Kinds({ isPeople, setPeople }: { isPeople: boolean; setPeople: (is: boolean) => void }) {
  const kinds: [words: string, is: boolean][] = [
    [t("Events"), false],
    [t("People"), true],
  ];
  return (
    <span role="group" aria-label={joinWords(kinds.map(([words]) => words))} className="-ms-1 flex">
      {kinds.map(([words, is]) => (
        <button
          key={words}
          type="button"
          aria-pressed={isPeople === is}
          onClick={() => setPeople(is)}
          className="min-h-6 rounded-sm px-1 hover:bg-hover aria-pressed:font-medium aria-pressed:text-text max-md:min-h-11 max-md:px-2"
        >
          {words}
        </button>
      ))}
    </span>
  );
}
