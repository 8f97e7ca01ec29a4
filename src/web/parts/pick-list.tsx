import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { t } from "../words";
import { classes } from "./classes";

/** A field with the rows below it that fit what is typed; arrows choose one, Enter or a click takes it. */
export function PickList<Row extends { id: string }>({
  label,
  placeholder,
  typed,
  type,
  rows,
  isComing = false,
  cells,
  pick,
}: {
  label: string;
  placeholder: string;
  typed: string;
  type: (text: string) => void;
  rows: Row[];
  /** It is not known yet which rows there are. */
  isComing?: boolean;
  /** What stands in a row. */
  cells: (row: Row) => ReactNode;
  pick: (row: Row) => void;
}) {
  const [at, setAt] = useState(0);
  const id = useId();
  const chosen = Math.min(at, rows.length - 1);
  const move = (by: number) => setAt((chosen + by + rows.length) % Math.max(1, rows.length));
  const take = () => {
    const row = rows[chosen];
    if (row) pick(row);
  };
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [id, chosen]);
  return (
    <>
      <input
        className="w-full border-b border-line bg-transparent px-4 py-3 text-lg outline-none"
        placeholder={placeholder}
        aria-label={label}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={rows.length > 0 ? `${id}-${chosen}` : undefined}
        value={typed}
        autoFocus
        spellCheck={false}
        onChange={(event) => {
          type(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") move(1);
          else if (event.key === "ArrowUp") move(-1);
          else if (event.key === "Enter") take();
          else return;
          event.preventDefault();
        }}
      />
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={t("Found")}
        className="max-h-[50dvh] overflow-y-auto p-1"
      >
        {rows.map((row, index) => (
          // biome-ignore lint: keys are those of the field above
          <li
            key={row.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onMouseMove={() => setAt(index)}
            onClick={() => pick(row)}
            className={classes(
              "flex min-h-9 cursor-pointer items-center gap-3 rounded-sm px-3 max-md:min-h-11",
              index === chosen && "bg-selected",
            )}
          >
            {cells(row)}
          </li>
        ))}
      </ul>
      <p role="status" className={rows.length === 0 ? "px-4 pb-4 text-muted" : "sr-only"}>
        {isComing
          ? t("Loading")
          : rows.length === 0
            ? t("Nothing found.")
            : t("{n} found", { n: rows.length })}
      </p>
    </>
  );
}

/** The layer that such a list lies in: near the top, so that it stays where it is while rows come and go. */
export function PickDialog({
  label,
  close,
  children,
}: {
  label: string;
  close: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onClose={close}
      onMouseDown={({ target }) => {
        if (target === dialog.current) close();
      }}
      className="appear mx-auto mt-[12dvh] mb-auto w-full max-w-xl rounded-lg border border-line bg-raised p-0 shadow-overlay max-md:mt-2"
    >
      {children}
    </dialog>
  );
}
