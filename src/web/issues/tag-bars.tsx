import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { filtersOf, type Search } from "../filters";
import { formatNumber, joinWords, t } from "../words";
import { withTag } from "./event-query";

const TagValues = lazy(async () => ({ default: (await import("./tag-values")).TagValues }));

type Tag = {
  key: string;
  totalValues: number;
  uniqueValues: number;
  topValues: { value: string; count: number }[];
};

/** Of the API: tags of some environments are counted in so many of their newest events. */
const sampledEvents = 300;

/** Says what the shares are of, where that is not all events. */
export const SampleNote = ({ search }: { search: Search }) =>
  filtersOf(search).environments.length > 0 && (
    <p className="mb-2 text-xs text-muted">
      {t("Of the newest {n} events in {environments}.", {
        n: sampledEvents,
        environments: joinWords(filtersOf(search).environments),
      })}
    </p>
  );

/** How often a tag has which value; each leads to the events that have it. */
export function TagBars({
  org,
  issue,
  tag,
  search,
  base,
  valuesMax,
  heading: Heading,
}: {
  org: string;
  issue: string;
  tag: Tag;
  search: Search;
  base: string;
  valuesMax: number;
  heading: "h2" | "h3";
}) {
  const [isOpen, setOpen] = useState(false);
  const shown = tag.topValues.slice(0, valuesMax);
  const counted = shown.reduce((sum, { count }) => sum + count, 0);
  const others = Math.max(0, tag.totalValues - counted);
  const share = (count: number) => Math.round((count / Math.max(1, tag.totalValues)) * 100);
  return (
    <div>
      <Heading className="flex min-h-6 items-center justify-between gap-2 text-xs">
        <span className="min-w-0 truncate" title={tag.key}>
          {tag.key}
        </span>
        {tag.uniqueValues > shown.length && (
          <button
            type="button"
            className="numbers min-h-6 shrink-0 font-normal text-muted hover:text-text hover:underline max-md:min-h-11"
            aria-label={t("All {n} values of {key}", { n: tag.uniqueValues, key: tag.key })}
            onClick={() => setOpen(true)}
          >
            {t("all {n}", { n: formatNumber(tag.uniqueValues) })}
          </button>
        )}
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
      {isOpen && (
        <Suspense>
          <TagValues
            org={org}
            issue={issue}
            tagKey={tag.key}
            search={search}
            base={base}
            close={() => setOpen(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
