import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Search } from "../filters";
import { Button } from "../parts/button";
import { Count } from "../parts/count";
import { Dialog } from "../parts/dialog";
import { ErrorBox } from "../parts/error-box";
import { Field } from "../parts/field";
import { SkeletonRows } from "../parts/skeleton";
import { useSettled } from "../use-settled";
import { plural, t } from "../words";
import { withTag } from "./event-query";
import { tagValues } from "./issue-queries";

type Props = {
  org: string;
  issue: string;
  tagKey: string;
  search: Search;
  /** The address of the issue. */
  base: string;
  close: () => void;
};

/** Every value of a tag with how often it was there; each leads to the events that have it. */
export function TagValues({ org, issue, tagKey, search, base, close }: Props) {
  const [text, setText] = useState("");
  const asked = useSettled(text.trim());
  const found = useInfiniteQuery(tagValues(org, issue, tagKey, asked, search));
  const rows = found.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Dialog title={t("Values of {key}", { key: tagKey.slice(0, 100) })} close={close}>
      <Field
        label={t("Search values")}
        hideLabel
        type="search"
        placeholder={t("Search values")}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {found.isPending ? (
        <SkeletonRows rows={6} height="var(--row-small)" />
      ) : !found.data ? (
        <ErrorBox error={found.error} retry={() => void found.refetch()} />
      ) : (
        <>
          <p role="status" className={rows.length === 0 ? "py-4 text-muted" : "sr-only"}>
            {rows.length === 0 ? t("No value fits.") : plural(rows.length, t("value"), t("values"))}
          </p>
          <ul
            className={`mt-2 divide-y divide-line ${found.isPlaceholderData ? "opacity-60" : ""}`}
          >
            {rows.map(({ value, count }) => (
              <li key={value}>
                <Link
                  to={base}
                  search={withTag(search, tagKey, value)}
                  onClick={close}
                  className="quiet flex min-h-8 items-center gap-3 px-1 hover:bg-hover hover:no-underline max-md:min-h-11"
                >
                  <span className="min-w-0 flex-1 truncate" dir="auto" title={value.slice(0, 300)}>
                    {value || t("(empty)")}
                  </span>
                  <span className="w-12 shrink-0 text-end">
                    <Count value={count} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          {found.hasNextPage && (
            <div className="p-3 text-center">
              <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                {t("Show more values")}
              </Button>
            </div>
          )}
          {found.isFetchNextPageError && (
            <ErrorBox error={found.error} retry={() => void found.fetchNextPage()} />
          )}
        </>
      )}
    </Dialog>
  );
}
