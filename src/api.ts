import { allauthAccountRoutes } from "./accounts/allauth-account-routes";
import { allauthFactorRoutes } from "./accounts/allauth-factor-routes";
import { allauthRoutes } from "./accounts/allauth-routes";
import { documentDoors } from "./accounts/documented-routes";
import { factorRoutes } from "./accounts/factor-routes";
import { managedUserRoutes } from "./accounts/managed-user-routes";
import { pageRoutes } from "./accounts/page-routes";
import { authRoutes } from "./accounts/routes";
import { tokenRoutes } from "./accounts/token-routes";
import { userRoutes } from "./accounts/user-routes";
import { browserRoutes } from "./admin/browser-routes";
import { docsRoutes } from "./admin/docs-routes";
import { healthRoutes } from "./admin/health-routes";
import { mailboxRoutes } from "./admin/mailbox-routes";
import { metricsRoutes } from "./admin/metrics-routes";
import { adminRoutes } from "./admin/routes";
import { answerUi } from "./admin/ui-routes";
import { alertRoutes } from "./alerts/routes";
import { auditRoutes } from "./audit/routes";
import { depsOf } from "./host";
import { apiApp } from "./http/api-app";
import { testEventRoutes } from "./ingest/test-event-routes";
import { activityRoutes } from "./issues/activity-routes";
import { changeRoutes } from "./issues/change-routes";
import { countRoutes } from "./issues/count-routes";
import { deleteRoutes } from "./issues/delete-routes";
import { eventRoutes } from "./issues/event-routes";
import { eventTextRoutes } from "./issues/event-text-routes";
import { groupingRoutes } from "./issues/grouping-routes";
import { hashRoutes } from "./issues/hash-routes";
import { jobRoutes } from "./issues/job-routes";
import { listRoutes } from "./issues/list-routes";
import { lookupRoutes } from "./issues/lookup-routes";
import { oldAddressRoutes } from "./issues/old-address-routes";
import { paletteRoutes } from "./issues/palette-routes";
import { issueRoutes } from "./issues/routes";
import { savedSearchRoutes } from "./issues/saved-search-routes";
import { scrubbingRoutes } from "./issues/scrubbing-routes";
import { sharePageRoutes } from "./issues/share-page-routes";
import { shareRoutes } from "./issues/share-routes";
import { similarRoutes } from "./issues/similar-routes";
import { tagRoutes } from "./issues/tag-routes";
import { undoRoutes } from "./issues/undo-routes";
import { viewRoutes } from "./issues/view-routes";
import { invitationPageRoutes } from "./orgs/invitation-page-routes";
import { invitationRoutes } from "./orgs/invitation-routes";
import { managedOrganizationRoutes } from "./orgs/managed-organization-routes";
import { memberRoutes } from "./orgs/member-routes";
import { pulseRoutes } from "./orgs/pulse-routes";
import { orgRoutes } from "./orgs/routes";
import { setUpRoutes } from "./orgs/set-up-routes";
import { teamRoutes } from "./orgs/team-routes";
import { filterRoutes } from "./projects/filter-routes";
import { keyRoutes } from "./projects/key-routes";
import { ownershipRoutes } from "./projects/ownership-routes";
import { refusalRoutes } from "./projects/refusal-routes";
import { projectRoutes } from "./projects/routes";
import { subscriptionRoutes } from "./projects/subscription-routes";
import { environmentRoutes } from "./releases/environment-routes";
import { statsRoutes } from "./stats/routes";

/** What people and their programs ask, by feature. */
const features = {
  admin: [adminRoutes, browserRoutes, docsRoutes, healthRoutes, mailboxRoutes, metricsRoutes],
  orgs: [
    orgRoutes,
    memberRoutes,
    teamRoutes,
    invitationRoutes,
    invitationPageRoutes,
    pulseRoutes,
    managedOrganizationRoutes,
    setUpRoutes,
  ],
  audit: [auditRoutes],
  projects: [
    projectRoutes,
    keyRoutes,
    subscriptionRoutes,
    refusalRoutes,
    filterRoutes,
    ownershipRoutes,
  ],
  ingest: [testEventRoutes],
  alerts: [alertRoutes],
  releases: [environmentRoutes],
  stats: [statsRoutes],
  accounts: [
    managedUserRoutes,
    authRoutes,
    allauthRoutes,
    allauthAccountRoutes,
    allauthFactorRoutes,
    pageRoutes,
    userRoutes,
    factorRoutes,
    tokenRoutes,
  ],
  // What has a name of its own is asked before what stands for any issue.
  issues: [
    groupingRoutes,
    scrubbingRoutes,
    paletteRoutes,
    countRoutes,
    undoRoutes,
    viewRoutes,
    savedSearchRoutes,
    listRoutes,
    changeRoutes,
    issueRoutes,
    activityRoutes,
    hashRoutes,
    jobRoutes,
    deleteRoutes,
    eventRoutes,
    eventTextRoutes,
    tagRoutes,
    similarRoutes,
    lookupRoutes,
    shareRoutes,
    sharePageRoutes,
    oldAddressRoutes,
  ],
};

/** Its routes, schemas and shapes are two thirds of the bundle: loaded with the first request that is for them. */
export const api = apiApp({
  depsOf: (env) => depsOf(env, "api"),
  features,
  extend: documentDoors,
  notFound: answerUi,
});
