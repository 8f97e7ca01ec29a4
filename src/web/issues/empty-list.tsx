import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { filtersOf, type Search } from "../filters";
import { defaultQuery } from "../first-requests";
import { periodWords } from "../frame/periods";
import { organization } from "../frame/session";
import { Button, ButtonLink } from "../parts/button";
import { Empty } from "../parts/empty";
import { Time } from "../parts/time";
import type { SetFilters } from "../use-filters";
import { formatNumber, joinWords, t } from "../words";
import { queryIn } from "./list-presets";
import { countsOutside, lastSeenIssue } from "./list-queries";

/** Why there is nothing, and what to do about it. */
export function EmptyList({
  org,
  search,
  setFilters,
}: {
  org: string;
  search: Search;
  setFilters: SetFilters;
}) {
  const { data: known } = useQuery(organization(org));
  const { data: last, isPending } = useQuery(lastSeenIssue(org, search));
  if (!known || isPending) return null;
  if (known.projects.length === 0) {
    return (
      <Empty
        action={
          <ButtonLink kind="primary" to={`/${org}/projects/new`}>
            {t("New project")}
          </ButtonLink>
        }
      >
        {t("There is no project yet. Errors are collected by project.")}
      </Empty>
    );
  }
  if (!last) {
    const chosen = filtersOf(search).projects;
    const project = known.projects.find(({ id }) => chosen.includes(id)) ?? known.projects.at(0);
    return (
      <Empty
        action={
          <ButtonLink kind="primary" to={`/${org}/projects/${project?.slug ?? ""}/setup`}>
            {t("Set up {name}", { name: project?.name ?? "" })}
          </ButtonLink>
        }
      >
        {t("Nothing was sent yet.")}
      </Empty>
    );
  }
  const isAllDone = queryIn(search) === defaultQuery;
  return (
    <Nothing org={org} search={search} setFilters={setFilters}>
      {isAllDone ? (
        <>
          {t("Nothing unresolved in this range.")} {t("Last event")} <Time at={last.lastSeen} />.
        </>
      ) : (
        <>
          {t("No issue matches:")} {filterWords(search)}.
        </>
      )}
    </Nothing>
  );
}

function filterWords(search: Search): string {
  const filters = filtersOf(search);
  return joinWords([
    queryIn(search) || t("all issues"),
    ...filters.environments,
    periodWords(filters),
  ]);
}

/** What a wider filter would find, and the way to it. */
function Nothing({
  org,
  search,
  setFilters,
  children,
}: {
  org: string;
  search: Search;
  setFilters: SetFilters;
  children: ReactNode;
}) {
  const { data: outside } = useQuery(countsOutside(org, search));
  const isSearched = queryIn(search) !== defaultQuery;
  const wider = [
    {
      words: t("in all environments"),
      found: outside?.withoutEnvironment,
      show: () => setFilters({ environments: [] }),
    },
    {
      words: t("at any time"),
      found: outside?.anyTime,
      show: () => setFilters({ statsPeriod: "3650d", start: undefined, end: undefined }),
    },
  ];
  return (
    <Empty
      action={
        <div className="flex flex-wrap justify-center gap-2">
          {wider.map(
            ({ words, found, show }) =>
              found &&
              found.count > 0 && (
                <Button key={words} onClick={show}>
                  {t("{n} {where}", {
                    n: formatNumber(found.count) + (found.more ? "+" : ""),
                    where: words,
                  })}
                </Button>
              ),
          )}
          {isSearched && (
            <Button onClick={() => setFilters({ query: undefined })}>
              {t("Show all unresolved")}
            </Button>
          )}
        </div>
      }
    >
      {children}
    </Empty>
  );
}
