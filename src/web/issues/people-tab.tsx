import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Search } from "../filters";
import { Button } from "../parts/button";
import { Count } from "../parts/count";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { Choice, Field } from "../parts/field";
import { SkeletonRows } from "../parts/skeleton";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { useSettled } from "../use-settled";
import { t } from "../words";
import { withTerm } from "./event-query";
import { issuePeople, type PersonValue } from "./person-queries";

type Props = { org: string; issue: string; search: Search; base: string };

const sorts = [
  { value: "count", label: t("Most events first") },
  { value: "date", label: t("Last seen first") },
  { value: "age", label: t("Newest people first") },
];

/** Whom an issue has met, how often and when. */
export function PeopleTab({ org, issue, search, base }: Props) {
  const [text, setText] = useState("");
  const [sort, setSort] = useState("count");
  const asked = useSettled(text.trim());
  const found = useInfiniteQuery(issuePeople(org, issue, asked, sort, search));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 p-4">
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-60 flex-1">
          <Field
            label={t("Search people")}
            hideLabel
            type="search"
            placeholder={t("Id, name, address")}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <Choice
          label={t("Order")}
          hideLabel
          options={sorts}
          value={sort}
          onChange={(event) => setSort(event.target.value)}
        />
      </div>
      {found.isPending ? (
        <SkeletonRows height="var(--row-small)" />
      ) : !found.data ? (
        <ErrorBox error={found.error} retry={() => void found.refetch()} />
      ) : (
        <People
          rows={found.data.pages.flatMap(({ rows }) => rows)}
          isSearched={asked !== ""}
          isOld={found.isPlaceholderData}
          search={search}
          base={base}
        />
      )}
      {found.hasNextPage && (
        <div className="text-center">
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t("Show more people")}
          </Button>
        </div>
      )}
      {found.isFetchNextPageError && (
        <ErrorBox error={found.error} retry={() => void found.fetchNextPage()} />
      )}
    </div>
  );
}

function People({
  rows,
  isSearched,
  isOld,
  search,
  base,
}: {
  rows: PersonValue[];
  isSearched: boolean;
  isOld: boolean;
  search: Search;
  base: string;
}) {
  if (rows.length === 0) {
    return (
      <Empty>
        {isSearched
          ? t("Nobody is called so.")
          : t("No event says whom it happened to. SDKs do where they are given a user.")}
      </Empty>
    );
  }
  return (
    <div className={isOld ? "opacity-60" : ""}>
      <Table
        label={t("People")}
        rows={rows}
        keyOf={({ value }) => value}
        columns={[
          {
            label: t("Person"),
            cell: (person) => (
              <Link to={`${base}/events`} search={withTerm(search, person.query ?? "")}>
                <bdi className="block max-w-80 truncate" title={person.name.slice(0, 300)}>
                  {person.name || t("(no name)")}
                </bdi>
              </Link>
            ),
          },
          { label: t("Id"), wideOnly: true, cell: ({ id }) => <Cut text={id} /> },
          { label: t("Email"), wideOnly: true, cell: ({ email }) => <Cut text={email} /> },
          {
            label: t("Address"),
            wideOnly: true,
            cell: ({ ipAddress }) => <Cut text={ipAddress} />,
          },
          { label: t("Events"), align: "end", cell: ({ count }) => <Count value={count} /> },
          {
            label: t("First seen"),
            wideOnly: true,
            cell: ({ firstSeen }) => <Time at={firstSeen} absolute />,
          },
          { label: t("Last seen"), cell: ({ lastSeen }) => <Time at={lastSeen} absolute /> },
        ]}
      />
    </div>
  );
}

const Cut = ({ text }: { text: string | null | undefined }) => (
  <bdi className="block max-w-48 truncate text-muted" title={text?.slice(0, 300)}>
    {text}
  </bdi>
);
