import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issues } from "../../drizzle/schema/issues";
import { organizations } from "../../drizzle/schema/orgs";
import { projects } from "../../drizzle/schema/projects";
import { issueShares } from "../../drizzle/schema/shares";
import { columnNames } from "../platform/column-names";
import type { Db } from "../platform/database";
import { happeningsOf } from "./activity-queries";
import { type Changed, changedIssues, chosenIssues } from "./assignment-queries";

const i = alias(issues, "i");
const o = alias(organizations, "o");
const p = alias(projects, "p");
const s = alias(issueShares, "s");

type By = { userId: number | null; now: Date };

const isShared = sql`exists (select 1 from ${issueShares} s where ${s.issueId} = ${issues.id})`;

/** For a row of issues as `i`: where anybody may see it; null: nowhere. Served by the primary key of issue_shares. */
export const shareIdOf: SQL = sql`(
  select ${s.shareId} from ${issueShares} s where ${s.issueId} = ${i.id})`;

/**
 * Makes issues public that are not yet, each at an address of its own: `shareIds` are in the order of `ids`. Answers with a
 * row for each. Served by the primary keys of issues and issue_shares.
 */
export const shareIssues = (db: Db, orgIds: number[], ids: number[], shareIds: string[], by: By) =>
  db.execute<Changed>(sql`
    with ${chosenIssues(orgIds, ids, sql`not ${isShared}`)}, written as (
      insert into ${issueShares} (${columnNames(issueShares, "issueId", "shareId", "createdAt")})
      select c.id, x.share_id, ${by.now.toISOString()}::timestamptz
        from chosen c join (
          select unnest(${`{${ids.join(",")}}`}::bigint[]) as id, unnest(${`{${shareIds.join(",")}}`}::text[]) as share_id
        ) x on x.id = c.id
      on conflict (${columnNames(issueShares, "issueId")}) do nothing
      returning ${columnNames(issueShares, "issueId")}
    ), happened as (
      ${happeningsOf({ kind: "set_public", ...by }, sql`issue_id`, sql`from written order by 1`)}
    ) ${changedIssues}`);

/** Ends the public addresses of issues. Answers with a row for each. Served by the primary keys of issues and issue_shares. */
export const unshareIssues = (db: Db, orgIds: number[], ids: number[], by: By) =>
  db.execute<Changed>(sql`
    with ${chosenIssues(orgIds, ids, isShared)}, written as (
      delete from ${issueShares} where ${issueShares.issueId} in (select id from chosen)
      returning ${issueShares.issueId}
    ), happened as (
      ${happeningsOf({ kind: "set_private", ...by }, sql`issue_id`, sql`from written order by 1`)}
    ) ${changedIssues}`);

/** Which issue is public at an address. What was merged into another one is shown nowhere. Served by issue_shares_share. */
export const selectShared = (db: Db, shareId: string) =>
  db.execute<{ issueId: string; orgId: string }>(sql`
    select ${i.id} as "issueId", ${i.orgId} as "orgId"
      from ${issueShares} s join ${issues} i on ${i.id} = ${s.issueId}
      join ${projects} p on ${p.id} = ${i.projectId} join ${organizations} o on ${o.id} = ${i.orgId}
     where ${s.shareId} = ${shareId} and ${i.mergedInto} is null and ${p.deletedAt} is null and ${o.deletedAt} is null`);
