import {
  and,
  eq,
  getTableColumns,
  inArray,
  isNotNull,
  isNull,
  lt,
  notExists,
  sql,
} from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { organizationMembers, organizations } from "../../drizzle/schema/orgs";
import { projects } from "../../drizzle/schema/projects";
import type { Actor } from "../access/caller";
import { type AuditedRow, insertAuditOfEach } from "../audit/entry-queries";
import type { Db, Statement } from "../platform/database";
import { insertSelect } from "../platform/insert-select";
import { keyset } from "../platform/keyset";
import { containsAll } from "../platform/like";
import type { Range } from "../protocol/cursor";

const m = alias(organizationMembers, "m");
const o = alias(organizations, "o");
const p = alias(projects, "p");

export type OrganizationRow = typeof organizations.$inferSelect;

/** Served by the primary key; the ids are the caller's own. */
export function selectOrganizations(db: Db, orgIds: number[], range: Range, words: string[]) {
  const { condition, order, limit } = keyset(organizations.name, organizations.id, range);
  return db
    .select()
    .from(organizations)
    .where(
      and(
        inArray(organizations.id, orgIds.length > 0 ? orgIds : [0]),
        isNull(organizations.deletedAt),
        condition,
        ...containsAll(sql`concat_ws(' ', ${organizations.name}, ${organizations.slug})`, words),
      ),
    )
    .orderBy(order)
    .limit(limit);
}

/**
 * Everybody's, oldest first; those whose slug begins with a text or whose name holds it, if asked. Served by the primary
 * key, organization_members_org_id and projects_org_name.
 */
export function selectAllOrganizations(db: Db, text: string, range: Range) {
  const { condition, order, limit } = keyset(undefined, o.id, range);
  const all = [
    sql`${o.deletedAt} is null`,
    ...containsAll(sql`concat_ws(' ', ${o.name}, ${o.slug})`, text === "" ? [] : [text]),
    ...(condition ? [condition] : []),
  ];
  return db.execute<ManagedOrganizationRow>(sql`
    select ${o.id}, ${o.name}, ${o.slug}, ${o.createdAt} as "createdAt", ${o.isAcceptingEvents} as "isAcceptingEvents",
           (select count(*)::integer from ${organizationMembers} m
             where ${m.orgId} = ${o.id} and ${m.userId} is not null) as "memberCount",
           (select count(*)::integer from ${projects} p
             where ${p.orgId} = ${o.id} and ${p.deletedAt} is null) as "projectCount"
      from ${organizations} o where ${sql.join(all, sql` and `)} order by ${order} limit ${limit}`);
}
export type ManagedOrganizationRow = {
  id: string;
  name: string;
  slug: string;
  createdAt: string;
  isAcceptingEvents: boolean;
  memberCount: number;
  projectCount: number;
};

/** Served by the primary key. */
export const selectOrganization = (db: Db, orgId: number) =>
  db
    .select()
    .from(organizations)
    .where(and(eq(organizations.id, orgId), isNull(organizations.deletedAt)))
    .limit(1);

/** Any that is there, if there is one. Served by the primary key. */
export const selectAnyOrganization = (db: Db) =>
  db
    .select({ id: organizations.id })
    .from(organizations)
    .where(isNull(organizations.deletedAt))
    .limit(1);

/** Slugs are tried in order; a function scan gives them in order. */
const slugTries = 1000;

/** A new organization with the first free slug, its owner, and the note of it. Served by organizations_slug and users_email. */
export const insertOrganization = (
  db: Db,
  name: string,
  slug: string,
  owner: number | { email: string },
  actor: Actor,
) =>
  db.execute<{ id: string; memberId: string; slug: string }>(sql`
    with org as (
      ${insertSelect(
        organizations,
        { name, slug: sql`candidate` },
        sql`
        from generate_series(1, ${slugTries}::integer) n,
             lateral (select ${slug}::text || case when n = 1 then '' else '-' || n end as candidate) c
       where not exists (select 1 from ${organizations} where ${organizations.slug} = candidate)
       limit 1`,
      )}
      returning ${organizations.id}, ${organizations.slug}
    ), member as (
      ${insertSelect(
        organizationMembers,
        {
          orgId: sql`id`,
          userId: typeof owner === "number" ? owner : personCalled(owner.email),
          role: "owner",
          isPrimary: true,
        },
        sql`from org`,
      )}
      returning ${organizationMembers.id}
    ), noted as (
      ${insertAuditOfEach(sql`org`, sql`id`, actor, "org.create", sql`slug`, {})}
    )
    select org.id, member.id as "memberId", org.slug from org, member`);

/** Whoever has a main address. Served by users_email. */
const personCalled = (email: string) =>
  sql`(select ${users.id} from ${users} where lower(${users.email}) = lower(${email}))`;

/** What is to be read of an organization for an entry of its change. Served by the primary key. */
export const auditedOrganization = (orgId: number): AuditedRow => ({
  fields: getTableColumns(organizations),
  from: sql`from ${organizations} where ${organizations.id} = ${orgId}`,
});

export const updateOrganization = (
  tx: Db,
  orgId: number,
  changes: Partial<typeof organizations.$inferInsert>,
): Statement => tx.update(organizations).set(changes).where(eq(organizations.id, orgId));

/** `~` cannot be in a slug that anybody asks for, so the old one is free at once. */
export const markOrganizationDeleted = (tx: Db, orgId: number, now: Date): Statement =>
  tx
    .update(organizations)
    .set({ deletedAt: now, slug: sql`${organizations.slug} || '~' || ${organizations.id}` })
    .where(and(eq(organizations.id, orgId), isNull(organizations.deletedAt)));

/** Served by organizations_deleted. */
export const selectDeletedOrganizations = (db: Db, before: Date, limit: number) =>
  db
    .select({ id: organizations.id })
    .from(organizations)
    .where(lt(organizations.deletedAt, before))
    .orderBy(organizations.id)
    .limit(limit);

/** Removes an organization that has no projects any more, with all that hangs on it. */
export const removeOrganization = (tx: Db, orgId: number): Statement =>
  tx
    .delete(organizations)
    .where(
      and(
        eq(organizations.id, orgId),
        isNotNull(organizations.deletedAt),
        notExists(
          tx.select({ id: projects.id }).from(projects).where(eq(projects.orgId, organizations.id)),
        ),
      ),
    );
