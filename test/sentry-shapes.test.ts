import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { scopes } from "../src/access/schemas";
import type { Speaking } from "../src/access/speaking";
import type { OrganizationRow } from "../src/orgs/queries";
import { speakOfProjects } from "../src/projects/shapes";
import { eventEnvelope, eventually, makeTenant, type Tenant, useStack } from "./harness";

/** What Sentry's clients read is what the types of Sentry's public API demand. */
const stack = useStack();

/** Fields that the types of npm's @sentry/api 0.1.0 have without a question mark, each with what it may be. */
const required = {
  organization: `
    id:string slug:string status:object name:string dateCreated:string isEarlyAdopter:boolean
    require2FA:boolean avatar:object links:object hasAuthProvider:boolean
    allowMemberInvite:boolean allowMemberProjectCreation:boolean allowSuperuserAccess:boolean`,
  organizationDetail: `
    id:string slug:string status:object name:string dateCreated:string isEarlyAdopter:boolean
    require2FA:boolean avatar:object links:object hasAuthProvider:boolean
    allowMemberInvite:boolean allowMemberProjectCreation:boolean allowSuperuserAccess:boolean
    experiments:unknown isDefault:boolean defaultRole:string orgRoleList:array
    teamRoleList:array openMembership:boolean allowSharedIssues:boolean enhancedPrivacy:boolean
    dataScrubber:boolean dataScrubberDefaults:boolean sensitiveFields:array safeFields:array
    storeCrashReports:number attachmentsRole:string debugFilesRole:string
    eventsMemberAdmin:boolean alertsMemberWrite:boolean scrubIPAddresses:boolean
    scrapeJavaScript:boolean allowJoinRequests:boolean relayPiiConfig:null|string
    trustedRelays:array pendingAccessRequests:number codecovAccess:boolean
    hideAiFeatures:boolean githubPRBot:boolean githubNudgeInvite:boolean gitlabPRBot:boolean
    aggregatedDataConsent:boolean isDynamicallySampled:boolean issueAlertsThreadFlag:boolean
    metricAlertsThreadFlag:boolean requiresSso:boolean defaultAutofixAutomationTuning:string
    defaultSeerScannerAutomation:boolean enablePrReviewTestGeneration:boolean
    enableSeerEnhancedAlerts:boolean enableSeerCoding:boolean
    allowBackgroundAgentDelegation:boolean autoEnableCodeReview:boolean autoOpenPrs:boolean
    defaultCodeReviewTriggers:array teams:array projects:array`,
  project: `
    id:string slug:string name:string platform:null|string dateCreated:string
    isBookmarked:boolean isMember:boolean features:array firstEvent:null|string
    firstTransactionEvent:boolean access:array hasAccess:boolean hasFeedbacks:boolean
    hasFlags:boolean hasMinifiedStackTrace:boolean hasMonitors:boolean hasNewFeedbacks:boolean
    hasProfiles:boolean hasReplays:boolean hasSessions:boolean hasInsightsHttp:boolean
    hasInsightsDb:boolean hasInsightsAssets:boolean hasInsightsAppStart:boolean
    hasInsightsScreenLoad:boolean hasInsightsVitals:boolean hasInsightsCaches:boolean
    hasInsightsQueues:boolean hasInsightsAgentMonitoring:boolean hasInsightsMCP:boolean
    hasLogs:boolean hasTraceMetrics:boolean team:null|object teams:array platforms:array
    hasUserReports:boolean environments:array latestRelease:null|object`,
  projectDetail: `
    id:string slug:string name:string platform:null|string dateCreated:string
    isBookmarked:boolean isMember:boolean features:array firstEvent:null|string
    firstTransactionEvent:boolean access:array hasAccess:boolean hasFeedbacks:boolean
    hasFlags:boolean hasMinifiedStackTrace:boolean hasMonitors:boolean hasNewFeedbacks:boolean
    hasProfiles:boolean hasReplays:boolean hasSessions:boolean hasInsightsHttp:boolean
    hasInsightsDb:boolean hasInsightsAssets:boolean hasInsightsAppStart:boolean
    hasInsightsScreenLoad:boolean hasInsightsVitals:boolean hasInsightsCaches:boolean
    hasInsightsQueues:boolean hasInsightsAgentMonitoring:boolean hasInsightsMCP:boolean
    hasLogs:boolean hasTraceMetrics:boolean isInternal:boolean isPublic:boolean avatar:object
    color:string status:string teams:array latestRelease:null|object options:object
    digestsMinDelay:number digestsMaxDelay:number subjectPrefix:string allowedDomains:array
    resolveAge:number dataScrubber:boolean dataScrubberDefaults:boolean safeFields:array
    storeCrashReports:null|number sensitiveFields:array subjectTemplate:string
    securityToken:string securityTokenHeader:null|string verifySSL:boolean
    scrubIPAddresses:boolean scrapeJavaScript:boolean highlightTags:array
    highlightContext:object highlightPreset:object groupingConfig:string
    derivedGroupingEnhancements:string groupingEnhancements:string
    secondaryGroupingExpiry:number secondaryGroupingConfig:null|string
    fingerprintingRules:string organization:object plugins:array platforms:array
    processingIssues:number defaultEnvironment:null|string relayPiiConfig:null|string
    builtinSymbolSources:array dynamicSamplingBiases:array symbolSources:string
    isDynamicallySampled:boolean tempestFetchScreenshots:boolean autofixAutomationTuning:string
    seerScannerAutomation:boolean debugFilesRole:null|string`,
  team: `
    id:string slug:string name:string dateCreated:null|string isMember:boolean
    teamRole:null|string flags:object access:array hasAccess:boolean isPending:boolean
    memberCount:number avatar:object`,
  member: `
    id:string email:string name:string orgRole:string pending:boolean expired:boolean
    flags:object dateCreated:string inviteStatus:string inviterName:null|string`,
  memberDetail: `
    id:string email:string name:string orgRole:string pending:boolean expired:boolean
    flags:object dateCreated:string inviteStatus:string inviterName:null|string teams:array
    teamRoles:array invite_link:null|string isOnlyOwner:boolean orgRoleList:array
    teamRoleList:array`,
  key: `
    id:string name:string label:string public:null|string secret:null|string projectId:number
    isActive:boolean rateLimit:null|object dsn:object browserSdkVersion:string
    browserSdk:object dateCreated:null|string dynamicSdkLoaderOptions:object`,
  issue: `
    id:string shareId:string shortId:string title:string culprit:null|string permalink:string
    logger:null|string level:string status:string statusDetails:object substatus:null|string
    isPublic:boolean platform:null|string priority:null|string priorityLockedAt:null|string
    seerFixabilityScore:null|number seerAutofixLastTriggered:null|string project:object
    type:string issueType:string issueCategory:string metadata:object numComments:number
    assignedTo:object isBookmarked:boolean isSubscribed:boolean subscriptionDetails:null|object
    hasSeen:boolean annotations:array isUnhandled:boolean count:string userCount:number
    firstSeen:null|string lastSeen:null|string stats:object lifetime:object
    filtered:null|object sessionCount:number inbox:object owners:object pluginActions:array
    pluginIssues:array integrationIssues:array sentryAppIssues:array
    latestEventHasAttachments:boolean`,
  issueDetail: `
    activity:array annotations:array assignedTo:null|object count:string culprit:string
    firstRelease:null|object firstSeen:string hasSeen:boolean id:string isBookmarked:boolean
    isPublic:boolean isSubscribed:boolean lastRelease:null|object lastSeen:string level:string
    logger:null|string metadata:object numComments:number participants:array permalink:string
    pluginActions:array pluginContexts:array pluginIssues:array project:object seenBy:array
    shareId:null|string shortId:string stats:object status:string statusDetails:object
    subscriptionDetails:null|object tags:array title:string type:string userCount:number
    userReportCount:number`,
  listedEvent: `
    id:string event.type:string groupID:null|string eventID:string projectID:string
    message:string title:string location:null|string culprit:null|string user:null|object
    tags:array platform:null|string dateCreated:string crashFile:null|string
    metadata:null|object`,
  event: `
    eventID:string dist:null|string userReport:null|object previousEventID:null|string
    message:string id:string size:number errors:array platform:string nextEventID:null|string
    type:string metadata:object tags:array dateCreated:string dateReceived:string
    user:null|object entries:array packages:object sdk:object _meta:object contexts:object
    fingerprints:array context:object release:null|object groupID:string title:string`,
};
type Shape = keyof typeof required;

/** What we do not know, or would have to look up for each row of a list; no client that we tried needs it. */
const unknown: Partial<Record<Shape, string[]>> = {
  project: ["hasMinifiedStackTrace", "environments", "latestRelease"],
  projectDetail: ["hasMinifiedStackTrace", "latestRelease"],
  issueDetail: ["firstRelease", "lastRelease", "tags"],
  event: ["size", "release"],
};
/** Null although the types know only things that we do not have. */
const nothing: Partial<Record<Shape, string[]>> = {
  issue: ["shareId", "assignedTo", "inbox", "owners"],
};

let tenant: Tenant;
let token: string;
const read = async (path: string): Promise<Record<string, unknown>> => {
  const response = await tenant.call("GET", `/api/0/${path}`, undefined, token);
  const answer = (await response.json()) as Record<string, unknown>[] | Record<string, unknown>;
  return Array.isArray(answer) ? (answer[0] ?? {}) : answer;
};
let paths: Record<Shape, string>;

beforeAll(async () => {
  tenant = await makeTenant(stack);
  token = `sntryu_${randomBytes(32).toString("hex")}`;
  await tenant.addToken(token, scopes);
  const org = `organizations/${tenant.slug}/`;
  const project = `projects/${tenant.slug}/shop/`;
  await tenant.call("POST", `/api/0/${org}teams/`, { slug: "core", name: "The Core" });
  await tenant.call("POST", `/api/0/${project}teams/core/`, {});
  const mechanism = { type: "onerror", handled: false };
  await tenant.send(
    eventEnvelope({ exception: { values: [{ type: "Error", value: "Oops", mechanism }] } }),
  );
  const [issue] = await eventually(async () => {
    const found = await tenant.issues();
    expect(found).toHaveLength(1);
    return found;
  });
  const member = await read(`${org}members/`);
  const key = await read(`${project}keys/`);
  paths = {
    organization: "organizations/",
    organizationDetail: org,
    project: `${org}projects/`,
    projectDetail: project,
    team: `teams/${tenant.slug}/core/`,
    member: `${org}members/`,
    memberDetail: `${org}members/${member["id"]}/`,
    key: `${project}keys/${key["id"]}/`,
    issue: `${org}issues/`,
    issueDetail: `${org}issues/${issue?.id}/`,
    listedEvent: `${project}events/`,
    event: `${project}events/latest/`,
  };
});

const kindOf = (value: unknown) => {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
};

test.each(Object.keys(required) as Shape[])("%s has what the types demand", async (shape) => {
  const answer = await read(paths[shape]);
  const wrong = required[shape]
    .trim()
    .split(/\s+/)
    .flatMap((field) => {
      const [name = "", kinds = ""] = field.split(":");
      const kind = kindOf(answer[name]);
      const fits = kinds === "unknown" ? kind !== "undefined" : kinds.split("|").includes(kind);
      if (nothing[shape]?.includes(name)) return kind === "null" ? [] : [`${name} is known`];
      if (unknown[shape]?.includes(name)) return kind === "undefined" ? [] : [`${name} is known`];
      return fits ? [] : [`${name} is ${kind}, not ${kinds}`];
    });
  expect(wrong).toEqual([]);
});

test("what they tell is true", async () => {
  expect(await read(paths.issueDetail)).toMatchObject({
    isUnhandled: true,
    substatus: "new",
    priority: "high",
    platform: "node",
    lifetime: { count: "1" },
  });
  expect(await read(paths.listedEvent)).toMatchObject({
    projectID: String(tenant.projectId),
    contexts: {},
    errors: [],
  });
  expect(await read(paths.member)).toMatchObject({
    name: "Ada",
    inviteStatus: "approved",
    expired: false,
  });
  expect(await read(paths.memberDetail)).toMatchObject({
    isOnlyOwner: true,
    teamRoles: [{ teamSlug: "core" }],
  });
  expect(await read(paths.team)).toMatchObject({
    slug: "core",
    name: "The Core",
    teamRole: "contributor",
  });
  const key = await read(paths.key);
  const dsn = key["dsn"] as Record<string, string>;
  expect(key["public"]).toBe(tenant.publicKey);
  expect(Object.keys(dsn).toSorted()).toEqual([
    "cdn",
    "crons",
    "csp",
    "integration",
    "minidump",
    "nel",
    "otlp_logs",
    "otlp_traces",
    "playstation",
    "public",
    "secret",
    "security",
    "unreal",
  ]);
  const csp = new URL(dsn["csp"] ?? "");
  const report = {
    "csp-report": { "document-uri": "https://a.example", "violated-directive": "img-src" },
  };
  const sent = await fetch(stack.url + csp.pathname + csp.search, {
    method: "POST",
    body: JSON.stringify(report),
  });
  expect(sent.status).toBe(200);
});

describe("where a region is", () => {
  test.each([
    ["https://errors.example", "https://errors.example"],
    ["http://localhost:8000", ""],
  ])("%s is the region %j", (publicUrl, regionUrl) => {
    const caller = { dialect: "sentry", orgs: [] };
    const speaking = { caller, deps: { config: { publicUrl } } } as unknown as Speaking;
    const row = { id: 1, slug: "acme", createdAt: new Date() } as OrganizationRow;
    const said = speakOfProjects(speaking).organization(row);
    expect(said.links).toEqual({ organizationUrl: `${publicUrl}/organizations/acme`, regionUrl });
  });
});
