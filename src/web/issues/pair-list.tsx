import type { ReactNode } from "react";
import { Leaf } from "./json-tree";

/** Names and values below each other; the values are texts of strangers. */
export function PairList({ pairs, label }: { pairs: [string, unknown][]; label: string }) {
  return (
    <dl aria-label={label} className="grid rounded-lg border border-line">
      {pairs.map(([name, value], index) => (
        <Pair key={`${index}-${name.slice(0, 100)}`} name={name}>
          <Leaf value={value} />
        </Pair>
      ))}
    </dl>
  );
}

export function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(6rem,12rem)_1fr] gap-3 border-b border-line px-3 py-1 last:border-0 max-md:grid-cols-1 max-md:gap-0">
      <dt className="text-muted">{name.slice(0, 300)}</dt>
      <dd className="min-w-0 font-mono text-xs leading-5">{children}</dd>
    </div>
  );
}
