import { Fault } from "../fault";
import { normalizeEventId } from "../protocol/event-id";
import { type EventMatcher, matcherOf } from "./event-match";
import type { RowFilter } from "./event-queries";
import { aboutPart, parseSearch, type Term } from "./search";

/** What events are asked for: by their rows, and by what lies in the bucket. */
export type EventFilter = RowFilter & { matches?: EventMatcher };

export type AskedEvents = {
  query?: string | undefined;
  environments: string[];
  from?: Date;
  to?: Date;
};

/** For a list. Faults: invalid, for what no event can be asked for. */
export const eventFilterOf = (asked: AskedEvents): EventFilter => filterOf(asked, true);

/** For one event among others: which of them have some ids is then as good to know as anything else of them. */
export const neighbourFilterOf = (asked: AskedEvents): EventFilter => filterOf(asked, false);

function filterOf({ query, environments, ...period }: AskedEvents, byIds: boolean): EventFilter {
  if (environments.includes("")) throw new Fault("invalid", "The environment has no name");
  const search = parseSearch(query);
  const terms = search.eventId ? [idTerm(search.eventId)] : search.terms;
  const byId = byIds ? terms.find(isIdTerm) : undefined;
  const others = terms.filter((term) => term !== byId);
  const matches = matcherOf({ terms: others, texts: search.texts });
  const ids = byId && aboutPart(byId.part, () => idsOf(byId));
  return {
    ...period,
    ...(environments.length > 0 && { environments }),
    ...(ids && { ids }),
    ...(matches && { matches }),
  };
}

const idTerm = (id: string): Term => ({
  key: "id",
  values: [id],
  isList: false,
  negated: false,
  isTag: false,
});
const isIdTerm = ({ key, isTag, negated }: Term) => key === "id" && !isTag && !negated;

const idsOf = ({ values }: Term) =>
  values.map((value) => {
    const id = normalizeEventId(value);
    if (!id) throw new Fault("invalid", `id:${value} is no event id`);
    return id;
  });
