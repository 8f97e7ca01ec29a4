import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Search } from "../filters";
import { Tabs } from "../parts/tabs";
import { formatShort, t } from "../words";
import { presetTabs } from "./list-header";
import { issueCounts } from "./list-queries";
import { addressOfView, viewIn } from "./view-address";
import { type View, viewTabs } from "./view-queries";

/** Searches that one often makes, with how much they find inside the filters, and the views that one keeps beside them. */
export function ViewTabs({
  org,
  search,
  isAfter,
}: {
  org: string;
  search: Search;
  /** The issues come first, then how many there are, and the views. */
  isAfter: boolean;
}) {
  const { data: counts = [] } = useQuery({ ...issueCounts(org, search), enabled: isAfter });
  const { data: kept } = useQuery({ ...viewTabs(org), enabled: isAfter });
  const views = kept ?? [];
  useBeginning(org, search, kept);
  const shown = viewIn(search, views);
  const { view: _, ...outside } = search;
  const hasBeginning = views.some(({ isDefault }) => isDefault);
  return (
    <Tabs
      label={t("Kinds of issues")}
      tabs={[
        ...presetTabs(org, outside, hasBeginning).map((preset) => {
          const found = counts.find((count) => count.query === preset.query);
          return {
            label: preset.label,
            to: preset.to,
            search: preset.search,
            isCurrent: !shown && preset.isCurrent,
            // Its place is kept until it is known.
            count: (
              <span className="inline-block min-w-9">
                {found && `${formatShort(found.count)}${found.more ? "+" : ""}`}
              </span>
            ),
          };
        }),
        ...views.map((view) => ({
          id: view.id,
          label: view.name,
          to: `/${org}/issues`,
          search: addressOfView(view),
          isCurrent: view === shown,
        })),
      ]}
    />
  );
}

/** Who comes to the list without saying which one begins with the view that they chose for that. */
function useBeginning(org: string, search: Search, views: View[] | undefined): void {
  const navigate = useNavigate();
  const isBare = Object.keys(search).every((name) => !/^(?:query|sort|view)$/.test(name));
  const isArrival = useRef(Object.keys(search).length === 0);
  useEffect(() => {
    if (!views || !isArrival.current) return;
    isArrival.current = false;
    const beginning = views.find(({ isDefault }) => isDefault);
    if (beginning && isBare) {
      void navigate({ to: `/${org}/issues`, search: addressOfView(beginning), replace: true });
    }
  }, [org, views, isBare, navigate]);
}
