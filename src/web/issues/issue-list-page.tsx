import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { ApiFault } from "../api/fault";
import type { Search } from "../filters";
import { defaultQuery } from "../first-requests";
import { FilterBar } from "../frame/filter-bar";
import { Page as Framed } from "../frame/page";
import { idKindOf } from "../frame/pasted";
import { organization } from "../frame/session";
import { useFilters, useLastFilters } from "../use-filters";
import { t } from "../words";
import { IssueList } from "./issue-list";
import { SortMenu } from "./list-header";
import { queryIn } from "./list-presets";
import { prefetchList } from "./list-queries";
import { queryNotes } from "./query-notes";
import { SearchBar } from "./search-bar";
import { useIssueRows } from "./use-issue-rows";
import { ViewTabs } from "./view-tabs";

// After the issues.
const ViewsMenu = lazy(async () => ({ default: (await import("./views-menu")).ViewsMenu }));
const ListMenu = lazy(async () => ({ default: (await import("./list-menu")).ListMenu }));
const viewsPlace = <span className="flex h-8 w-24 max-md:h-11 max-md:w-11" />;

export const prefetch = ({ org = "" }: Record<string, string>, search: Search): void =>
  prefetchList(org, search);

/** What happened, what of it is still open, and how much of it there is. */
export function Page() {
  const { org } = useParams({ strict: false }) as { org: string };
  useLastFilters(org);
  const { search, setFilters } = useFilters();
  const { data: known } = useQuery(organization(org));
  const found = useIssueRows(org, search);
  const refusal = refusalOf(found.list.error);
  const isAfter = useAfter(!found.list.isPending);
  const navigate = useNavigate();
  /** An id that somebody pasted leads to what it is of. */
  const run = async (query: string) => {
    const to = idKindOf(query) && (await (await import("./lookup-queries")).pathOfId(org, query));
    if (to) await navigate({ to });
    else setFilters({ query: query === defaultQuery ? undefined : query });
  };
  return (
    <Framed
      title={`${t("Issues")}, ${known?.name ?? org}`}
      heading={t("Issues")}
      actions={
        <>
          <FilterBar org={org} />
          <span className="size-8 max-md:size-11">
            {isAfter && (
              <Suspense>
                <ListMenu org={org} search={search} />
              </Suspense>
            )}
          </span>
        </>
      }
      below={
        <>
          <ViewTabs org={org} search={search} isAfter={isAfter} />
          <div className="flex items-start gap-2 px-4 py-3">
            <SearchBar
              org={org}
              search={search}
              query={queryIn(search)}
              refusal={refusal}
              notes={queryNotes(queryIn(search), found.list.data?.pages[0]?.notes)}
              run={(query) => void run(query)}
            />
            <SortMenu search={search} setFilters={setFilters} />
            {isAfter ? (
              <Suspense fallback={viewsPlace}>
                <ViewsMenu org={org} search={search} />
              </Suspense>
            ) : (
              viewsPlace
            )}
          </div>
        </>
      }
    >
      <IssueList
        // Another search is another list: nothing of it is chosen, and one begins at the top.
        key={found.shownText}
        org={org}
        search={search}
        setFilters={setFilters}
        found={found}
        isRefused={refusal !== undefined}
      />
    </Framed>
  );
}

/** True once what was waited for has been painted: what comes then does not hold it up. */
function useAfter(isThere: boolean): boolean {
  const [isAfter, setAfter] = useState(false);
  useEffect(() => {
    if (!isThere) return;
    const timer = setTimeout(() => setAfter(true));
    return () => clearTimeout(timer);
  }, [isThere]);
  return isAfter;
}

const refusalOf = (error: unknown) =>
  error instanceof ApiFault && (error.status === 400 || error.status === 422)
    ? error.detail
    : undefined;
