/**
 * The addresses of the web UI's pages, without a slash at the end; a part that begins with `$` stands for anything. The
 * server answers them with the UI, and the UI has a page for each.
 */
export const pagePaths = [
  "/",
  "/login",
  "/register",
  "/reset-password",
  "/welcome",
  "/organizations/new",
  "/profile",
  "/profile/security",
  "/profile/sessions",
  "/profile/notifications",
  "/profile/auth-tokens",
  "/profile/preferences",
  "/admin",
  "/admin/users",
  "/admin/organizations",
  "/admin/settings",
  "/admin/dead-letters",
  "/$org/projects",
  "/$org/projects/new",
  "/$org/projects/$project/setup",
  "/$org/issues",
  "/$org/issues/$issue",
  "/$org/issues/$issue/events",
  "/$org/issues/$issue/events/$event",
  "/$org/issues/$issue/tags",
  "/$org/issues/$issue/people",
  "/$org/issues/$issue/activity",
  "/$org/issues/$issue/merged",
  "/$org/issues/$issue/diff/$pair",
  "/$org/alerts",
  "/$org/stats",
  "/$org/settings",
  "/$org/settings/projects",
  "/$org/settings/projects/$project/general",
  "/$org/settings/projects/$project/keys",
  "/$org/settings/projects/$project/alerts",
  "/$org/settings/projects/$project/environments",
  "/$org/settings/projects/$project/filters",
  "/$org/settings/projects/$project/ownership",
  "/$org/settings/teams",
  "/$org/settings/teams/$team",
  "/$org/settings/members",
  "/$org/settings/members/$member",
  "/$org/settings/tokens",
  "/$org/settings/audit-log",
] as const;
export type PagePath = (typeof pagePaths)[number];

/** Addresses that other products and older versions gave to pages of ours; the UI leads on from them. */
export const oldPagePaths = [
  "/$org/$project/issues/$issue",
  "/$org/issues/$issue/comments",
  "/$org/issues/$issue/user-reports",
  "/$org/uptime-monitors/$monitor/update",
  "/$org/$project",
  "/profile/multi-factor-auth",
  "/profile/wizard/$hash",
  "/account/settings/wizard/$hash",
  "/system-info",
  "/organizations/$org/issues",
  "/organizations/$org/issues/$issue",
  "/organizations/$org/issues/$issue/events/$event",
  "/organizations/$org/projects",
  "/organizations/$org/alerts",
  "/organizations/$org/stats",
  "/organizations/$org/releases",
  "/organizations/$org/crons",
  "/organizations/$org/feedback",
  "/organizations/$org/traces/trace/$trace",
  "/organizations/$org/performance/trace/$trace",
  "/issues/$issue",
  "/$org/$project/events/$event",
  "/settings/$org/projects/$project",
  "/settings/$org/projects/$project/keys",
  "/settings/account/api/auth-tokens",
] as const;
export type OldPagePath = (typeof oldPagePaths)[number];

/** Whose rest is anything: an address of Sentry that names the organization later. */
const leadsAnywhere = /^\/orgredirect\/organizations\/[^/]+\//;

const pathCharsMax = 2000;
const partsMax = 10;

type Step = { next: Map<string, Step>; any?: Step; isPage: boolean };

function stepsOf(paths: readonly string[]): Step {
  const root: Step = { next: new Map(), isPage: false };
  for (const path of paths) {
    let step = root;
    for (const part of path.split("/").filter(Boolean)) {
      const known = part.startsWith("$") ? step.any : step.next.get(part);
      const next = known ?? { next: new Map<string, Step>(), isPage: false };
      if (part.startsWith("$")) step.any = next;
      else step.next.set(part, next);
      step = next;
    }
    step.isPage = true;
  }
  return root;
}

const steps = stepsOf([...pagePaths, ...oldPagePaths]);

/** Whether the UI has a page at this path. */
export function isPagePath(path: string): boolean {
  if (path.length > pathCharsMax) return false;
  const parts = path.split("/").filter(Boolean);
  if (parts.length > partsMax) return false;
  return leadsAnywhere.test(path) || leadsToPage(steps, parts);
}

/** Named parts and placeholders are both tried: at most two ways at each of the few parts. */
function leadsToPage(step: Step, parts: string[]): boolean {
  const [part, ...rest] = parts;
  if (part === undefined) return step.isPage;
  const named = step.next.get(part);
  return (
    (named !== undefined && leadsToPage(named, rest)) ||
    (step.any !== undefined && leadsToPage(step.any, rest))
  );
}
