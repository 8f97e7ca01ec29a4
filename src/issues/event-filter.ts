import { Fault } from "../fault";
import type { RowFilter } from "./event-queries";
import { type EventMatcher, eventIdsOf, matcherOf } from "./search/event-match";
import { parseSearch } from "./search/parse";
import { aboutPart, type Node, type Term } from "./search/tree";

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
  const { root, eventId } = parseSearch(query);
  const all = eventId ? [idTerm(eventId)] : root?.on === "all" ? root.of : root ? [root] : [];
  const byId = byIds ? all.find(isIdTerm) : undefined;
  const others = all.filter((node) => node !== byId);
  const matches = others.length > 0 ? matcherOf({ on: "all", of: others }) : undefined;
  const ids = byId && aboutPart(byId.part, () => eventIdsOf(byId.values));
  return {
    ...period,
    ...(environments.length > 0 && { environments }),
    ...(ids && { ids }),
    ...(matches && { matches }),
  };
}

const idTerm = (id: string): Term => ({
  on: "term",
  key: "id",
  values: [[id]],
  isList: false,
  isTag: false,
  part: { position: 0, length: id.length },
});
const isIdTerm = (node: Node): node is Term =>
  node.on === "term" && node.key === "id" && !node.isTag;
