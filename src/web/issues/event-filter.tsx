import { Search as SearchIcon, X } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { FilterBar } from "../frame/filter-bar";
import { Button } from "../parts/button";
import { useFilters } from "../use-filters";
import { t } from "../words";

/** Which events of the issue one goes through: by environment, time and what they carry. */
export function EventFilter({ org, refused }: { org: string; refused: string | undefined }) {
  const { filters, setFilters } = useFilters();
  const [text, setText] = useState(filters.query ?? "");
  const id = useId();
  useEffect(() => setText(filters.query ?? ""), [filters.query]);
  return (
    <search
      className="flex flex-wrap items-center gap-2 border-b border-line bg-sunken px-4 py-2"
      data-print="no"
    >
      <FilterBar org={org} withProjects={false} anyTime />
      <form
        className="flex min-w-48 flex-1 items-center gap-1"
        onSubmit={(event) => {
          event.preventDefault();
          setFilters({ query: text.trim() || undefined });
        }}
      >
        <div className="relative min-w-0 flex-1">
          <SearchIcon
            size={14}
            className="pointer-events-none absolute start-2 top-1/2 -translate-y-1/2 text-muted"
            aria-hidden
          />
          <input
            type="text"
            data-search
            className="field ps-7!"
            aria-label={t("Search events of this issue")}
            placeholder={t("Filter events: words, browser.name:Firefox, !release:1.0")}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape") event.currentTarget.blur();
            }}
            spellCheck={false}
            autoComplete="off"
            {...(refused && { "aria-invalid": true, "aria-describedby": id })}
          />
        </div>
        {filters.query && (
          <Button kind="quiet" icon={X} iconOnly onClick={() => setFilters({ query: undefined })}>
            {t("Clear search")}
          </Button>
        )}
      </form>
      {refused && (
        <p id={id} role="alert" className="w-full text-xs text-danger">
          {refused}
        </p>
      )}
    </search>
  );
}
