import { useState } from "react";
import type { DiffKind, PairDiff } from "../../protocol/pairs-diff";
import { classes } from "../parts/classes";
import { plural, t } from "../words";
import type { FrameDiff } from "./event-diff";
import { type Frame, placeOf } from "./frames";
import { Leaf } from "./json-tree";

const kindWords: Record<DiffKind, () => string> = {
  same: () => t("equal"),
  changed: () => t("changed"),
  removed: () => t("only in the first"),
  added: () => t("only in the second"),
};

/** Named values of both events; equal ones only where all is asked for. */
export function PairsDiff({
  pairs,
  isAll,
  label,
}: {
  pairs: PairDiff[];
  isAll: boolean;
  label: string;
}) {
  const shown = isAll ? pairs : pairs.filter(({ kind }) => kind !== "same");
  if (shown.length === 0) return isAll ? <p className="text-muted">{t("Nothing.")}</p> : null;
  return (
    <ul aria-label={label} className="overflow-hidden rounded-lg border border-line">
      {shown.map(({ name, kind, before, after }) => (
        <li key={name} className="border-b border-line last:border-0">
          <p className="flex gap-2 px-3 pt-1 text-xs text-muted">
            <span className="min-w-0">{name.slice(0, 300)}</span>
            <span className="sr-only">{kindWords[kind]()}</span>
          </p>
          <Sides
            kind={kind}
            before={before === undefined ? undefined : <Leaf value={before} />}
            after={after === undefined ? undefined : <Leaf value={after} />}
          />
        </li>
      ))}
    </ul>
  );
}

/** Beside each other where there is room, else below each other; what is equal stands once. */
function Sides({
  kind,
  before,
  after,
}: {
  kind: DiffKind;
  before: React.ReactNode;
  after: React.ReactNode;
}) {
  if (kind === "same") return <div className="px-3 pb-1 font-mono text-xs">{after}</div>;
  return (
    <div className="grid font-mono text-xs md:grid-cols-2">
      <Cell sign="−" tone="bg-danger-tint" isThere={before !== undefined}>
        {before}
      </Cell>
      <Cell sign="+" tone="bg-ok-tint" isThere={after !== undefined}>
        {after}
      </Cell>
    </div>
  );
}

function Cell({
  sign,
  tone,
  isThere,
  children,
}: {
  sign: string;
  tone: string;
  isThere: boolean;
  children: React.ReactNode;
}) {
  return (
    <div
      className={classes(
        "flex min-w-0 gap-2 px-3 py-1",
        isThere ? tone : "bg-sunken max-md:hidden",
      )}
    >
      <span aria-hidden className="text-muted select-none">
        {isThere ? sign : " "}
      </span>
      <div className="min-w-0">{children}</div>
    </div>
  );
}

type Row = { frames: FrameDiff[]; isFold: boolean };

/** Frames in the order of reading, runs of equal ones folded. */
export function FramesDiff({ frames, isAll }: { frames: FrameDiff[]; isAll: boolean }) {
  if (frames.length === 0) return null;
  const rows: Row[] = [];
  for (const frame of frames) {
    const isFold = frame.kind === "same" && !isAll;
    const last = rows.at(-1);
    if (last && isFold && last.isFold) last.frames.push(frame);
    else rows.push({ frames: [frame], isFold });
  }
  return (
    <ol aria-label={t("Frames")} className="mt-2 overflow-hidden rounded-lg border border-line">
      {rows.map((row, index) =>
        row.isFold ? (
          <EqualFrames key={index} frames={row.frames} />
        ) : (
          row.frames.map((frame, place) => <FrameRow key={`${index}-${place}`} diff={frame} />)
        ),
      )}
    </ol>
  );
}

function EqualFrames({ frames }: { frames: FrameDiff[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <li className="border-b border-line bg-sunken last:border-0">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="w-full px-3 py-1 text-start text-xs text-muted -outline-offset-2! hover:bg-hover hover:text-text max-md:min-h-11"
        >
          {plural(frames.length, t("equal frame"), t("equal frames"))}
        </button>
      </li>
      {isOpen && frames.map((frame, index) => <FrameRow key={index} diff={frame} />)}
    </>
  );
}

const titleOf = (frame: Frame) => `${frame.function ?? "?"} ${placeOf(frame)}`.slice(0, 400);

function FrameRow({ diff }: { diff: FrameDiff }) {
  const { kind, before, after, changes } = diff;
  if (kind === "same" || kind === "changed") {
    return (
      <li className="border-b border-line last:border-0">
        <p
          className={classes(
            "px-3 py-1 font-mono text-xs",
            after?.inApp && "font-bold",
            kind === "same" && "text-muted",
          )}
        >
          {after && titleOf(after)}
          <span className="sr-only"> {kindWords[kind]()}</span>
        </p>
        {changes.length > 0 && (
          <div className="px-3 pb-2">
            <PairsDiff pairs={changes} isAll label={t("Changed in this frame")} />
          </div>
        )}
      </li>
    );
  }
  return (
    <li className="border-b border-line last:border-0">
      <span className="sr-only">{kindWords[kind]()}</span>
      <Sides kind={kind} before={before && titleOf(before)} after={after && titleOf(after)} />
    </li>
  );
}
