import { powersAt } from "../access/caller";
import { type Speaking, widen } from "../access/speaking";
import { dsnsOf } from "../protocol/dsn";
import { shownOf } from "../protocol/fixed-fields";
import {
  type FilterList,
  filterIds,
  filterListNames,
  type InboundFilters,
  linesOf,
  optionSwitches,
} from "../protocol/inbound-filters";
import { fixedKey, fixedProject } from "../protocol/sentry-constants";
import type { ProjectChange, WantedProject } from "./edit";
import type { KeyRow } from "./key-queries";
import type { ProjectRow } from "./queries";
import { filtersOf, settingsOf } from "./rules";
import {
  type InboundFilterState,
  type NewProject,
  type Organization,
  type Project,
  type ProjectKey,
  type ProjectOptions,
  ProjectSettings,
  type ProjectUpdate,
} from "./schemas";

export const toProject = ({ project, isMember }: ProjectRow): Project => ({
  id: String(project.id),
  name: project.name,
  slug: project.slug,
  avatar: { avatarType: "", avatarUuid: null },
  color: "",
  features: [],
  hasAccess: true,
  isBookmarked: false,
  isInternal: false,
  isMember,
  isPublic: false,
  scrubIPAddresses: project.scrubIpAddresses,
  dateCreated: project.createdAt.toISOString(),
  platform: project.platform,
  firstEvent: project.firstEventAt?.toISOString() ?? null,
  eventThrottleRate: project.throttleRate,
});

/** What a body asks for, in the words of the schema. */
export const toWantedProject = (wanted: NewProject): WantedProject => ({
  name: wanted.name,
  slug: wanted.slug,
  platform: wanted.platform ?? null,
  throttleRate: wanted.eventThrottleRate ?? 0,
});

/** Likewise; what is left out stays. */
export const toProjectChange = (update: ProjectUpdate): ProjectChange => ({
  changes: {
    ...(update.name !== undefined && { name: update.name }),
    ...(update.slug !== undefined && { slug: update.slug }),
    ...(update.platform !== undefined && { platform: update.platform }),
    ...(update.eventThrottleRate !== undefined && { throttleRate: update.eventThrottleRate }),
    ...(update.scrubIPAddresses !== undefined && { scrubIpAddresses: update.scrubIPAddresses }),
    ...(update.dataScrubberDefaults !== undefined && {
      scrubDefaults: update.dataScrubberDefaults,
    }),
    ...(update.sensitiveFields && { sensitiveFields: update.sensitiveFields }),
    ...(update.safeFields && { safeFields: update.safeFields }),
    ...(update.allowedDomains !== undefined && { allowedOrigins: update.allowedDomains }),
  },
  groupingVersion: update.groupingConfig,
  filters: toFilters(update.options ?? {}),
  settings: ProjectSettings.parse(update),
});

/** Options are texts of lines, filters are lists. */
function toFilters(options: Partial<ProjectOptions>): InboundFilters {
  const filters: InboundFilters = {};
  for (const name of filterListNames) {
    const text = options[`filters:${name}`];
    if (text !== undefined) filters[name] = linesOf(text);
  }
  for (const name of optionSwitches) {
    const isOn = options[`filters:${name}`];
    if (isOn !== undefined) filters[name] = isOn;
  }
  return filters;
}

const optionsOf = (filters: InboundFilters): ProjectOptions => {
  const text = (name: FilterList) => (filters[name] ?? []).join("\n");
  return {
    "filters:blacklisted_ips": text("blacklisted_ips"),
    "filters:releases": text("releases"),
    "filters:error_messages": text("error_messages"),
    "filters:error_types": text("error_types"),
    "filters:user_agents": text("user_agents"),
    "filters:countries": text("countries"),
    "filters:chunk-load-error": filters["chunk-load-error"] ?? false,
    "filters:react-hydration-errors": filters["react-hydration-errors"] ?? false,
  };
};

/** The filters that are on or off; browsers by their ids where some were chosen. */
export const toFilterStates = (filters: InboundFilters): InboundFilterState[] =>
  filterIds.map((id) => {
    const active = filters[id] ?? false;
    return { id, active: Array.isArray(active) && active.length === 0 ? false : active };
  });

export const toKey =
  (publicUrl: string) =>
  (row: KeyRow): ProjectKey => ({
    id: row.id,
    name: row.label,
    label: row.label,
    isActive: row.isActive,
    rateLimit:
      row.rateLimitCount !== null && row.rateLimitWindowSeconds !== null
        ? { window: row.rateLimitWindowSeconds, count: row.rateLimitCount }
        : null,
    dateCreated: row.createdAt.toISOString(),
    dsn: dsnsOf(publicUrl, row.publicKey, row.projectId),
    public: row.publicKey,
    projectID: row.projectId,
  });

export const toOrganization = (row: ProjectRow["org"]): Organization => ({
  id: String(row.id),
  name: row.name,
  slug: row.slug,
  dateCreated: row.createdAt.toISOString(),
  status: { id: "active", name: "active" },
  avatar: { avatarType: "", avatarUuid: null },
  isEarlyAdopter: false,
  require2fa: false,
  require2FA: false,
  requireEmailVerification: false,
  features: [],
  isAcceptingEvents: row.isAcceptingEvents,
  eventThrottleRate: row.throttleRate,
});

/*
 * What Sentry's clients read beyond GlitchTip's fields, in the words of Sentry's public API. Only what is true here: a
 * feature that we do not have is false or empty, and what we do not know is left out.
 */

/** Members are invited by managers and projects made by admins, so a plain member may do neither. */
const organizationExtras = {
  hasAuthProvider: false,
  allowMemberInvite: false,
  allowMemberProjectCreation: false,
  allowSuperuserAccess: false,
};

const shownOfProject = shownOf(fixedProject);
const shownOfKey = shownOf(fixedKey);

/** Kinds of data that are not taken in, so that no project has any. */
const absentData = {
  firstTransactionEvent: false,
  hasFeedbacks: false,
  hasFlags: false,
  hasMonitors: false,
  hasNewFeedbacks: false,
  hasProfiles: false,
  hasReplays: false,
  hasSessions: false,
  hasInsightsHttp: false,
  hasInsightsDb: false,
  hasInsightsAssets: false,
  hasInsightsAppStart: false,
  hasInsightsScreenLoad: false,
  hasInsightsVitals: false,
  hasInsightsCaches: false,
  hasInsightsQueues: false,
  hasInsightsAgentMonitoring: false,
  hasInsightsMCP: false,
  hasLogs: false,
  hasTraceMetrics: false,
  hasUserReports: false,
};

const projectExtras = ({ platform }: Project, access: string[]) => ({
  ...absentData,
  access,
  status: "active",
  platforms: platform ? [platform] : [],
});

/** 0 is never, for there is no digest and nothing resolves by age. */
const projectDetailExtras = (settings: ProjectSettings) => ({
  ...shownOfProject,
  securityToken: "",
  highlightPreset: { tags: [], context: {} },
  plugins: [],
  processingIssues: 0,
  isDynamicallySampled: false,
  digestsMinDelay: 0,
  digestsMaxDelay: 0,
  subjectPrefix: "",
  subjectTemplate: "",
  highlightTags: [],
  defaultEnvironment: null,
  ...settings,
  resolveAge: settings.resolveAge ?? 0,
});

/** Doors that we do not have have no address. */
const keyExtras = ({ dsn, public: publicKey, projectID }: ProjectKey) => ({
  ...shownOfKey,
  public: publicKey.replaceAll("-", ""),
  secret: null,
  projectId: projectID,
  browserSdk: { choices: [] },
  dsn: {
    ...dsn,
    csp: dsn.security.replace("/security/?", "/csp-report/?"),
    minidump: "",
    nel: "",
    unreal: "",
    crons: "",
    cdn: "",
    playstation: "",
    integration: "",
    otlp_traces: "",
    otlp_logs: "",
  },
});

type NamedTeam = { id: string; slug: string; name: string };

/** Projects, their keys and organizations as the caller's dialect says them. */
export function speakOfProjects(speaking: Speaking) {
  const { caller, deps } = speaking;
  const { publicUrl } = deps.config;
  // Sentry's clients follow regionUrl for every later call, and take no other than a secure address.
  const linksOf = ({ slug }: ProjectRow["org"]) => ({
    organizationUrl: `${publicUrl}/organizations/${slug}`,
    regionUrl: publicUrl.startsWith("https://") ? publicUrl : "",
  });
  const organization = (row: ProjectRow["org"]): Organization =>
    widen(speaking, toOrganization(row), () => ({ ...organizationExtras, links: linksOf(row) }));
  // GlitchTip's clients reject a team with a name, Sentry's one without.
  const teamsOf = ({ teams }: ProjectRow) =>
    teams.map(({ id, slug, name }: NamedTeam) => widen(speaking, { id, slug }, () => ({ name })));
  const project = (row: ProjectRow): Project =>
    widen(speaking, toProject(row), () => ({
      ...projectExtras(toProject(row), powersAt(caller, row.org.id)),
      // sentry-cli prints the first one.
      team: teamsOf(row)[0] ?? null,
      teams: teamsOf(row),
    }));
  return {
    organization,
    project,
    projectWithTeams: (row: ProjectRow) => ({ ...project(row), teams: teamsOf(row) }),
    projectDetail: (row: ProjectRow) =>
      widen(
        speaking,
        {
          ...project(row),
          organization: organization(row.org),
          teams: teamsOf(row),
          allowedDomains: row.project.allowedOrigins,
          dataScrubberDefaults: row.project.scrubDefaults,
          sensitiveFields: row.project.sensitiveFields,
          safeFields: row.project.safeFields,
          options: optionsOf(filtersOf(row.project.inboundFilters)),
          fingerprintingRules: settingsOf(row.project.settings).fingerprintingRules ?? "",
          groupingEnhancements: settingsOf(row.project.settings).groupingEnhancements ?? "",
          groupingConfig: row.project.groupingVersion,
          resolveAge: settingsOf(row.project.settings).resolveAge ?? 0,
          groupingSwitchedAt: row.project.groupingSwitchedAt?.toISOString() ?? null,
        },
        () => projectDetailExtras(settingsOf(row.project.settings)),
      ),
    key: (row: KeyRow): ProjectKey => {
      const shape = toKey(publicUrl)(row);
      return widen(speaking, shape, () => keyExtras(shape));
    },
  };
}
