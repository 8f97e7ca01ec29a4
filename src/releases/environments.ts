import type { CallerOrg } from "../access/reach";
import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { commitUnder } from "../platform/database";
import { requireTeamOrAdmin } from "../projects/find";
import type { ProjectRow } from "../projects/queries";
import { type Page, type Range, toPage } from "../protocol/cursor";
import {
  type EnvironmentRow,
  selectEnvironments,
  setHidden,
  type Visibility,
} from "./environment-queries";

/** Environments by name, of an organization or of one of its projects. */
export async function listEnvironments(
  deps: Deps,
  orgId: number,
  projectId: number | undefined,
  visibility: Visibility,
  range: Range,
): Promise<Page<EnvironmentRow>> {
  const { rows } = await selectEnvironments(deps.db, orgId, projectId, visibility, range);
  return toPage(rows, range);
}

/** Hides or shows an environment of a project. Faults: not_found; unprocessable, when it would be renamed. */
export async function editEnvironment(
  deps: Deps,
  org: CallerOrg,
  project: ProjectRow,
  environment: string,
  { name, isHidden }: { name?: string | undefined; isHidden: boolean },
): Promise<EnvironmentRow> {
  requireTeamOrAdmin(org, project);
  if (name !== undefined && name !== environment) {
    throw new Fault(
      "unprocessable",
      "An environment cannot be renamed: its name comes with events",
    );
  }
  const { id } = project.project;
  const [rows] = await commitUnder(deps.db, { orgId: org.id, projectId: id }, [
    setHidden(deps.db, org.id, id, environment, isHidden),
  ]);
  const [row] = rows;
  if (!row) throw notFound();
  return { ...row, id: String(row.id) };
}
