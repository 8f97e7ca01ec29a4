import { useNavigate } from "@tanstack/react-router";
import type { Search } from "../filters";
import { eventFilterNames } from "../first-requests";
import { Button } from "../parts/button";
import { Empty } from "../parts/empty";
import { t } from "../words";
import { eventSearch } from "./issue-queries";

/** No event of the issue is inside the filter; or there is none left at all. */
export function NoEvents({ search }: { search: Search }) {
  const navigate = useNavigate();
  const isFiltered = Object.keys(eventSearch(search)).length > 0;
  if (!isFiltered) return <Empty>{t("No event of this issue is kept any more.")}</Empty>;
  const rest = Object.fromEntries(
    Object.entries(search).filter(
      ([name]) => !(eventFilterNames as readonly string[]).includes(name),
    ),
  );
  return (
    <Empty
      action={
        <Button onClick={() => void navigate({ to: ".", search: rest })}>
          {t("Clear filter")}
        </Button>
      }
    >
      {t("No event of this issue fits the filter.")}
    </Empty>
  );
}
