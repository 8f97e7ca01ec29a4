import type { ReactNode } from "react";

/** A part of a page with a heading of its own. */
export function Card({
  title,
  help,
  actions,
  children,
  id,
}: {
  title: string;
  help?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section className="card" aria-label={title} id={id}>
      <header className="flex flex-wrap items-start justify-between gap-2 border-b border-line px-4 py-3">
        <div className="min-w-0">
          <h2 className="text-base">{title}</h2>
          {help && <p className="mt-0.5 max-w-prose text-muted">{help}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      <div className="p-4">{children}</div>
    </section>
  );
}
