import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueHashes, issues } from "../../drizzle/schema/issues";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { happeningsOf } from "./activity-queries";

const f = alias(issues, "f");
const i = alias(issues, "i");

/** An issue that was merged before into one that is merged now. */
export type MergedBefore = { id: number; into: number };

/** What had been merged into some issues. Served by issues_merged_into. */
export const selectMergedBefore = (db: Db, issueIds: number[]) =>
  db.execute<{ id: string; into: string }>(sql`
    select ${i.id}, ${i.mergedInto} as into from ${issues} i where ${anyOf(i.mergedInto, issueIds)}`);

/**
 * Merged issues are of their own again, each with what is counted of events that are not kept any more; without such they
 * were seen when their events were, which are still to come. Served by the primary key of issues.
 */
export const showAgain = (tx: Db, sourceId: number, issueIds: number[]): Statement =>
  tx.execute(sql`
    with shown as (
      update ${issues} f
         set ${columnNames(issues, "mergedInto")} = null, ${columnNames(issues, "userCount")} = 0,
             ${columnNames(issues, "firstSeenAt")} = case when ${f.eventCount} = 0 then ${i.lastSeenAt} else ${f.firstSeenAt} end,
             ${columnNames(issues, "lastSeenAt")} = case when ${f.eventCount} = 0 then ${i.firstSeenAt} else ${f.lastSeenAt} end
        from ${issues} i where ${i.id} = ${sourceId} and ${anyOf(f.id, issueIds)} and ${f.mergedInto} = ${sourceId}
      returning ${f.eventCount} as n
    )
    update ${issues} i set ${columnNames(issues, "eventCount")} = greatest(0, ${i.eventCount} - (select coalesce(sum(n), 0) from shown))
     where ${i.id} = ${sourceId}`);

/** What had been merged into them before leads to them again. Served by the primary key of issues. */
export const leadMergedBack = (tx: Db, sourceId: number, before: MergedBefore[]): Statement =>
  tx.execute(sql`
    update ${issues} set ${columnNames(issues, "mergedInto")} = x."into"
      from json_to_recordset(${JSON.stringify(before)}::json) as x(id bigint, "into" bigint)
     where ${issues.id} = x.id and ${issues.mergedInto} = ${sourceId}`);

/** Which hashes lead to which issue again. */
export type Part = { targetId: number; hashes: string[] };

/** Hashes lead to where they led before. Served by the primary key of issue_hashes. */
export const leadHashesBack = (
  tx: Db,
  projectId: number,
  sourceId: number,
  parts: Part[],
): Statement => {
  const led = parts.flatMap(({ targetId, hashes }) => hashes.map((hash) => ({ targetId, hash })));
  return tx.execute(sql`
    update ${issueHashes} set ${columnNames(issueHashes, "issueId")} = x."targetId", ${columnNames(issueHashes, "formerIssueId")} = nullif(${issueHashes.formerIssueId}, x."targetId")
      from json_to_recordset(${JSON.stringify(led)}::json) as x(hash text, "targetId" bigint)
     where ${issueHashes.projectId} = ${projectId} and ${issueHashes.hash} = x.hash and ${issueHashes.issueId} = ${sourceId}`);
};

const undone = sql`, 'undo', true, 'fingerprints', '[]'::jsonb`;

/** What both sides have in their activity. */
export const noteTakenApart = (
  tx: Db,
  sourceId: number,
  issueIds: number[],
  by: { userId: number | null; now: Date },
): Statement => {
  const rows = sql`from unnest(${`{${issueIds.join(",")}}`}::bigint[]) x(id)`;
  const destination = sql`jsonb_build_object('destination', x.id::text ${undone})`;
  const source = sql`jsonb_build_object('source', ${String(sourceId)}::text ${undone})`;
  return tx.execute(sql`
    with given as (
      ${happeningsOf({ kind: "unmerge_source", ...by, data: destination }, sql`${sourceId}::bigint`, rows)}
    ) ${happeningsOf({ kind: "unmerge_destination", ...by, data: source }, sql`x.id`, rows)}`);
};
