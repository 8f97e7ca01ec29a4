import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { projectSubscriptions, projects } from "../../drizzle/schema/projects";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db } from "../platform/database";
import { insertSelect } from "../platform/insert-select";

const projectsMax = 1000;

/** Project id → 1 or 0, for the projects that a person can see. Served by the primary key. */
export const selectSubscriptions = (db: Db, userId: number, orgIds: number[]) =>
  db
    .select({ projectId: projectSubscriptions.projectId, status: projectSubscriptions.status })
    .from(projectSubscriptions)
    .innerJoin(projects, eq(projects.id, projectSubscriptions.projectId))
    .where(
      and(
        eq(projectSubscriptions.userId, userId),
        inArray(projects.orgId, orgIds),
        isNull(projects.deletedAt),
      ),
    )
    .orderBy(projectSubscriptions.projectId)
    .limit(projectsMax);

/** Answers with a row when the project is in one of the organizations. */
export const upsertSubscription = (
  db: Db,
  userId: number,
  orgIds: number[],
  projectId: number,
  status: number,
) =>
  db.execute<{ projectId: string }>(sql`
    ${insertSelect(
      projectSubscriptions,
      { userId, projectId: projects.id, status },
      sql`from ${projects} where ${projects.id} = ${projectId} and ${anyOf(projects.orgId, orgIds)}
            and ${projects.deletedAt} is null`,
    )}
    on conflict (${columnNames(projectSubscriptions, "userId", "projectId")}) do update
      set ${columnNames(projectSubscriptions, "status")} = excluded.status
    returning ${projectSubscriptions.projectId} as "projectId"`);

export const deleteSubscription = (db: Db, userId: number, projectId: number) =>
  db
    .delete(projectSubscriptions)
    .where(
      and(eq(projectSubscriptions.userId, userId), eq(projectSubscriptions.projectId, projectId)),
    );
