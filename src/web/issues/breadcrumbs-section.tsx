import { useState } from "react";
import { Button } from "../parts/button";
import { classes } from "../parts/classes";
import { Choice, Field } from "../parts/field";
import { Level } from "../parts/level";
import { clockTime } from "../parts/time-words";
import { usePreferences } from "../use-preferences";
import { t } from "../words";
import {
  breadcrumbLine,
  type CrumbFilter,
  kindOf,
  matchesCrumb,
  offsetWords,
  restOfData,
} from "./breadcrumb-words";
import type { Breadcrumb } from "./event-parts";
import { JsonTree, Leaf } from "./json-tree";
import { Section } from "./section";

const shownAtFirst = 15;
const noFilter: CrumbFilter = { text: "", kind: "", level: "" };

/** What led there, the last first: so many at first, then all that were sent. */
export function BreadcrumbsSection({
  breadcrumbs,
  eventAt,
}: {
  breadcrumbs: Breadcrumb[];
  eventAt: number;
}) {
  const [filter, setFilter] = useState(noFilter);
  const [isAll, setAll] = useState(false);
  const found = breadcrumbs.toReversed().filter((crumb) => matchesCrumb(crumb, filter));
  const isFiltered = filter.text !== "" || filter.kind !== "" || filter.level !== "";
  const shown = isAll || isFiltered ? found : found.slice(0, shownAtFirst);
  const rest = found.length - shown.length;
  const options = (values: string[], all: string) => [
    { value: "", label: all },
    ...[...new Set(values)].toSorted().map((value) => ({ value, label: value.slice(0, 60) })),
  ];
  return (
    <Section
      id="breadcrumbs"
      title={t("Breadcrumbs")}
      count={
        shown.length < breadcrumbs.length
          ? t("{shown} of {all}", { shown: shown.length, all: breadcrumbs.length })
          : breadcrumbs.length
      }
      actions={
        breadcrumbs.length > 3 && (
          <div className="flex flex-wrap gap-1">
            <Field
              label={t("Search breadcrumbs")}
              hideLabel
              type="search"
              placeholder={t("Search")}
              value={filter.text}
              onChange={(event) => setFilter({ ...filter, text: event.target.value })}
              className="w-36!"
            />
            <Choice
              label={t("Kind")}
              hideLabel
              value={filter.kind}
              onChange={(event) => setFilter({ ...filter, kind: event.target.value })}
              options={options(breadcrumbs.map(kindOf), t("All kinds"))}
              className="w-auto! max-w-40"
            />
            <Choice
              label={t("Level")}
              hideLabel
              value={filter.level}
              onChange={(event) => setFilter({ ...filter, level: event.target.value })}
              options={options(
                breadcrumbs.map(({ level }) => level),
                t("All levels"),
              )}
              className="w-auto!"
            />
          </div>
        )
      }
    >
      {shown.length === 0 ? (
        <p className="py-4 text-muted" role="status">
          {t("No breadcrumb fits.")}{" "}
          <Button kind="quiet" small onClick={() => setFilter(noFilter)}>
            {t("Clear")}
          </Button>
        </p>
      ) : (
        <ol className="rounded-lg border border-line">
          {shown.map((crumb, index) => (
            <Crumb key={index} crumb={crumb} eventAt={eventAt} />
          ))}
        </ol>
      )}
      {rest > 0 && (
        <Button kind="quiet" small onClick={() => setAll(true)}>
          {t("Show {n} earlier", { n: rest })}
        </Button>
      )}
    </Section>
  );
}

const lineChars = 600;

function Crumb({ crumb, eventAt }: { crumb: Breadcrumb; eventAt: number }) {
  const preferences = usePreferences();
  const [isOpen, setOpen] = useState(false);
  const line = breadcrumbLine(crumb);
  const data = restOfData(crumb);
  const isLong = line.length > lineChars;
  const status =
    /\b[45]\d\d\b/.test(line) && /http|fetch|xhr/.test(`${crumb.type}${crumb.category}`);
  return (
    <li className="grid grid-cols-[4.5rem_minmax(5rem,9rem)_1fr] items-baseline gap-x-3 border-b border-line px-3 py-1.5 last:border-0 max-md:grid-cols-[4.5rem_1fr]">
      <span
        className="numbers text-xs text-muted"
        title={crumb.at === undefined ? undefined : clockTime(new Date(crumb.at), preferences)}
      >
        {offsetWords(crumb.at, eventAt)}
      </span>
      <span className="flex min-w-0 items-baseline gap-1.5">
        <Level level={crumb.level} />
        <span className="min-w-0 truncate" title={kindOf(crumb).slice(0, 200)}>
          {kindOf(crumb)}
        </span>
      </span>
      <div className="min-w-0 max-md:col-span-2">
        <span
          dir="auto"
          className={classes("font-mono text-xs whitespace-pre-wrap", status && "text-danger")}
        >
          {isOpen || !isLong ? (
            line ? (
              <Leaf value={line} />
            ) : (
              <span className="text-muted">{data.length === 0 && t("(no message)")}</span>
            )
          ) : (
            `${line.slice(0, lineChars)}…`
          )}
        </span>
        {(data.length > 0 || isLong) && (
          <>
            {" "}
            <button
              type="button"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
              className="rounded-sm px-1 text-xs text-muted hover:bg-hover hover:text-text max-md:min-h-11"
            >
              {isOpen ? t("Less") : data.length > 0 ? t("Data") : t("All of it")}
            </button>
          </>
        )}
        {isOpen && data.length > 0 && <JsonTree entries={data} label={t("Data")} openDepth={1} />}
      </div>
    </li>
  );
}
