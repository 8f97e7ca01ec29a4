import type { ReactNode } from "react";
import { t } from "../words";
import { Button } from "./button";
import { ErrorBox } from "./error-box";
import { SkeletonRows } from "./skeleton";

type Paged<Row> = {
  data: { pages: { rows: Row[] }[] } | undefined;
  error: Error | null;
  isError: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
};

/** A list read page by page: on its way, wrong, empty, or its rows with a button for more. */
export function ListPages<Row>({
  list,
  empty,
  children,
}: {
  list: Paged<Row>;
  empty: ReactNode;
  children: (rows: Row[]) => ReactNode;
}) {
  const rows = list.data?.pages.flatMap((page) => page.rows);
  if (list.isError && !rows)
    return <ErrorBox error={list.error} retry={() => void list.refetch()} />;
  if (!rows) return <SkeletonRows rows={5} height="var(--row-small)" />;
  if (rows.length === 0) return empty;
  return (
    <>
      {children(rows)}
      {list.hasNextPage && (
        <div className="flex justify-center p-3">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("Show more")}
          </Button>
        </div>
      )}
    </>
  );
}
