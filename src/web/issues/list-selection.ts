/** What is chosen of a list: issues by id, or all that its filter finds, seen or not. */
export type Selection = {
  ids: ReadonlySet<string>;
  isAllMatching: boolean;
  /** All that were there were asked for, whatever was loaded since. */
  isAllHere: boolean;
  /** Where a choice of several began. */
  anchor: string | undefined;
};

export const nothing: Selection = {
  ids: new Set(),
  isAllMatching: false,
  isAllHere: false,
  anchor: undefined,
};

export function toggle({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ...nothing, ids: next, anchor: id };
}

/** From where the choice began to a row, both with it. */
export function extendTo(selection: Selection, rows: readonly string[], id: string): Selection {
  const [from, to] = [rows.indexOf(selection.anchor ?? id), rows.indexOf(id)];
  if (to < 0) return selection;
  if (from < 0) return { ...nothing, ids: new Set([...selection.ids, id]), anchor: id };
  const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ...nothing, ids: new Set([...selection.ids, ...between]), anchor: selection.anchor };
}

/** The first time all rows that are here, the second time all that match. */
export function selectAll(selection: Selection, rows: readonly string[]): Selection {
  const hasAll = rows.length > 0 && rows.every((id) => selection.ids.has(id));
  const isSecond = hasAll || (selection.isAllHere && selection.ids.size > 0);
  return { ids: new Set(rows), isAllMatching: isSecond, isAllHere: true, anchor: undefined };
}

/** What is chosen and still there; what is not loaded any more is believed to be. */
export function stillThere(
  selection: Selection,
  rows: readonly string[],
  loaded: ReadonlySet<string>,
): Selection {
  if (selection.ids.size === 0) return selection;
  const shown = new Set(rows);
  const ids = selection.isAllMatching
    ? rows
    : [...selection.ids].filter((id) => shown.has(id) || !loaded.has(id));
  return ids.length === 0 ? nothing : { ...selection, ids: new Set(ids) };
}

/** Where one is in a list: by id, and by place for when that issue has left. */
export type Cursor = { id: string | undefined; index: number };

export const start: Cursor = { id: undefined, index: -1 };

/** The place of the cursor among the rows; -1 before one has moved. */
export function placeOf({ id, index }: Cursor, rows: readonly string[]): number {
  if (id === undefined) return -1;
  const at = rows.indexOf(id);
  return at >= 0 ? at : Math.min(index, rows.length - 1);
}

export function moved(cursor: Cursor, rows: readonly string[], by: number): Cursor {
  const at = placeOf(cursor, rows);
  const index = Math.max(0, Math.min(rows.length - 1, at + by));
  return { id: rows[index], index };
}

/** The row to go on with when some leave: the next that stays, else the one before. */
export function afterLeaving(
  cursor: Cursor,
  rows: readonly string[],
  leaving: ReadonlySet<string>,
): Cursor {
  const at = placeOf(cursor, rows);
  if (at < 0) return cursor;
  const stays = (id: string) => !leaving.has(id);
  const id = rows.slice(at).find(stays) ?? rows.slice(0, at).findLast(stays);
  return id === undefined ? { id: undefined, index: at } : { id, index: rows.indexOf(id) };
}
