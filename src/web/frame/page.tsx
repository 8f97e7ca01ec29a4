import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";

/** The one heading of a page; it gets the focus when somebody comes here, so that it is read out. */
export function Page({
  title,
  heading,
  actions,
  children,
  narrow,
  hideHeading,
  above,
  below,
}: {
  /** For the window: "Issues, Acme". */
  title: string;
  /** Where it differs from the title. */
  heading?: ReactNode;
  actions?: ReactNode;
  /** Over the heading: the way back to where this belongs. */
  above?: ReactNode;
  /** Beneath the heading, across the page: tabs, filters. */
  below?: ReactNode;
  children: ReactNode;
  /** Forms and texts, which are hard to read when they are wide. */
  narrow?: boolean;
  hideHeading?: boolean;
}) {
  useTitle(title);
  const top = useRef<HTMLHeadingElement>(null);
  useFocusOnArrival(top);
  return (
    <>
      {above}
      <header
        className={
          hideHeading
            ? "sr-only"
            : "flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-4 pb-3"
        }
      >
        <h1 ref={top} tabIndex={-1} className="min-w-0 text-xl">
          {heading ?? title}
        </h1>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {below}
      <div className={narrow ? "grid max-w-3xl gap-4 p-4" : "min-w-0"}>{children}</div>
    </>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title}, Brinkwatch`;
  }, [title]);
}

let arrivals = 0;

/** Not on the first page of a visit, where the browser begins at the top by itself. */
function useFocusOnArrival(heading: React.RefObject<HTMLHeadingElement | null>): void {
  const router = useRouter();
  useEffect(() => {
    arrivals += 1;
    if (arrivals === 1 || router.history.location.hash) return;
    // What was asked for by another way, e.g. a field that wants the focus, keeps it.
    const at = document.activeElement;
    if (at && at !== document.body && at.closest("main")) return;
    heading.current?.focus({ preventScroll: true });
  }, [router, heading]);
}
