import type { ReactNode } from "react";

export type Column<Row> = {
  label: string;
  cell: (row: Row) => ReactNode;
  align?: "end";
  /** Left out where there is no room for it. */
  wideOnly?: boolean;
};

/** A short table: up to some hundred rows, which fit on a page of the list. Scrolls sideways in itself. */
export function Table<Row>({
  columns,
  rows,
  keyOf,
  label,
}: {
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  label: string;
}) {
  return (
    // biome-ignore lint: what scrolls must be reachable by keys
    <div className="overflow-x-auto" role="region" aria-label={label} tabIndex={0}>
      <table className="w-full">
        <thead className="border-b border-line text-xs text-muted">
          <tr>
            {columns.map(({ label: name, align, wideOnly }) => (
              <th
                key={name}
                scope="col"
                className={`px-3 py-2 whitespace-nowrap ${align === "end" ? "text-end!" : ""} ${wideOnly ? "max-md:hidden" : ""}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line last:border-0 hover:bg-hover">
              {columns.map(({ label: name, cell, align, wideOnly }) => (
                <td
                  key={name}
                  className={`px-3 py-2 align-middle ${align === "end" ? "numbers text-end" : ""} ${wideOnly ? "max-md:hidden" : ""}`}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
