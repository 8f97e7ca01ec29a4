import { useCallback, useMemo, useState } from "react";
import { useCommands } from "../commands";
import { useStable } from "../use-stable";
import { t } from "../words";
import type { ListedIssue } from "./list-queries";
import {
  afterLeaving,
  extendTo,
  moved,
  nothing,
  placeOf,
  selectAll,
  start,
  stillThere,
  toggle,
} from "./list-selection";

/** Where one is in the list, what is chosen, and the keys for both. */
export function useListKeys(
  rows: ListedIssue[],
  /** All issues that are loaded: of those, what is no row has left the list. */
  known: ReadonlySet<string>,
  open: (issue: ListedIssue) => void,
) {
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const [cursor, setCursor] = useState(start);
  const [selection, setSelection] = useState(nothing);
  const [focusOn, setFocusOn] = useState(0);
  const [isGlancing, setGlancing] = useState(false);
  const current = placeOf(cursor, ids);
  const chosen = useMemo(() => stillThere(selection, ids, known), [selection, ids, known]);
  const issue = rows[current];

  const move = (by: number) => {
    setCursor(moved(cursor, ids, current < 0 && by < 0 ? 1 : by));
    setFocusOn((count) => count + 1);
  };
  const extend = (by: number) => {
    const next = moved(cursor, ids, by);
    if (next.id === undefined) return;
    const begun = chosen.anchor ? chosen : { ...chosen, anchor: ids[Math.max(0, current)] };
    setSelection(extendTo(begun, ids, next.id));
    setCursor(next);
    setFocusOn((count) => count + 1);
  };
  const clear = useCallback(() => setSelection(nothing), []);
  const glance = () => {
    if (current < 0) move(1);
    setGlancing(!isGlancing);
  };
  const group = t("This list");
  const empty = rows.length === 0;
  useCommands([
    {
      id: "list.next",
      title: t("Next"),
      keys: "j, arrowdown",
      group,
      disabled: empty,
      run: () => move(1),
    },
    {
      id: "list.previous",
      title: t("Previous"),
      keys: "k, arrowup",
      group,
      disabled: empty,
      run: () => move(-1),
    },
    {
      id: "list.open",
      title: t("Open"),
      keys: "o, enter",
      group,
      disabled: !issue,
      run: () => issue && open(issue),
    },
    {
      id: "list.select",
      title: t("Select"),
      keys: "x",
      group,
      disabled: !issue,
      run: () => issue && setSelection(toggle(chosen, issue.id)),
    },
    {
      id: "list.extend-down",
      title: t("Select on to the next"),
      keys: "shift+j, shift+arrowdown",
      group,
      disabled: empty,
      run: () => extend(1),
    },
    {
      id: "list.extend-up",
      title: t("Select on to the one before"),
      keys: "shift+k, shift+arrowup",
      group,
      disabled: empty,
      run: () => extend(-1),
    },
    {
      id: "list.select-all",
      title: t("Select all that are here; again: all that match"),
      keys: "mod+a",
      group,
      disabled: empty,
      run: () => setSelection(selectAll(chosen, ids)),
    },
    {
      id: "list.glance",
      title: t("Look at it without leaving the list"),
      keys: "space",
      group,
      disabled: empty,
      run: glance,
    },
    {
      id: "list.clear",
      title: isGlancing ? t("Close the look at an issue") : t("Clear the selection"),
      keys: "escape",
      group,
      disabled: !isGlancing && chosen.ids.size === 0,
      run: () => (isGlancing ? setGlancing(false) : clear()),
    },
  ]);
  return {
    ids,
    current,
    issue,
    focusOn,
    selection: chosen,
    isGlancing,
    glance,
    stopGlancing: () => setGlancing(false),
    clear,
    chooseAll: () =>
      setSelection(
        chosen.ids.size > 0 && ids.every((id) => chosen.ids.has(id))
          ? nothing
          : selectAll(nothing, ids),
      ),
    chooseMatching: () => setSelection({ ...nothing, ids: new Set(ids), isAllMatching: true }),
    choose: useStable((id: string, isRange: boolean) =>
      setSelection((now) => (isRange ? extendTo(now, ids, id) : toggle(now, id))),
    ),
    arrive: useStable((id: string) => setCursor({ id, index: ids.indexOf(id) })),
    /** Some leave: the keys go on with the next, the selection is done with. */
    leave: (leaving: ReadonlySet<string>) => {
      const next = afterLeaving(cursor, ids, leaving);
      const isMoved = next.id !== cursor.id;
      setCursor(next);
      setSelection(nothing);
      if (isMoved && next.id !== undefined) setFocusOn((count) => count + 1);
    },
  };
}
