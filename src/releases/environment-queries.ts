import { and, eq, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { projects } from "../../drizzle/schema/projects";
import { environmentProjects, environments } from "../../drizzle/schema/releases";
import type { Db } from "../platform/database";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";

const e = alias(environments, "e");
const ep = alias(environmentProjects, "ep");
const p = alias(projects, "p");

export type EnvironmentRow = { id: string; name: string; isHidden: boolean };
export type Visibility = "visible" | "hidden" | "all";

/**
 * Environments by name, each once; hidden means hidden in every project that has it. Served by
 * environments_org_name and the primary key of environment_projects.
 */
export function selectEnvironments(
  db: Db,
  orgId: number,
  projectId: number | undefined,
  visibility: Visibility,
  range: Range,
) {
  const { condition, order, limit } = keyset(e.name, e.id, range);
  const inProject = projectId === undefined ? sql`` : sql`and ${ep.projectId} = ${projectId}`;
  const having: Record<Visibility, SQL> = {
    all: sql`true`,
    hidden: sql`bool_and(${ep.isHidden})`,
    visible: sql`not bool_and(${ep.isHidden})`,
  };
  return db.execute<EnvironmentRow>(sql`
    select ${e.id}, ${e.name}, bool_and(${ep.isHidden}) as "isHidden"
      from ${environments} e
      join ${environmentProjects} ep on ${ep.environmentId} = ${e.id} ${inProject}
      join ${projects} p on ${p.id} = ${ep.projectId} and ${p.deletedAt} is null
     where ${e.orgId} = ${orgId} and ${e.name} <> '' and ${condition ?? sql`true`}
     group by ${e.id} having ${having[visibility]}
     order by ${order} limit ${limit}`);
}

/** Served by environments_org_name. Answers with the environment when the project has it. */
export const setHidden = (
  db: Db,
  orgId: number,
  projectId: number,
  name: string,
  isHidden: boolean,
) =>
  db
    .update(environmentProjects)
    .set({ isHidden })
    .from(environments)
    .where(
      and(
        eq(environments.id, environmentProjects.environmentId),
        eq(environments.orgId, orgId),
        eq(environments.name, name),
        eq(environmentProjects.projectId, projectId),
      ),
    )
    .returning({
      id: environments.id,
      name: environments.name,
      isHidden: environmentProjects.isHidden,
    });
