import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { ComponentType } from "react";
import type { OldPagePath, PagePath } from "../protocol/page-paths";
import { oldPagePaths, pagePaths } from "../protocol/page-paths";
import { parseSearch, type Search, stringifySearch } from "./filters";
import { CrashPage } from "./frame/crash-page";
import { NotFoundPage } from "./frame/not-found-page";
import { Shell } from "./frame/shell";
import { mount } from "./mount";
import { Toasts } from "./parts/toasts";

type PageModule = {
  Page: ComponentType;
  /** Asks for what the page shows; also called when somebody is about to come here. Waits for nothing. */
  prefetch?: (params: Record<string, string>, search: Search) => void;
};
type Load = () => Promise<PageModule>;

/** The code of each page; it is loaded when somebody comes there or is about to. */
const pages: Record<PagePath, Load> = {
  "/": () => import("./frame/start-page"),
  "/login": () => import("./auth/login-page"),
  "/register": () => import("./auth/register-page"),
  "/reset-password": () => import("./auth/reset-password-page"),
  "/welcome": () => import("./auth/welcome-page"),
  "/organizations/new": () => import("./orgs/new-organization-page"),
  "/profile": () => import("./profile/profile-page"),
  "/profile/security": () => import("./profile/security-page"),
  "/profile/sessions": () => import("./profile/sessions-page"),
  "/profile/notifications": () => import("./profile/notifications-page"),
  "/profile/auth-tokens": () => import("./profile/auth-tokens-page"),
  "/profile/preferences": () => import("./profile/preferences-page"),
  "/admin": () => import("./admin/overview-page"),
  "/admin/users": () => import("./admin/users-page"),
  "/admin/organizations": () => import("./admin/organizations-page"),
  "/admin/settings": () => import("./admin/settings-page"),
  "/admin/dead-letters": () => import("./admin/dead-letters-page"),
  "/$org/projects": () => import("./projects/projects-page"),
  "/$org/projects/new": () => import("./projects/new-project-page"),
  "/$org/projects/$project/setup": () => import("./projects/setup-page"),
  "/$org/issues": () => import("./issues/issue-list-page"),
  "/$org/issues/$issue": () => import("./issues/issue-page"),
  "/$org/issues/$issue/events": () => import("./issues/issue-page"),
  "/$org/issues/$issue/events/$event": () => import("./issues/issue-page"),
  "/$org/issues/$issue/tags": () => import("./issues/issue-page"),
  "/$org/issues/$issue/diff/$pair": () => import("./issues/diff-page"),
  "/$org/alerts": () => import("./alerts/alerts-page"),
  "/$org/stats": () => import("./stats/stats-page"),
  "/$org/settings": () => import("./orgs/organization-page"),
  "/$org/settings/projects": () => import("./projects/project-settings-list-page"),
  "/$org/settings/projects/$project/general": () => import("./projects/general-page"),
  "/$org/settings/projects/$project/keys": () => import("./projects/keys-page"),
  "/$org/settings/projects/$project/alerts": () => import("./alerts/project-alerts-page"),
  "/$org/settings/projects/$project/environments": () => import("./projects/environments-page"),
  "/$org/settings/teams": () => import("./orgs/teams-page"),
  "/$org/settings/teams/$team": () => import("./orgs/team-page"),
  "/$org/settings/members": () => import("./orgs/members-page"),
  "/$org/settings/members/$member": () => import("./orgs/member-page"),
  "/$org/settings/tokens": () => import("./orgs/tokens-page"),
  "/$org/settings/audit-log": () => import("./orgs/audit-log-page"),
};

/** Pages for whoever is not signed in yet: without the frame. */
const frameless: ReadonlySet<PagePath> = new Set([
  "/",
  "/login",
  "/register",
  "/reset-password",
  "/welcome",
]);

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
  notFoundComponent: () => (
    <Shell>
      <NotFoundPage />
    </Shell>
  ),
});

const framed = createRoute({
  getParentRoute: () => root,
  id: "framed",
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
});

/** The tabs and the events of an issue are one page, which stays while one goes from one to the other. */
const issuePath = "/$org/issues/$issue";
const isOfIssue = (path: PagePath) =>
  path === issuePath || (path.startsWith(`${issuePath}/`) && !path.includes("/diff/"));
const issueRoute = createRoute({
  getParentRoute: () => framed,
  path: issuePath,
  component: lazyRouteComponent(pages[issuePath], "Page"),
  errorComponent: CrashPage,
});

const routeOf = (path: PagePath) =>
  createRoute({
    getParentRoute: () =>
      frameless.has(path)
        ? root
        : isOfIssue(path)
          ? (issueRoute as unknown as typeof framed)
          : framed,
    path: isOfIssue(path) ? path.slice(issuePath.length) || "/" : path,
    component: isOfIssue(path) ? () => null : lazyRouteComponent(pages[path], "Page"),
    errorComponent: CrashPage,
    loaderDeps: ({ search }: { search: Search }) => search,
    loader: async ({ params, deps }) => {
      const { prefetch } = await pages[path]();
      prefetch?.(params, deps);
    },
  });

const oldRouteOf = (path: OldPagePath | "/orgredirect/organizations/$") =>
  createRoute({
    getParentRoute: () => root,
    path,
    loader: async ({ params, location }) => {
      const { newAddressOf } = await import("./old-addresses");
      const to = await newAddressOf(path, params);
      // oxlint-disable-next-line no-throw-literal -- how the router takes it
      throw redirect({ to, search: location.search, replace: true });
    },
  });

const ofIssue = pagePaths.filter(isOfIssue).map(routeOf);
const ofFrame = pagePaths.filter((path) => !frameless.has(path) && !isOfIssue(path)).map(routeOf);
const withoutFrame = pagePaths.filter((path) => frameless.has(path)).map(routeOf);

export const router = createRouter({
  routeTree: root.addChildren([
    framed.addChildren([...ofFrame, issueRoute.addChildren(ofIssue)]),
    ...withoutFrame,
    ...oldPagePaths.map(oldRouteOf),
    oldRouteOf("/orgredirect/organizations/$"),
  ]),
  basepath: mount || "/",
  parseSearch,
  stringifySearch,
  trailingSlash: "never",
  defaultPreload: "intent",
  defaultPreloadDelay: 80,
  defaultPreloadStaleTime: 10_000,
  scrollRestoration: true,
  defaultErrorComponent: CrashPage,
});
