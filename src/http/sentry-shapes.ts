import { roles } from "../access/schemas";
import { type Role, scopesOfRole } from "../access/scopes";
import type { Event, Issue } from "../issues/schemas";
import type { MemberRow } from "../orgs/member-queries";
import type { Member } from "../orgs/schemas";
import { roleTitles } from "../orgs/shapes";
import type { Project, ProjectKey, ProjectSettings } from "../projects/schemas";
import { dictionaryOf } from "../protocol/dictionary";
import { weekMs } from "../protocol/durations";
import type { FixedFields } from "../protocol/fixed-fields";
import { fixedKey, fixedOrganization, fixedProject } from "../protocol/sentry-constants";

/*
 * What Sentry's clients read beyond GlitchTip's fields, in the words of Sentry's public API. Only what is true here: a
 * feature that we do not have is false or empty, and what we do not know is left out.
 */

const shown = (fixed: FixedFields) =>
  dictionaryOf(Object.entries(fixed).filter(([, value]) => value !== undefined));
const shownOfOrganization = shown(fixedOrganization);
const shownOfProject = shown(fixedProject);
const shownOfKey = shown(fixedKey);

/** Members are invited by managers and projects made by admins, so a plain member may do neither. */
export const organizationExtras = {
  hasAuthProvider: false,
  allowMemberInvite: false,
  allowMemberProjectCreation: false,
  allowSuperuserAccess: false,
};

const roleList = roles.map((role) => ({
  id: role,
  name: roleTitles[role],
  desc: "",
  scopes: scopesOfRole[role],
  allowed: true,
  isAllowed: true,
  isRetired: false,
  isTeamRolesAllowed: false,
  is_global: role === "manager" || role === "owner",
  isGlobal: role === "manager" || role === "owner",
  minimumTeamRole: "contributor",
}));
const roleLists = { orgRoleList: roleList, teamRoleList: [] };

export const organizationDetailExtras = (role: Role) => ({
  ...shownOfOrganization,
  ...roleLists,
  role,
  orgRole: role,
  experiments: {},
  isDefault: false,
  pendingAccessRequests: 0,
  aggregatedDataConsent: false,
  isDynamicallySampled: false,
  requiresSso: false,
  defaultAutofixAutomationTuning: "off",
  defaultSeerScannerAutomation: false,
  enablePrReviewTestGeneration: false,
  enableSeerEnhancedAlerts: false,
  enableSeerCoding: false,
  allowBackgroundAgentDelegation: false,
  autoEnableCodeReview: false,
  autoOpenPrs: false,
  defaultCodeReviewTriggers: [],
});

export const teamExtras = (isMember: boolean, access: string[]) => ({
  teamRole: isMember ? "contributor" : null,
  flags: { "idp:provisioned": false },
  access,
  hasAccess: true,
  isPending: false,
  avatar: { avatarType: "letter_avatar", avatarUuid: null },
});

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

export const projectExtras = ({ platform }: Project, access: string[]) => ({
  ...absentData,
  access,
  status: "active",
  platforms: platform ? [platform] : [],
});

/** 0 is never, for there is no digest and nothing resolves by age. */
export const projectDetailExtras = (settings: ProjectSettings) => ({
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
  groupingEnhancements: "",
  fingerprintingRules: "",
  defaultEnvironment: null,
  ...settings,
  resolveAge: settings.resolveAge ?? 0,
});

/** Whoever may invite need not ask, so an invitation is approved from the start. */
export const memberExtras = ({ user, email }: Member, row: MemberRow, now: Date) => ({
  name: user?.name || email,
  expired: row.user === null && row.inviteExpiresAt !== null && new Date(row.inviteExpiresAt) < now,
  flags: {
    "idp:provisioned": false,
    "idp:role-restricted": false,
    "sso:linked": false,
    "sso:invalid": false,
    "member-limit:restricted": false,
    "partnership:restricted": false,
  },
  inviteStatus: "approved",
  inviterName: null,
});

export const memberDetailExtras = (row: MemberRow) => ({
  ...roleLists,
  teamRoles: row.teams.map((teamSlug) => ({ teamSlug, role: null })),
  // It is shown once, when it is made.
  invite_link: null,
  isOnlyOwner: row.isOnlyOwner,
});

/** Doors that we do not have have no address. */
export const keyExtras = ({ dsn, public: publicKey, projectID }: ProjectKey) => ({
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

const newForMs = weekMs;

export const issueExtras = (issue: Issue, now: Date) => ({
  substatus: substatusOf(issue, now),
  priority: priorityOf(issue.level),
  priorityLockedAt: null,
  isPublic: false,
  platform: issue.project.platform,
  issueType: issue.type === "csp" ? "csp" : "error",
  issueCategory: "error",
  assignedTo: null,
  isBookmarked: false,
  isSubscribed: false,
  hasSeen: false,
  annotations: [],
  pluginActions: [],
  pluginIssues: [],
  integrationIssues: [],
  sentryAppIssues: [],
  latestEventHasAttachments: false,
  seerFixabilityScore: null,
  seerAutofixLastTriggered: null,
  owners: null,
  inbox: null,
  filtered: null,
  sessionCount: 0,
  lifetime: {
    count: issue.count,
    userCount: issue.userCount,
    firstSeen: issue.firstSeen,
    lastSeen: issue.lastSeen,
    stats: {},
  },
  activity: [],
  participants: [],
  seenBy: [],
  pluginContexts: [],
});

function substatusOf({ status, firstSeen }: Issue, now: Date): string | null {
  if (status === "resolved") return null;
  if (status === "ignored") return "archived_forever";
  return +now - +new Date(firstSeen) < newForMs ? "new" : "ongoing";
}

function priorityOf(level: Issue["level"]): "high" | "medium" | "low" {
  if (level === "fatal" || level === "error") return "high";
  return level === "warning" ? "medium" : "low";
}

/** Objects and lists that are null for GlitchTip's clients are empty for Sentry's. */
export const eventExtras = (event: Event, fingerprints: string[]) => ({
  projectID: String(event.projectID),
  "event.type": event.type,
  location: typeof event.metadata["filename"] === "string" ? event.metadata["filename"] : null,
  crashFile: null,
  fingerprints,
  platform: event.platform ?? "other",
  contexts: event.contexts ?? {},
  packages: event.packages ?? {},
  errors: event.errors ?? [],
  sdk: event.sdk ?? {},
  _meta: event._meta ?? {},
});
