import type { SQL } from "drizzle-orm";
import type { GroupingVersion } from "../../drizzle/schema/projects";
import type { Actor } from "../access/caller";
import { auditOfChange, auditOfEach, auditStatement } from "../audit/audit";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commitUnder, isConflict, takeTurns } from "../platform/database";
import { dictionaryOf } from "../protocol/dictionary";
import type { InboundFilters } from "../protocol/inbound-filters";
import { slugify } from "../protocol/slug";
import {
  attachTeam,
  auditedProject,
  detachTeam,
  insertProject,
  lockProject,
  type ProjectRow,
  updateProject,
} from "./queries";
import type { ProjectSettings } from "./schemas";

export type WantedProject = {
  name: string;
  /** Made from the name when missing. */
  slug: string | undefined;
  platform: string | null;
  throttleRate: number;
};

/** What is to change of a project. */
export type ProjectChange = {
  changes: Partial<
    Pick<
      ProjectRow["project"],
      | "name"
      | "slug"
      | "platform"
      | "throttleRate"
      | "scrubIpAddresses"
      | "scrubDefaults"
      | "allowedOrigins"
      | "sensitiveFields"
      | "safeFields"
    >
  >;
  settings: ProjectSettings & {
    ownershipRules?: string;
    ownershipAssigns?: boolean;
    ownershipFallsThrough?: boolean;
  };
  /** Absent ones stay. */
  filters: InboundFilters;
  groupingVersion: GroupingVersion | undefined;
};

/** A new project of a team, with its first key. Answers with its slug. Faults: conflict. */
export async function createProject(
  deps: Deps,
  orgId: number,
  actor: Actor,
  team: { id: number; slug: string } | null,
  wanted: WantedProject,
): Promise<string> {
  const noteOf = (project: SQL, slug: SQL) =>
    auditOfEach(project, orgId, actor, "project.create", slug, { team: team?.slug ?? null });
  const [, { rows }] = await commitUnder(deps.db, { orgId, teamId: team?.id }, [
    takeTurns(deps.db, `slugs of projects of ${orgId}`),
    insertProject(deps.db, orgId, team?.id ?? null, noteOf, {
      name: wanted.name,
      slug: wanted.slug ?? slugify(wanted.name, "project"),
      platform: wanted.platform,
      throttleRate: wanted.throttleRate,
    }),
  ]);
  const [made] = rows;
  if (!made) throw new Fault("conflict", "There are too many projects of this name");
  return made.slug;
}

/** What an entry of the log says of a project that changed to g2. */
const switchedWords =
  "go to the issue that g1 finds for them; where it finds none, g2 decides, and makes new issues";

/** Only what is given changes. Faults: conflict, invalid. */
export async function editProject(
  deps: Deps,
  actor: Actor,
  { project }: ProjectRow,
  { changes, settings, filters, groupingVersion = project.groupingVersion }: ProjectChange,
): Promise<void> {
  const isSwitched = groupingVersion !== project.groupingVersion;
  if (isSwitched && groupingVersion === "g1") {
    throw new Fault(
      "invalid",
      "groupingConfig: a project on g2 cannot go back to g1, which would tear apart what g2 put together",
    );
  }
  const settingNames = Object.keys(settings);
  const filterEntries = Object.entries(filters);
  const count = Object.keys(changes).length + settingNames.length + filterEntries.length;
  if (count === 0 && !isSwitched) return;
  const all = isSwitched
    ? { ...changes, groupingVersion, groupingSwitchedAt: deps.now() }
    : changes;
  const note = {
    row: auditedProject(project.orgId, project.id),
    changes: {
      ...all,
      ...dictionaryOf(filterEntries.map(([name, value]) => [`filters:${name}`, value])),
    },
    data: {
      ...(settingNames.length > 0 && { settings: settingNames }),
      ...(isSwitched && { newEvents: switchedWords }),
    },
  };
  const { db } = deps;
  try {
    await commitUnder(
      db,
      { orgId: project.orgId, projectId: project.id },
      [
        auditOfChange(db, project.orgId, actor, "project.edit", project.slug, note),
        updateProject(db, project.orgId, project.id, all, settings, filters),
      ],
      isSwitched ? [lockProject(db, project.id)] : [],
    );
  } catch (error) {
    if (isConflict(error)) throw new Fault("conflict", "A project of this slug exists already");
    throw error;
  }
}

/** Attaches a team to a project, or takes it off. Both are of the same organization. */
export async function changeProjectTeam(
  deps: Deps,
  actor: Actor,
  change: "add" | "remove",
  { project }: ProjectRow,
  team: { id: number; slug: string },
): Promise<void> {
  const statement = change === "add" ? attachTeam : detachTeam;
  await commitUnder(deps.db, { orgId: project.orgId, projectId: project.id, teamId: team.id }, [
    statement(deps.db, project.orgId, project.id, team.id),
    auditStatement(deps.db, project.orgId, actor, `project.team-${change}`, project.slug, {
      team: team.slug,
    }),
  ]);
}
