import type { OldPagePath } from "../protocol/page-paths";
import { api, ok } from "./api/client";
import { ApiFault } from "./api/fault";

type Params = Record<string, string>;
type NewAddress = (params: Params) => string | Promise<string>;

const enc = encodeURIComponent;

/** Where pages are whose addresses other products and older versions know. The query of an address is kept. */
export const oldAddresses: Record<OldPagePath | "/orgredirect/organizations/$", NewAddress> = {
  "/$org/$project/issues/$issue": ({ org = "", issue = "" }) => `/${org}/issues/${enc(issue)}`,
  "/$org/issues/$issue/comments": ({ org = "", issue = "" }) =>
    `/${org}/issues/${enc(issue)}/activity`,
  "/$org/issues/$issue/user-reports": ({ org = "", issue = "" }) => `/${org}/issues/${enc(issue)}`,
  "/$org/uptime-monitors/$monitor/update": ({ org = "" }) => `/${org}/issues`,
  "/$org/$project": ({ org = "", project = "" }) =>
    `/${org}/settings/projects/${enc(project)}/general`,
  "/profile/multi-factor-auth": () => "/profile/security",
  "/profile/wizard/$hash": () => "/profile/auth-tokens",
  "/account/settings/wizard/$hash": () => "/profile/auth-tokens",
  "/system-info": () => "/admin",
  "/organizations/$org/issues": ({ org = "" }) => `/${org}/issues`,
  "/organizations/$org/issues/$issue": ({ org = "", issue = "" }) => `/${org}/issues/${enc(issue)}`,
  "/organizations/$org/issues/$issue/events/$event": ({ org = "", issue = "", event = "" }) =>
    `/${org}/issues/${enc(issue)}/events/${enc(event)}`,
  "/organizations/$org/projects": ({ org = "" }) => `/${org}/projects`,
  "/organizations/$org/alerts": ({ org = "" }) => `/${org}/alerts`,
  "/organizations/$org/stats": ({ org = "" }) => `/${org}/stats`,
  // Areas that are not there yet: what one is most likely after is among the issues.
  "/organizations/$org/releases": ({ org = "" }) => `/${org}/issues`,
  "/organizations/$org/crons": ({ org = "" }) => `/${org}/issues`,
  "/organizations/$org/feedback": ({ org = "" }) => `/${org}/issues`,
  "/organizations/$org/traces/trace/$trace": ({ org = "" }) => `/${org}/issues`,
  "/organizations/$org/performance/trace/$trace": ({ org = "" }) => `/${org}/issues`,
  "/issues/$issue": ({ issue = "" }) => addressOfIssue(issue),
  "/$org/$project/events/$event": ({ org = "", event = "" }) => `/${org}/issues/${enc(event)}`,
  "/settings/$org/projects/$project": ({ org = "", project = "" }) =>
    `/${org}/settings/projects/${enc(project)}/general`,
  "/settings/$org/projects/$project/keys": ({ org = "", project = "" }) =>
    `/${org}/settings/projects/${enc(project)}/keys`,
  "/settings/account/api/auth-tokens": () => "/profile/auth-tokens",
  "/orgredirect/organizations/$": async ({ _splat: rest = "" }) => {
    const { lastOrganization } = await import("./frame/session");
    const [, ...parts] = rest.split("/");
    return `/organizations/${lastOrganization() ?? "_"}/${parts.join("/")}`;
  },
};

/** The address of today for one of old. */
export const newAddressOf = async (
  path: keyof typeof oldAddresses,
  params: Params,
): Promise<string> => await oldAddresses[path](params);

/** An issue's address names its organization; where only the issue is known, the API knows the rest. */
async function addressOfIssue(issue: string): Promise<string> {
  try {
    const found = await ok(
      api.GET("/api/0/issues/{issue_id}/", { params: { path: { issue_id: issue } } }),
    );
    return new URL(found.permalink).pathname;
  } catch (error) {
    if (error instanceof ApiFault) return "/";
    throw error;
  }
}
