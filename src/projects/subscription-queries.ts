import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { projectSubscriptions, projects } from "../../drizzle/schema/projects";
import type { Db } from "../platform/database";

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
    insert into project_subscriptions (user_id, project_id, status)
    select ${userId}, p.id, ${status} from projects p
     where p.id = ${projectId} and p.org_id = any(${`{${orgIds.join(",")}}`}::bigint[]) and p.deleted_at is null
    on conflict (user_id, project_id) do update set status = excluded.status
    returning project_id as "projectId"`);

export const deleteSubscription = (db: Db, userId: number, projectId: number) =>
  db
    .delete(projectSubscriptions)
    .where(
      and(eq(projectSubscriptions.userId, userId), eq(projectSubscriptions.projectId, projectId)),
    );
