import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Search } from "../filters";
import { classes } from "./classes";

export type Tab = {
  /** Where several may be called alike. */
  id?: string;
  label: string;
  to: string;
  search?: Search;
  count?: ReactNode;
  isCurrent: boolean;
};

/** Pages beside each other, each with an address of its own. */
export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  return (
    <nav aria-label={label} className="overflow-x-auto border-b border-line">
      <ul className="flex min-w-max gap-1 px-2">
        {tabs.map((tab) => (
          <li key={tab.id ?? tab.label}>
            <Link
              to={tab.to}
              search={tab.search ?? {}}
              aria-current={tab.isCurrent ? "page" : undefined}
              className={classes(
                "-mb-px inline-flex min-h-9 items-center gap-1.5 border-b-2 px-2 whitespace-nowrap hover:no-underline max-md:min-h-11",
                tab.isCurrent
                  ? "border-accent font-medium text-text"
                  : "border-transparent text-muted hover:text-text",
              )}
            >
              <bdi className="max-w-60 truncate">{tab.label}</bdi>
              {tab.count !== undefined && (
                <span className="numbers text-xs text-muted">{tab.count}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
