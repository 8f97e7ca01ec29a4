import { Fault } from "../fault";
import { normalizeEventId } from "../protocol/event-id";
import { parseSearch } from "./search";

/** Why there is no looking for events by what they carry: their rows are thin, the rest is in the bucket. */
export const onPayloadOnly =
  "what an event carries is not indexed: filter issues by it, events by id and time";

/** The ids that a search for events names; none for an empty one. Faults: invalid, for everything else. */
export function eventIdsIn(query: string | undefined): { ids?: string[] } {
  const { eventId, terms, texts } = parseSearch(query);
  if (eventId) return { ids: [eventId] };
  const [term] = terms;
  if (!term && texts.length === 0) return {};
  if (term?.key !== "id" || term.isTag || term.negated || terms.length + texts.length > 1) {
    throw new Fault("invalid", `Events are found by id alone: ${onPayloadOnly}`);
  }
  return {
    ids: term.values.map((value) => {
      const id = normalizeEventId(value);
      if (!id) throw new Fault("invalid", `id:${value} is no event id`);
      return id;
    }),
  };
}
