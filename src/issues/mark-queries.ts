import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { issueActivities } from "../../drizzle/schema/activity";
import { issueAssignments } from "../../drizzle/schema/assignment";
import { issues } from "../../drizzle/schema/issues";
import { issueMarks } from "../../drizzle/schema/marks";
import { organizationMembers } from "../../drizzle/schema/orgs";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { chosenIssues } from "./assignment-queries";
import { keptBefore } from "./change-slice-queries";

const a = alias(issueActivities, "a");
const g = alias(issueAssignments, "g");
const i = alias(issues, "i");
const k = alias(issueMarks, "k");
const m = alias(organizationMembers, "m");
const own = alias(organizationMembers, "own");
const u = alias(users, "u");

/** Why somebody follows an issue who did not say so. */
export type FollowReason = "assigned" | "bookmarked" | "comment";

/** What an issue is to whoever asks. */
export type Marks = {
  /** Looked at since it came last: first seen, or back after it was resolved. */
  isSeen: boolean;
  isBookmarked: boolean;
  /** What was chosen; null: the reason decides. */
  isSubscribed: boolean | null;
  reason: FollowReason | null;
};

const hasCommented = sql`exists (
  select 1 from ${issueActivities} a
   where ${a.issueId} = ${i.id} and ${a.kind} = 'note' and ${a.userId} = ${own.userId})`;

/**
 * For a row of issues as `i`, as JSON: what it is to one of some memberships, of which only one is of its organization.
 * Served by the primary keys of issue_marks and issue_assignments, issue_activities_issue and issue_activities_notes.
 */
export const marksOf = (memberIds: number[]): SQL =>
  memberIds.length === 0
    ? sql`null::json`
    : sql`(
    select json_build_object(
      'isSeen', coalesce(${k.seenAt} is not null and not exists (
        select 1 from ${issueActivities} a
         where ${a.issueId} = ${i.id} and ${a.kind} = 'set_regression' and ${a.createdAt} > ${k.seenAt}), false),
      'isBookmarked', coalesce(${k.isBookmarked}, false),
      'isSubscribed', ${k.isSubscribed},
      'reason', case
        when exists (select 1 from ${issueAssignments} g where ${g.issueId} = ${i.id} and ${g.memberId} = ${own.id}) then 'assigned'
        when ${k.isBookmarked} then 'bookmarked'
        when ${hasCommented} then 'comment' end)
      from ${organizationMembers} own
      left join ${issueMarks} k on ${k.memberId} = ${own.id} and ${k.issueId} = ${i.id}
     where ${anyOf(own.id, memberIds)} and ${own.orgId} = ${i.orgId})`;

export type Marking = {
  memberId: number;
  hasSeen?: boolean | undefined;
  isBookmarked?: boolean | undefined;
  isSubscribed?: boolean | undefined;
  now: Date;
};

/** A look that is not much older counts as the same. */
const sameLook = sql`interval '1 hour'`;

/**
 * Marks issues for a member, as long as that is one, and keeps what they were where it can be taken back. Answers with a
 * row for each that was not marked so. Served by the primary keys of issues, organization_members and issue_marks.
 */
export function markIssues(
  db: Db,
  orgIds: number[],
  ids: number[],
  marking: Marking,
  undoId: string | null,
) {
  const { memberId, hasSeen, isBookmarked, isSubscribed, now } = marking;
  const at = sql`${now.toISOString()}::timestamptz`;
  const seenAt = hasSeen ? at : sql`null::timestamptz`;
  const name = (key: "seenAt" | "isBookmarked" | "isSubscribed") => columnNames(issueMarks, key);
  const set = [
    ...(hasSeen === undefined ? [] : [sql`${name("seenAt")} = excluded.seen_at`]),
    ...(isBookmarked === undefined ? [] : [sql`${name("isBookmarked")} = excluded.is_bookmarked`]),
    ...(isSubscribed === undefined ? [] : [sql`${name("isSubscribed")} = excluded.is_subscribed`]),
  ];
  const differs = [
    ...(hasSeen === undefined
      ? []
      : [
          sql`(${issueMarks.seenAt} is null) <> (excluded.seen_at is null)`,
          sql`${issueMarks.seenAt} < ${at} - ${sameLook}`,
          sql`exists (
            select 1 from ${issueActivities} a where ${a.issueId} = ${issueMarks.issueId}
               and ${a.kind} = 'set_regression' and ${a.createdAt} > ${issueMarks.seenAt})`,
        ]),
    ...(isBookmarked === undefined
      ? []
      : [sql`${issueMarks.isBookmarked} <> excluded.is_bookmarked`]),
    ...(isSubscribed === undefined
      ? []
      : [sql`${issueMarks.isSubscribed} is distinct from excluded.is_subscribed`]),
  ];
  // What says nothing of an issue makes no row.
  const isWorthOne = hasSeen === true || isBookmarked === true || isSubscribed !== undefined;
  const known = sql`exists (
    select 1 from ${issueMarks} k where ${k.issueId} = ${issues.id} and ${k.memberId} = ${memberId})`;
  return db.execute<{ id: string }>(sql`
    with ${chosenIssues(orgIds, ids, isWorthOne ? sql`true` : known, sql`for key share`)}, former as materialized (
      -- Read by what writes, so that it is read first.
      select ${k.issueId} as issue_id, ${k.seenAt} as seen, ${k.isBookmarked} as star, ${k.isSubscribed} as follow from ${issueMarks} k
       where ${k.memberId} = ${memberId} and ${k.issueId} in (select id from chosen) for update
    ), written as (
    insert into ${issueMarks} (${columnNames(issueMarks, "memberId", "issueId", "seenAt", "isBookmarked", "isSubscribed")})
    select ${m.id}, c.id, ${seenAt}, ${isBookmarked ?? false}, ${isSubscribed ?? null}::boolean
      from chosen c left join former on former.issue_id = c.id
      join ${organizationMembers} m on ${m.id} = ${memberId} and ${m.orgId} = c.org_id
     order by c.id for key share of m
    on conflict (${columnNames(issueMarks, "memberId", "issueId")}) do update set ${sql.join(set, sql`, `)}
     where ${sql.join(differs, sql` or `)}
    returning ${columnNames(issueMarks, "issueId")}
    ) ${keptBefore(
      { undoId, now },
      {
        field: "marks",
        given: sql`${JSON.stringify({ member: memberId, seen: hasSeen, star: isBookmarked, follow: isSubscribed })}::jsonb`,
        before: sql`jsonb_build_object('id', id, 'seen', seen, 'star', coalesce(star, false), 'follow', follow)`,
        rows: sql`from chosen join written on written.issue_id = id left join former on former.issue_id = id`,
      },
    )}
    select issue_id as id from written`);
}

/**
 * Whoever remembers or follows one of some issues does so with the one that they are merged into. Taken before they are
 * given, so that nobody has more of them by that. Served by issue_marks_issue and the primary key of issue_marks.
 */
export const moveMarks = (tx: Db, winnerId: number, loserIds: number[]): Statement =>
  tx.execute(sql`
    with taken as (
      delete from ${issueMarks} where ${anyOf(issueMarks.issueId, loserIds)}
      returning ${columnNames(issueMarks, "memberId", "isBookmarked", "isSubscribed")}
    )
    insert into ${issueMarks} (${columnNames(issueMarks, "memberId", "issueId", "isBookmarked", "isSubscribed")})
    select member_id, ${winnerId}::bigint, bool_or(is_bookmarked), bool_or(is_subscribed) from taken
     group by member_id having bool_or(is_bookmarked) or bool_or(is_subscribed) is not null order by member_id
    on conflict (${columnNames(issueMarks, "memberId", "issueId")}) do update
      set ${columnNames(issueMarks, "isBookmarked")} = ${issueMarks.isBookmarked} or excluded.is_bookmarked,
          ${columnNames(issueMarks, "isSubscribed")} = coalesce(${issueMarks.isSubscribed}, excluded.is_subscribed)`);

export type WatcherRow = {
  id: string;
  name: string;
  email: string;
  seenAt: string | null;
  follows: boolean;
};

const watchersMax = 100;

/**
 * Members who looked at an issue or follow it, whoever looked last first. Served by issue_marks_issue, the primary key of
 * issue_assignments and issue_activities_notes.
 */
export const selectWatchers = (db: Db, orgId: number, issueId: number) =>
  db.execute<WatcherRow>(sql`
    select ${u.id}, ${u.name}, ${u.email}, to_char(${k.seenAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "seenAt",
           coalesce(${k.isSubscribed}, near.is_busy or ${k.isBookmarked}, false) as follows
      from (
        select member_id, bool_or(is_busy) as is_busy from (
          select ${k.memberId}, false as is_busy from ${issueMarks} k where ${k.issueId} = ${issueId}
          union all
          select ${g.memberId}, true from ${issueAssignments} g where ${g.issueId} = ${issueId} and ${g.memberId} is not null
          union all
          select ${m.id}, true from ${issueActivities} a
            join ${organizationMembers} m on ${m.userId} = ${a.userId} and ${m.orgId} = ${orgId}
           where ${a.issueId} = ${issueId} and ${a.kind} = 'note'
        ) each group by member_id
      ) near
      join ${organizationMembers} m on ${m.id} = near.member_id and ${m.orgId} = ${orgId}
      join ${users} u on ${u.id} = ${m.userId}
      left join ${issueMarks} k on ${k.memberId} = ${m.id} and ${k.issueId} = ${issueId}
     order by ${k.seenAt} desc nulls last, ${u.id} limit ${watchersMax}`);

/** Ids of issues that members remember. Served by issue_marks_kept. */
export const bookmarkedBy = (memberIds: number[]): SQL =>
  sql`select ${k.issueId} from ${issueMarks} k where ${anyOf(k.memberId, memberIds)} and ${k.isBookmarked}`;

/**
 * Ids of issues that members follow: by choice, or since they have them, remember them or spoke of them. Served by
 * issue_marks_kept, issue_assignments_member and issue_activities_user.
 */
export function followedBy(memberIds: number[]): SQL {
  const chose = (member: SQL, issue: SQL) => sql`exists (
    select 1 from ${issueMarks} k where ${k.memberId} = ${member} and ${k.issueId} = ${issue} and not ${k.isSubscribed})`;
  return sql`
    select ${k.issueId} from ${issueMarks} k
     where ${anyOf(k.memberId, memberIds)} and (${k.isSubscribed} or (${k.isBookmarked} and ${k.isSubscribed} is null))
    union all
    select ${g.issueId} from ${issueAssignments} g
     where ${anyOf(g.memberId, memberIds)} and not ${chose(sql`${g.memberId}`, sql`${g.issueId}`)}
    union all
    select ${a.issueId} from ${organizationMembers} m join ${issueActivities} a on ${a.userId} = ${m.userId}
     where ${anyOf(m.id, memberIds)} and ${a.kind} = 'note' and not ${chose(sql`${m.id}`, sql`${a.issueId}`)}`;
}
