import { Link } from "@tanstack/react-router";
import type { Search } from "../filters";
import { formatNumber, t } from "../words";
import { withTag } from "./event-query";

type Tag = {
  key: string;
  totalValues: number;
  uniqueValues: number;
  topValues: { value: string; count: number }[];
};

/** How often a tag has which value; each leads to the events that have it. */
export function TagBars({
  tag,
  search,
  base,
  valuesMax,
  heading: Heading,
}: {
  tag: Tag;
  search: Search;
  base: string;
  valuesMax: number;
  heading: "h2" | "h3";
}) {
  const shown = tag.topValues.slice(0, valuesMax);
  const counted = shown.reduce((sum, { count }) => sum + count, 0);
  const others = Math.max(0, tag.totalValues - counted);
  const share = (count: number) => Math.round((count / Math.max(1, tag.totalValues)) * 100);
  return (
    <div>
      <Heading className="flex items-baseline justify-between gap-2 text-xs">
        <span className="min-w-0 truncate" title={tag.key}>
          {tag.key}
        </span>
        <span className="numbers font-normal text-muted">
          {tag.uniqueValues > shown.length && formatNumber(tag.uniqueValues)}
        </span>
      </Heading>
      <ul className="mt-1 grid grid-cols-[minmax(0,1fr)] gap-0.5">
        {shown.map(({ value, count }) => (
          <li key={value}>
            <Link
              to={base}
              search={withTag(search, tag.key, value)}
              title={t("{n} events with {value}", { n: count, value: value.slice(0, 300) })}
              className="quiet relative flex min-h-6 items-center gap-2 overflow-hidden rounded-sm px-1.5 hover:bg-hover hover:no-underline max-md:min-h-11"
            >
              <span
                aria-hidden
                className="absolute inset-y-0 start-0 bg-selected"
                style={{ width: `${share(count)}%` }}
              />
              <span className="relative min-w-0 flex-1 truncate" dir="auto">
                {value || t("(empty)")}
              </span>
              <span className="numbers relative text-xs text-muted">{share(count)} %</span>
            </Link>
          </li>
        ))}
        {others > 0 && (
          <li className="flex min-h-6 items-center justify-between px-1.5 text-xs text-muted">
            {t("others")}
            <span className="numbers">{share(others)} %</span>
          </li>
        )}
      </ul>
    </div>
  );
}
