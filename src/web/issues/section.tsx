import { type ReactNode, useId } from "react";

/** A part of an event's page, to which an address and a digit lead. */
export function Section({
  id,
  title,
  count,
  actions,
  children,
}: {
  id: string;
  title: string;
  count?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const heading = useId();
  return (
    <section
      id={id}
      aria-labelledby={heading}
      className="scroll-mt-24 border-t border-line px-4 py-4 first:border-t-0"
    >
      <header className="mb-2 flex min-h-8 flex-wrap items-center justify-between gap-2">
        <h2 id={heading} tabIndex={-1} data-section className="text-base outline-none">
          {title}{" "}
          {count !== undefined && (
            <span className="numbers ms-1 font-normal text-muted">{count}</span>
          )}
        </h2>
        {actions && <div className="flex flex-wrap items-center gap-1">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
