import type { ReactNode } from "react";

/** Nothing here: one sentence, one action, one link. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-3 px-4 py-12 text-center text-muted">
      <p className="max-w-prose">{children}</p>
      {action}
    </div>
  );
}
