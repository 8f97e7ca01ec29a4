import { and, eq, inArray, isNull, lt, lte, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueChangeFailures, issueChanges } from "../../drizzle/schema/issues";
import { changeKinds } from "../../queues/catalog";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";

const c = alias(issueChanges, "c");

const columns = {
  id: issueChanges.id,
  issueId: issueChanges.issueId,
  kind: issueChanges.change,
  eventId: issueChanges.eventId,
  createdAt: issueChanges.createdAt,
};
const notHandedOut = isNull(issueChanges.handledAt);
/** What a later release wrote waits for that release. */
const isKnown = inArray(issueChanges.change, [...changeKinds]);

/** Of these, what was not handed out yet. Served by the primary key of issue_changes. */
export const selectChanges = (db: Db, ids: number[]) =>
  db
    .select(columns)
    .from(issueChanges)
    .where(and(anyOf(issueChanges.id, ids), notHandedOut, isKnown))
    .orderBy(issueChanges.id);

/** Oldest first. Served by issue_changes_unhandled. */
export const selectUnhandledChanges = (db: Db, before: Date, limit: number) =>
  db
    .select(columns)
    .from(issueChanges)
    .where(and(notHandedOut, lt(issueChanges.createdAt, before), isKnown))
    .orderBy(issueChanges.createdAt, issueChanges.id)
    .limit(limit);

/** Served by the primary key of issue_changes. */
export const markChangesHandled = (tx: Db, ids: number[], at: Date): Statement =>
  tx
    .update(issueChanges)
    .set({ handledAt: at })
    .where(and(anyOf(issueChanges.id, ids), notHandedOut));

/** What a reader is to try again now. Served by issue_change_failures_due and the primary key of issue_changes. */
export const selectDueFailures = (db: Db, reader: string, now: Date, limit: number) =>
  db
    .select({ ...columns, attempts: issueChangeFailures.attempts })
    .from(issueChangeFailures)
    .innerJoin(issueChanges, eq(issueChanges.id, issueChangeFailures.changeId))
    .where(
      and(
        eq(issueChangeFailures.reader, reader),
        isNull(issueChangeFailures.parkedAt),
        lte(issueChangeFailures.nextAttemptAt, now),
      ),
    )
    .orderBy(issueChangeFailures.nextAttemptAt, issueChangeFailures.changeId)
    .limit(limit);

export type Failure = {
  changeId: number;
  reader: string;
  attempts: number;
  lastError: string;
  nextAttemptAt: Date;
  parkedAt: Date | null;
};

/** Of changes that are still there. In key order, so that writers cannot deadlock. */
export const upsertFailures = (tx: Db, failures: Failure[]): Statement =>
  tx.execute(sql`
    insert into ${issueChangeFailures} (${columnNames(issueChangeFailures, "changeId", "reader")}, ${counted})
    select x."changeId", x.reader, x.attempts, x."lastError", x."nextAttemptAt", x."parkedAt"
      from json_to_recordset(${JSON.stringify(failures)}::json) as x(
        "changeId" bigint, reader text, attempts integer, "lastError" text,
        "nextAttemptAt" timestamptz, "parkedAt" timestamptz)
      join ${issueChanges} c on ${c.id} = x."changeId"
     order by x."changeId", x.reader
    on conflict (${columnNames(issueChangeFailures, "changeId", "reader")}) do update
      set (${counted}) = (excluded.attempts, excluded.last_error, excluded.next_attempt_at, excluded.parked_at)`);

const counted = columnNames(
  issueChangeFailures,
  "attempts",
  "lastError",
  "nextAttemptAt",
  "parkedAt",
);

/** Served by the primary key of issue_change_failures. */
export const deleteFailures = (tx: Db, reader: string, changeIds: number[]): Statement =>
  tx
    .delete(issueChangeFailures)
    .where(
      and(anyOf(issueChangeFailures.changeId, changeIds), eq(issueChangeFailures.reader, reader)),
    );

/** A chunk, with what readers failed to take of it. Served by the primary key of issue_changes: the oldest are handled. */
export const deleteHandledChanges = (db: Db, cutoff: Date, limit: number) =>
  db.execute<{ gone: number }>(sql`
    with gone as (
      delete from ${issueChanges} where ${issueChanges.id} in (
        select ${c.id} from ${issueChanges} c where ${c.handledAt} < ${cutoff.toISOString()} order by ${c.id} limit ${limit})
      returning ${issueChanges.id}
    )
    select count(*)::integer as gone from gone`);
