import { z } from "@hono/zod-openapi";
import { Fault } from "../fault";
import { momentCharsMax } from "../protocol/moment";
import { listOf } from "../protocol/query-list";
import { idPattern } from "../protocol/row-id";
import { unanswerable } from "../protocol/unanswerable";
import type { Asked } from "./filter";
import { parseMoment } from "./moment";
import { queryCharsMax } from "./search/parse";
import { parseSort, type Sort } from "./sort";

/** What a request asks for. Faults: unprocessable. */
export function askedOf(query: FilterQuery, now: Date, projectId?: number): Asked {
  return {
    query: query.query,
    issueIds: query.id,
    // -1 is Sentry's word for all projects.
    projectIds: query.project.join() === "-1" ? [] : query.project,
    environments: query.environment,
    status: query.status,
    mayBeShortId: query.shortIdLookup !== "0",
    ...(projectId !== undefined && { projectId }),
    ...periodOf(query, now),
  };
}

/** Faults: unprocessable. */
export function sortOf(word: string | undefined): Sort {
  const sort = parseSort(word);
  if (!sort) throw new Fault("unprocessable", "Unknown sort");
  return sort;
}

/** Faults: unprocessable. */
export function periodOf(
  { start, end, statsPeriod }: z.output<typeof PeriodQuery>,
  now: Date,
): { from?: Date; to?: Date } {
  const momentOf = (text: string | undefined) => {
    if (!text) return undefined;
    const moment = parseMoment(text, now);
    if (!moment) throw new Fault("unprocessable", "start and end are ISO 8601 or now-7d");
    return moment;
  };
  const from = momentOf(start) ?? momentOf(statsPeriod && `now-${statsPeriod}`);
  const to = momentOf(end);
  return { ...(from && { from }), ...(to && { to }) };
}

const idsMax = 1000;
const nameCharsMax = 200;
const name = z.string().max(nameCharsMax);
const several = z.union([name, z.array(name).max(idsMax)]).optional();
const listed = (value: string | string[] | undefined) =>
  value === undefined ? [] : [value].flat();
export const names = several.transform(listed).openapi({
  type: "array",
  items: { type: "string", maxLength: nameCharsMax },
  maxItems: idsMax,
});
export const numbers = names
  .refine(
    (values) => values.every((value) => idPattern.test(value.replace(/^-/, ""))),
    "must be whole numbers",
  )
  .transform((values) => values.map(Number))
  .openapi({
    type: "array",
    items: { type: "integer", maximum: 999_999_999_999_999 },
    maxItems: idsMax,
  });

export const PeriodQuery = z.object({
  start: z.string().max(momentCharsMax).optional().openapi({ description: "ISO 8601 or now-7d" }),
  end: z.string().max(momentCharsMax).optional(),
  statsPeriod: z
    .string()
    .max(momentCharsMax)
    .optional()
    .openapi({ description: "24h, 14d …: since then; start wins" }),
});

/** What finds issues: the same for a list and for a change of all that is found. */
export const FilterQuery = z.object({
  query: z.string().max(queryCharsMax).optional().openapi({
    description:
      'Words, is:unresolved, has:tag, level:error, any tag:"value", * for anything, key:[a, b] for either, ! to negate. What cannot be answered is 400. An event id or a short id alone finds its issue',
  }),
  sort: z.string().max(momentCharsMax).optional().openapi({
    description:
      "last_seen, first_seen, count, users, priority, trend (- for descending), or date, new, freq, user, trends. By trend (growth of the period, else of 24 hours, against as long a time before; at most 7 days) and, where a period of at most 31 days or environments are asked for, by count: of the 1000 issues seen last",
  }),
  id: numbers,
  project: numbers.openapi({
    type: "array",
    items: { type: "integer", maximum: 999_999_999_999_999 },
    maxItems: idsMax,
    description: "-1: all projects",
  }),
  environment: names,
  ...PeriodQuery.shape,
  status: name.optional().openapi({ description: "unresolved, resolved or ignored" }),
  hashes: unanswerable("issues are found by id, short id and query"),
  viewId: unanswerable("views are not kept here: give their query"),
  shortIdLookup: z
    .string()
    .max(momentCharsMax)
    .optional()
    .openapi({ description: "0: a query that looks like a short id is a text" }),
});
export type FilterQuery = Omit<z.output<typeof FilterQuery>, "sort">;

const searchesMax = 8;
const searchesAlone = "counts are of searches: say it in a query";
/** The same filter for each of several searches. */
export const CountQuery = FilterQuery.omit({ sort: true, id: true, shortIdLookup: true }).extend({
  query: listOf(z.string().max(queryCharsMax))
    .refine(({ length }) => length <= searchesMax, {
      error: `at most ${searchesMax} searches`,
    })
    .openapi({
      type: "array",
      items: { type: "string", maxLength: queryCharsMax },
      maxItems: searchesMax,
      description: "Searches, each counted by itself",
    }),
  status: unanswerable(searchesAlone),
});

const wholeChange = "a change is of all that the filter finds: narrow that";
/** A change has no pages; whoever names one expects less to be changed. */
export const ChangeQuery = FilterQuery.omit({ sort: true }).extend({
  limit: unanswerable(wholeChange),
  per_page: unanswerable(wholeChange),
  cursor: unanswerable(wholeChange),
});
