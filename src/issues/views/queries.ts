import { type Column, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../../drizzle/schema/accounts";
import { organizationMembers } from "../../../drizzle/schema/orgs";
import { projects } from "../../../drizzle/schema/projects";
import { recentSearches, savedViews, viewMarks } from "../../../drizzle/schema/views";
import { columnNames } from "../../platform/column-names";
import type { Db } from "../../platform/database";
import { insertSelect } from "../../platform/insert-select";
import { keyset } from "../../platform/keyset";
import { likePattern } from "../../platform/like";
import type { Range } from "../../protocol/cursor";

const k = alias(viewMarks, "k");
const m = alias(organizationMembers, "m");
const p = alias(projects, "p");
const r = alias(recentSearches, "r");
const s = alias(viewMarks, "s");
const u = alias(users, "u");
const v = alias(savedViews, "v");

export type TimeFilters = { period?: string; start?: string; end?: string };

export type ViewRow = {
  id: string;
  name: string;
  query: string;
  sort: string;
  columns: string[] | null;
  /** Live ones. */
  projectIds: number[];
  environments: string[];
  timeFilters: TimeFilters;
  visibility: "owner" | "organization";
  createdAt: string;
  updatedAt: string;
  authorId: string | null;
  authorName: string | null;
  authorEmail: string | null;
  isMine: boolean;
  /** Of whoever asks. */
  position: number | null;
  isDefault: boolean;
  visitedAt: string | null;
  stars: number;
};

const iso = (column: Column) =>
  sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const rows = (memberId: number | null): SQL => sql`
  select ${v.id}, ${v.name}, ${v.query}, ${v.sort}, ${v.columns}, ${v.environments}, ${v.timeFilters} as "timeFilters",
         ${v.visibility}, ${iso(v.createdAt)} as "createdAt", ${iso(v.updatedAt)} as "updatedAt",
         coalesce((select json_agg(${p.id} order by ${p.id}) from ${projects} p
                    where ${p.id} = any(${v.projectIds}) and ${p.orgId} = ${v.orgId} and ${p.deletedAt} is null), '[]'::json) as "projectIds",
         ${u.id} as "authorId", ${u.name} as "authorName", ${u.email} as "authorEmail",
         coalesce(${v.memberId} = ${memberId}::bigint, false) as "isMine",
         ${k.position}, coalesce(${k.isDefault}, false) as "isDefault", ${iso(k.visitedAt)} as "visitedAt",
         (select count(*)::integer from ${viewMarks} s where ${s.viewId} = ${v.id} and ${s.position} is not null) as stars
    from ${savedViews} v
    left join ${organizationMembers} m on ${m.id} = ${v.memberId}
    left join ${users} u on ${u.id} = ${m.userId}
    left join ${viewMarks} k on ${k.viewId} = ${v.id} and ${k.memberId} = ${memberId}::bigint`;

const isSeenBy = (orgId: number, memberId: number | null): SQL => sql`
  ${v.orgId} = ${orgId} and (${v.visibility} = 'organization' or ${v.memberId} = ${memberId}::bigint)`;

/** Views that a person sees, by name, with a text in name or query. Served by saved_views_org_name and the primary key of view_marks. */
export function selectViews(
  db: Db,
  orgId: number,
  memberId: number | null,
  text: string,
  range: Range,
) {
  const { condition, order, limit } = keyset(v.name, v.id, range);
  const like = `%${likePattern(text)}%`;
  return db.execute<ViewRow>(sql`
    ${rows(memberId)} where ${isSeenBy(orgId, memberId)}
      ${text === "" ? sql`` : sql`and (${v.name} ilike ${like} or ${v.query} ilike ${like})`}
      ${condition ? sql`and ${condition}` : sql``}
    order by ${order} limit ${limit}`);
}

/** Those that are tabs of a person, in their order. Served by the primary key of view_marks. */
export const selectStarred = (db: Db, orgId: number, memberId: number, limit: number) =>
  db.execute<ViewRow>(sql`
    ${rows(memberId)} where ${isSeenBy(orgId, memberId)} and ${k.position} is not null
    order by ${k.position}, ${v.id} limit ${limit}`);

/** Served by the primary key of saved_views. */
export const selectView = (db: Db, orgId: number, memberId: number | null, id: number) =>
  db.execute<ViewRow>(
    sql`${rows(memberId)} where ${isSeenBy(orgId, memberId)} and ${v.id} = ${id}`,
  );

/** What the list of a person begins with. Served by view_marks_default. */
export const selectDefault = (db: Db, orgId: number, memberId: number) =>
  db.execute<ViewRow>(sql`
    ${rows(memberId)} where ${isSeenBy(orgId, memberId)} and ${k.isDefault} limit 1`);

export type Written = {
  name: string;
  query: string;
  sort: string;
  columns: string[] | null;
  projectIds: number[];
  environments: string[];
  timeFilters: TimeFilters;
  visibility: "owner" | "organization";
};

/** A new view, which is the last tab of whoever makes it. Served by the primary key of view_marks. */
export const insertView = (
  tx: Db,
  orgId: number,
  memberId: number | null,
  written: Written,
  now: Date,
) =>
  tx.execute<{ id: string }>(sql`
    with view as (
      ${insertSelect(savedViews, { orgId, memberId, ...written, createdAt: now, updatedAt: now }, sql``)}
      returning ${savedViews.id}
    ), marked as (
      ${insertSelect(
        viewMarks,
        {
          memberId: sql`${memberId}::bigint`,
          viewId: sql`view.id`,
          position: sql`${nextPosition(memberId)}`,
        },
        sql`from view where ${memberId}::bigint is not null`,
      )}
    )
    select id from view`);

/** Served by the primary key. */
export const updateView = (tx: Db, orgId: number, id: number, written: Written, now: Date) =>
  tx.execute<{ id: string }>(sql`
    update ${savedViews} set
      ${columnNames(savedViews, "name")} = ${written.name}, ${columnNames(savedViews, "query")} = ${written.query},
      ${columnNames(savedViews, "sort")} = ${written.sort},
      ${columnNames(savedViews, "columns")} = ${sql.param(written.columns, savedViews.columns)}::text[],
      ${columnNames(savedViews, "projectIds")} = ${sql.param(written.projectIds, savedViews.projectIds)}::bigint[],
      ${columnNames(savedViews, "environments")} = ${sql.param(written.environments, savedViews.environments)}::text[],
      ${columnNames(savedViews, "timeFilters")} = ${JSON.stringify(written.timeFilters)}::jsonb,
      ${columnNames(savedViews, "visibility")} = ${written.visibility},
      ${columnNames(savedViews, "updatedAt")} = ${now.toISOString()}::timestamptz
     where ${savedViews.id} = ${id} and ${savedViews.orgId} = ${orgId}
    returning ${savedViews.id}`);

/** Served by the primary key. */
export const deleteView = (tx: Db, orgId: number, id: number) =>
  tx.execute<{ id: string }>(sql`
    delete from ${savedViews} where ${savedViews.id} = ${id} and ${savedViews.orgId} = ${orgId}
    returning ${savedViews.id}`);

/** What a person leaves as it is stays. */
export type Mark = { position?: number | null | "last"; isDefault?: boolean; visitedAt?: Date };

const nextPosition = (memberId: number | null): SQL => sql`(
  select coalesce(max(${k.position}), -1) + 1 from ${viewMarks} k where ${k.memberId} = ${memberId}::bigint)`;

/** Of one view, which is known to be seen by the person. Served by the primary key of view_marks. */
export function markView(tx: Db, memberId: number, viewId: number, mark: Mark) {
  const { position, isDefault, visitedAt } = mark;
  const kept = (given: unknown, column: Column, set: SQL) =>
    given === undefined ? sql`${column}` : set;
  const set = (name: "position" | "isDefault" | "visitedAt", excluded: SQL) =>
    sql`${columnNames(viewMarks, name)} = ${kept(mark[name], viewMarks[name], excluded)}`;
  return tx.execute(sql`
    ${insertSelect(
      viewMarks,
      {
        memberId,
        viewId: sql`v.id`,
        position: position === "last" ? nextPosition(memberId) : sql`${position ?? null}::integer`,
        isDefault: isDefault ?? false,
        visitedAt: sql`${visitedAt?.toISOString() ?? null}::timestamptz`,
      },
      sql`from ${savedViews} v where ${v.id} = ${viewId}`,
    )}
    on conflict (${columnNames(viewMarks, "memberId", "viewId")}) do update set
      ${set("position", sql`excluded.position`)},
      ${set("isDefault", sql`excluded.is_default`)},
      ${set("visitedAt", sql`excluded.visited_at`)}`);
}

/** Served by view_marks_default. */
export const forgetDefault = (tx: Db, memberId: number) =>
  tx.execute(sql`
    update ${viewMarks} set ${columnNames(viewMarks, "isDefault")} = false
     where ${viewMarks.memberId} = ${memberId} and ${viewMarks.isDefault}`);

/** The tabs of a person are these, in this order; others are none any longer. Served by the primary key of view_marks. */
export const orderTabs = (tx: Db, memberId: number, viewIds: number[]) =>
  tx.execute(sql`
    update ${viewMarks} set ${columnNames(viewMarks, "position")} = array_position(${`{${viewIds.join(",")}}`}::bigint[], ${viewMarks.viewId}) - 1
     where ${viewMarks.memberId} = ${memberId} and ${viewMarks.position} is not null`);

export type RecentRow = { id: string; query: string; searchedAt: string };

/** The latest first, with a text in them. Served by recent_searches_member. */
export const selectRecent = (db: Db, memberId: number, text: string, limit: number) =>
  db.execute<RecentRow>(sql`
    select ${r.hash} as id, ${r.query}, ${iso(r.searchedAt)} as "searchedAt" from ${recentSearches} r
     where ${r.memberId} = ${memberId} ${text === "" ? sql`` : sql`and ${r.query} ilike ${`%${likePattern(text)}%`}`}
     order by ${r.searchedAt} desc limit ${limit}`);

/** Served by the primary key of recent_searches; a trigger lets go of the oldest. */
export const noteRecent = (tx: Db, memberId: number, query: string, now: Date) =>
  tx.execute<RecentRow>(sql`
    ${insertSelect(recentSearches, { memberId, hash: sql`md5(${query})`, query, searchedAt: now }, sql``)}
    on conflict (${columnNames(recentSearches, "memberId", "hash")}) do update
      set ${columnNames(recentSearches, "searchedAt")} = excluded.searched_at
    returning ${columnNames(recentSearches, "hash")} as id, ${columnNames(recentSearches, "query")}, ${iso(recentSearches.searchedAt)} as "searchedAt"`);
