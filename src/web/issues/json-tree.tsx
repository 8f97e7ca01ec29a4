import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { entriesOf, isBranch, leafText } from "../../protocol/tree-values";
import { Button } from "../parts/button";
import { classes } from "../parts/classes";
import { t } from "../words";
import { OutsideText } from "./outside-link";
import { leafKind, membersShown, previewOf, shortText, sizeWords } from "./tree-nodes";

/** Named values; what has members opens, and only what is open is rendered. */
export function JsonTree({
  entries,
  label,
  openDepth = 0,
}: {
  entries: [string, unknown][];
  label: string;
  /** So many levels are open from the beginning. */
  openDepth?: number;
}) {
  return (
    <div className="font-mono text-xs leading-5">
      <Members entries={entries} label={label} openDepth={openDepth} />
    </div>
  );
}

function Members({
  entries,
  label,
  openDepth,
}: {
  entries: [string, unknown][];
  label: string;
  openDepth: number;
}) {
  const [shown, setShown] = useState(membersShown);
  const rest = entries.length - shown;
  return (
    <>
      <ul aria-label={label} className="min-w-0">
        {entries.slice(0, shown).map(([name, value], index) => (
          <Node
            key={`${index}-${name.slice(0, 100)}`}
            name={name}
            value={value}
            openDepth={openDepth}
          />
        ))}
      </ul>
      {rest > 0 && (
        <Button kind="quiet" small onClick={() => setShown(shown + membersShown * 4)}>
          {t("Show {n} more", { n: Math.min(rest, membersShown * 4) })}
        </Button>
      )}
    </>
  );
}

function Node({ name, value, openDepth }: { name: string; value: unknown; openDepth: number }) {
  const [isOpen, setOpen] = useState(openDepth > 0);
  if (!isBranch(value)) {
    return (
      <li className="grid grid-cols-[minmax(6rem,12rem)_1fr] gap-3 border-b border-line py-1 last:border-0 max-md:grid-cols-1 max-md:gap-0">
        <span className="ps-4 text-muted">{name}</span>
        <Leaf value={value} />
      </li>
    );
  }
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  return (
    <li className="border-b border-line last:border-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="grid w-full grid-cols-[minmax(6rem,12rem)_1fr] gap-3 rounded-sm py-1 text-start hover:bg-hover max-md:min-h-11 max-md:items-center"
      >
        <span className="flex min-w-0 items-start text-muted">
          <Arrow size={13} className="mt-1 me-0.5 shrink-0 rtl:-scale-x-100" aria-hidden />
          <span className="min-w-0">{name}</span>
        </span>
        <span className="truncate text-muted">{isOpen ? sizeWords(value) : previewOf(value)}</span>
      </button>
      {isOpen && (
        <div className="ms-2 border-s border-line ps-2">
          <Members entries={entriesOf(value)} label={name} openDepth={openDepth - 1} />
        </div>
      )}
    </li>
  );
}

const leafLooks = {
  string: "",
  plain: "",
  number: "tok-number",
  keyword: "tok-keyword",
  empty: "text-muted",
};

/** A value without members: long texts are cut until somebody wants the rest. */
export function Leaf({ value }: { value: unknown }) {
  const [isWhole, setWhole] = useState(false);
  const whole = leafText(value);
  const { text, rest } = isWhole ? { text: whole, rest: 0 } : shortText(whole);
  const kind = leafKind(value);
  return (
    <span className={classes("min-w-0 whitespace-pre-wrap", leafLooks[kind])} dir="auto">
      {kind === "empty" ? t("(empty)") : <OutsideText text={text} />}
      {rest > 0 && (
        <>
          …{" "}
          <Button kind="quiet" small onClick={() => setWhole(true)}>
            {t("Show {n} more characters", { n: rest })}
          </Button>
        </>
      )}
    </span>
  );
}
