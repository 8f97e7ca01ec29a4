import { ArrowDownWideNarrow } from "lucide-react";
import { filtersOf, type Search } from "../filters";
import { Menu } from "../parts/menu";
import type { SetFilters } from "../use-filters";
import { t } from "../words";
import { presets, queryIn, sorts, withQuery } from "./list-presets";

/** Searches that one often makes. `isExplicit`: a bare address means something else to this person. */
export const presetTabs = (org: string, search: Search, isExplicit: boolean) =>
  presets.map(({ label, query }) => ({
    label,
    query,
    to: `/${org}/issues`,
    search: { ...withQuery(search, query), ...(isExplicit && { query }) },
    isCurrent: queryIn(search) === query,
  }));

export function SortMenu({ search, setFilters }: { search: Search; setFilters: SetFilters }) {
  const chosen = filtersOf(search).sort ?? "";
  const current = sorts.find(({ value }) => value === chosen);
  return (
    <Menu
      label={t("Sort: {by}", { by: current?.label ?? chosen })}
      align="end"
      button={
        <>
          <ArrowDownWideNarrow size={15} aria-hidden />
          <span className="max-md:hidden">{current?.label ?? chosen}</span>
        </>
      }
      items={sorts.map(({ value, label }) => ({
        label,
        checked: value === chosen,
        run: () => setFilters({ sort: value || undefined }),
      }))}
    />
  );
}
