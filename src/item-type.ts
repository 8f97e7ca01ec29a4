import type { BatchResponse } from "drizzle-orm/batch";
import type { AcceptedEnvelope } from "../queues/catalog";
import type { Config, Deps } from "./deps";
import type { Budget } from "./events/budget";
import type { FieldRules } from "./events/field-rules";
import type { NormalEvent } from "./events/normal-event";
import type { GroupingRules } from "./issues/grouping/group-event";
import type { Db, Statement } from "./platform/database";
import type { Segment } from "./platform/segment";
import type { CompiledOwnership } from "./projects/ownership";
import type { Category } from "./protocol/categories";
import type { Item } from "./protocol/envelope";
import type { Steps } from "./protocol/glob";
import type { Json, JsonObject } from "./protocol/json";
import type { Outcome, Reason } from "./protocol/outcomes";
import type { OutcomeRow } from "./stats/outcomes";

/**
 * What becomes of one type of item: the file of a feature, and a row of src/digest/items.ts. Types that come to the same
 * rows name the same store.
 */
export type ItemType<Row = unknown> = {
  /**
   * Rows for the store, or why the item cannot be read. Pure: the same message gives the same rows, ids included, at
   * every delivery. What of the item comes to no row is counted.
   */
  prepare(item: Item, index: number, work: EnvelopeWork): Row[] | Reason;
  /** Absent where counts are all there is. */
  store?: Store<Row>;
};

/** The envelope that an item came in: what its items share. */
export type EnvelopeWork = {
  meta: AcceptedEnvelope;
  header: JsonObject;
  /** What all items together may cost. */
  budget: Budget;
  count(outcome: Outcome, reason: Reason, category: Category, quantity?: number): void;
  /** The payload, within the budget; or why it cannot be read. `exact`: as for parseJson. */
  readJson(item: Item, exact?: "likely" | "all"): { payload: Json; isShortened: boolean } | Reason;
  /** The event id of the envelope's header, which belongs to the first event; for all others undefined. */
  takeEventId(): string | undefined;
  /** Counts an event that the project's inbound filters are against, and says that it was one. Before scrubbing. */
  isFiltered(event: NormalEvent, category: Category): boolean;
  /** What the project says of fields and of grouping, and what all events together may cost that. */
  rules: {
    fields?: FieldRules;
    grouping?: GroupingRules;
    steps: Steps;
    owners?: CompiledOwnership;
    ownerSteps: Steps;
  };
};

/** How rows of one kind get into the database: one part of the batch's read, of its object and of its commit. */
export type Store<Row = unknown, Reads extends readonly Statement[] = readonly Statement[]> = {
  /** What must be known before the commit. Un-awaited: all stores are answered in one round trip. */
  read?(db: Db, rows: Row[], now: Date): Reads;
  /** Decides with the answers what is new. Appends payloads to the segment, which is written before the commit. */
  write(rows: Row[], answers: BatchResponse<Reads>, work: WriteWork): Written;
};

export type WriteWork = { db: Db; config: Config; now: Date; segment: Segment };

export type Written = {
  /** Projects whose locks the statements run under: taken together, before all statements of all stores. */
  projectIds: number[];
  /** Un-awaited. One that finds that the answers are out of date fails as a conflict; then all is read again. */
  statements: Statement[];
  outcomes: OutcomeRow[];
  /** After the commit, with the answers of the statements. A failure is logged: what must not be lost is a row. */
  publish?(deps: Deps, answers: unknown[]): Promise<void>;
};
