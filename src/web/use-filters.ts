import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { type Filters, filtersOf, type Search, searchOf, sharedPart } from "./filters";

export type SetFilters = (change: Partial<Filters>, options?: { replace?: boolean }) => void;

/** The filters in the address of a list, and a way to change them; what else stands in the address stays. */
export function useFilters(): { filters: Filters; search: Search; setFilters: SetFilters } {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const filters = filtersOf(search);
  return {
    filters,
    search,
    setFilters: (change, { replace = false } = {}) => {
      const names = new Set([
        "project",
        "environment",
        "statsPeriod",
        "start",
        "end",
        "query",
        "sort",
        "cursor",
      ]);
      const others = Object.entries(search).filter(([name]) => !names.has(name));
      const next = { ...Object.fromEntries(others), ...searchOf({ ...filters, ...change }) };
      void navigate({ to: ".", search: next, replace });
    },
  };
}

const keyOf = (org: string) => `brinkwatch.filters.${org}`;

/** A bare address of a list takes the organization's last filters: what one sees is what one can copy. */
export function useLastFilters(org: string): void {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const text = JSON.stringify(sharedPart(search));
  const arrivedIn = useRef("");
  useEffect(() => {
    try {
      // Whoever takes the last filter away does not want it back.
      const isArrival = arrivedIn.current !== org;
      arrivedIn.current = org;
      if (isArrival && Object.keys(search).length === 0) {
        const kept = localStorage.getItem(keyOf(org));
        const last: unknown = kept ? JSON.parse(kept) : undefined;
        if (typeof last !== "object" || last === null) return;
        const known = sharedPart(last as Search);
        if (Object.keys(known).length > 0) void navigate({ to: ".", search: known, replace: true });
        return;
      }
      localStorage.setItem(keyOf(org), text);
    } catch {
      // Only a convenience.
    }
  }, [org, text]);
}
