import type { Context } from "hono";
import { powersIn } from "../access/caller";
import type { Role } from "../access/scopes";
import { toEvent } from "../issues/event-shapes";
import type { ReadEvent } from "../issues/read-events";
import type { Event, Issue } from "../issues/schemas";
import { unhandledAmong } from "../issues/unhandled";
import type { MemberRow } from "../orgs/member-queries";
import type { OrganizationRow } from "../orgs/queries";
import type { Member, Organization, Team } from "../orgs/schemas";
import { toMember, toMemberDetail, toOrganization, toTeam } from "../orgs/shapes";
import type { TeamRow } from "../orgs/team-queries";
import type { KeyRow } from "../projects/key-queries";
import type { ProjectRow } from "../projects/queries";
import { type Project, type ProjectKey, ProjectSettings } from "../projects/schemas";
import { toKey, toProject } from "../projects/shapes";
import type { AppEnv } from "./app";
import * as sentry from "./sentry-shapes";

type NamedTeam = { id: string; slug: string; name: string };

/**
 * The one place that knows what Sentry's clients expect differently from GlitchTip's (src/access/dialect.ts tells who
 * is calling). GlitchTip's clients reject a team with a name, Sentry's one without.
 */
export function speak(c: Context<AppEnv>) {
  const { caller, deps } = c.var;
  const { publicUrl } = deps.config;
  const isSentry = caller.dialect === "sentry";
  /** GlitchTip's shape, or with what Sentry's clients read besides. */
  const widen = <T extends object>(shape: T, extrasOf: () => object): T =>
    isSentry ? { ...shape, ...extrasOf() } : shape;
  const accessTo = (orgId: number): string[] => {
    const org = caller.orgs.find(({ id }) => id === orgId);
    return org ? powersIn(caller, org) : [];
  };
  const organization = (row: OrganizationRow): Organization =>
    widen(toOrganization(row), () => ({ ...sentry.organizationExtras, links: linksOf(row) }));
  // Sentry's clients follow regionUrl for every later call, and take no other than a secure address.
  const linksOf = ({ slug }: OrganizationRow) => ({
    organizationUrl: `${publicUrl}/organizations/${slug}`,
    regionUrl: publicUrl.startsWith("https://") ? publicUrl : "",
  });
  const teamsOf = ({ teams }: ProjectRow) =>
    teams.map(({ id, slug, name }: NamedTeam) => (isSentry ? { id, slug, name } : { id, slug }));
  const project = (row: ProjectRow): Project =>
    widen(toProject(row), () => ({
      ...sentry.projectExtras(toProject(row), accessTo(row.org.id)),
      // sentry-cli prints the first one.
      team: teamsOf(row)[0] ?? null,
      teams: teamsOf(row),
    }));
  const member = (row: MemberRow): Member =>
    widen(toMember(row), () => sentry.memberExtras(toMember(row), row, deps.now()));
  return {
    organization,
    organizationDetail: (row: OrganizationRow, role: Role) =>
      widen({ ...organization(row), openMembership: row.openMembership }, () =>
        sentry.organizationDetailExtras(role),
      ),
    team: (row: TeamRow, orgId: number): Team => {
      const { name, ...shape } = toTeam(row);
      return widen(shape, () => ({
        name,
        ...sentry.teamExtras(row.isMember, accessTo(orgId)),
      }));
    },
    project,
    projectWithTeams: (row: ProjectRow) => ({ ...project(row), teams: teamsOf(row) }),
    projectDetail: (row: ProjectRow) =>
      widen(
        {
          ...project(row),
          organization: organization(row.org),
          teams: teamsOf(row),
          allowedDomains: row.project.allowedOrigins,
          dataScrubberDefaults: row.project.scrubDefaults,
        },
        () =>
          sentry.projectDetailExtras(ProjectSettings.safeParse(row.project.settings).data ?? {}),
      ),
    member,
    memberDetail: (row: MemberRow) =>
      widen({ ...toMemberDetail(row), ...member(row) }, () => sentry.memberDetailExtras(row)),
    key: (row: KeyRow): ProjectKey => {
      const shape = toKey(publicUrl)(row);
      return widen(shape, () => sentry.keyExtras(shape));
    },
    /** Issues among these that had an event which nobody caught: looked up for Sentry's clients only. */
    unhandledOf: (issues: { id: string }[]): Promise<Set<string>> =>
      unhandledAmong(deps, isSentry ? issues.map(({ id }) => Number(id)) : []),
    issue: <T extends Issue>(shape: T, unhandled: Set<string>): T =>
      widen(shape, () => ({
        ...sentry.issueExtras(shape, deps.now()),
        isUnhandled: unhandled.has(shape.id),
      })),
    event: (read: ReadEvent): Event => {
      const shape = toEvent(read);
      return widen(shape, () => sentry.eventExtras(shape, read.event?.hashes ?? []));
    },
    /** Sentry names everything by strings, GlitchTip tokens and environments by numbers. */
    id: (id: number): number | string => (isSentry ? String(id) : id),
  };
}
