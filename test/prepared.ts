import type { Prepared } from "../src/digest/prepare";
import { eventStore } from "../src/issues/event-store";
import type { PreparedEvent } from "../src/issues/prepared-event";
import type { Store } from "../src/item-type";

/** Rows that a message came to for one store. */
export const rowsOf = <Row>({ rows }: Prepared, store: Store<Row>): Row[] =>
  (rows.get(store) ?? []) as Row[];

export const eventsOf = (prepared: Prepared): PreparedEvent[] => rowsOf(prepared, eventStore);
