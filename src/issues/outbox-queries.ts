import { sql } from "drizzle-orm";
import { type ChangeKind, changeKinds } from "../../queues/catalog";
import type { Db, Statement } from "../platform/database";

export type OutboxRow = {
  id: string;
  issueId: string;
  kind: ChangeKind;
  eventId: string | null;
  createdAt: string;
};
export type FailedRow = OutboxRow & { attempts: number };

const columns = sql.raw(
  'c.id, c.issue_id as "issueId", c.change as kind, c.event_id as "eventId", c.created_at as "createdAt"',
);
const idList = (ids: number[]) => `{${ids.join(",")}}`;
/** What a later release wrote waits for that release. */
const known = sql`c.change = any(${`{${changeKinds.join(",")}}`}::text[])`;

/** Of these, what was not handed out yet. Served by the primary key of issue_changes. */
export const selectChanges = (db: Db, ids: number[]) =>
  db.execute<OutboxRow>(sql`
    select ${columns} from issue_changes c
     where c.id = any(${idList(ids)}::bigint[]) and c.handled_at is null and ${known}
     order by c.id`);

/** Oldest first. Served by issue_changes_unhandled. */
export const selectUnhandledChanges = (db: Db, before: Date, limit: number) =>
  db.execute<OutboxRow>(sql`
    select ${columns} from issue_changes c
     where c.handled_at is null and c.created_at < ${before.toISOString()} and ${known}
     order by c.created_at, c.id limit ${limit}`);

/** Served by the primary key of issue_changes. */
export const markChangesHandled = (tx: Db, ids: number[], at: Date): Statement =>
  tx.execute(sql`
    update issue_changes set handled_at = ${at.toISOString()}
     where id = any(${idList(ids)}::bigint[]) and handled_at is null`);

/** What a reader is to try again now. Served by issue_change_failures_due and the primary key of issue_changes. */
export const selectDueFailures = (db: Db, reader: string, now: Date, limit: number) =>
  db.execute<FailedRow>(sql`
    select ${columns}, f.attempts
      from issue_change_failures f join issue_changes c on c.id = f.change_id
     where f.reader = ${reader} and f.parked_at is null and f.next_attempt_at <= ${now.toISOString()}
     order by f.next_attempt_at, f.change_id limit ${limit}`);

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
    insert into issue_change_failures (change_id, reader, attempts, last_error, next_attempt_at, parked_at)
    select x."changeId", x.reader, x.attempts, x."lastError", x."nextAttemptAt", x."parkedAt"
      from json_to_recordset(${JSON.stringify(failures)}::json) as x(
        "changeId" bigint, reader text, attempts integer, "lastError" text,
        "nextAttemptAt" timestamptz, "parkedAt" timestamptz)
      join issue_changes c on c.id = x."changeId"
     order by x."changeId", x.reader
    on conflict (change_id, reader) do update
      set attempts = excluded.attempts, last_error = excluded.last_error,
          next_attempt_at = excluded.next_attempt_at, parked_at = excluded.parked_at`);

/** Served by the primary key of issue_change_failures. */
export const deleteFailures = (tx: Db, reader: string, changeIds: number[]): Statement =>
  tx.execute(sql`
    delete from issue_change_failures
     where change_id = any(${idList(changeIds)}::bigint[]) and reader = ${reader}`);

/** A chunk, with what readers failed to take of it. Served by the primary key of issue_changes: the oldest are handled. */
export const deleteHandledChanges = (db: Db, cutoff: Date, limit: number) =>
  db.execute<{ gone: number }>(sql`
    with gone as (
      delete from issue_changes where id in (
        select id from issue_changes where handled_at < ${cutoff.toISOString()} order by id limit ${limit})
      returning id
    )
    select count(*)::integer as gone from gone`);
