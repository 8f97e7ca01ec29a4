import { useNavigate } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect } from "react";
import { queryClient } from "../api/query-client";
import { useCommands } from "../commands";
import type { Search } from "../filters";
import { formatNumber, t } from "../words";
import { type CameFrom, placeIn } from "./came-from";
import { issueDetail, issueEvent } from "./issue-queries";
import { StepButton } from "./step-button";

/** "4 of 128" of the list that one came from, with the ways to the next issue and the one before. */
export function ListSteps({
  org,
  issue,
  list,
  search,
}: {
  org: string;
  issue: string;
  list: CameFrom;
  search: Search;
}) {
  const navigate = useNavigate();
  const { place, previous, next } = placeIn(list, issue) ?? {};
  // The way back is to the list, not through all that one looked at.
  const go = (id: string | undefined) => {
    if (id) void navigate({ to: `/${org}/issues/${id}`, search, replace: true });
  };
  useCommands([
    {
      id: "issue.next",
      title: t("Next issue of the list"),
      keys: "shift+j",
      group: t("This issue"),
      disabled: !next,
      run: () => go(next),
    },
    {
      id: "issue.previous",
      title: t("Issue before of the list"),
      keys: "shift+k",
      group: t("This issue"),
      disabled: !previous,
      run: () => go(previous),
    },
  ]);
  useEffect(() => {
    if (!next) return;
    void queryClient.prefetchQuery(issueDetail(org, next));
    void queryClient.prefetchQuery(issueEvent(org, next, "latest", search));
  }, [org, next, search]);
  if (place === undefined) return null;
  return (
    <span className="ms-auto inline-flex items-center" data-print="no">
      <StepButton icon={ChevronLeft} keys="shift+k" off={!previous} run={() => go(previous)}>
        {t("Issue before of the list")}
      </StepButton>
      <span className="numbers px-1 whitespace-nowrap">
        {list.total
          ? t("{place} of {total}", { place: formatNumber(place), total: list.total })
          : formatNumber(place)}
      </span>
      <StepButton icon={ChevronRight} keys="shift+j" off={!next} run={() => go(next)}>
        {t("Next issue of the list")}
      </StepButton>
    </span>
  );
}
