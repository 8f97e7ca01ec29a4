import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { OldPagePath, PagePath } from "../protocol/page-paths";
import { oldPagePaths, pagePaths } from "../protocol/page-paths";
import { useIsFollowing } from "./api/following";
import { parseSearch, type Search, stringifySearch } from "./filters";
import { CrashPage } from "./frame/crash-page";
import { NotFoundPage } from "./frame/not-found-page";
import { Shell } from "./frame/shell";
import { mount } from "./mount";
import type { FirstPath, LoadPage } from "./other-pages";
import { Toasts } from "./parts/toasts";

/** The pages that people come to most: their code is known here. */
const firstPages = {
  "/$org/issues": () => import("./issues/issue-list-page"),
  "/$org/issues/$issue": () => import("./issues/issue-page"),
  "/$org/issues/$issue/events": () => import("./issues/issue-page"),
  "/$org/issues/$issue/events/$event": () => import("./issues/issue-page"),
  "/$org/issues/$issue/tags": () => import("./issues/issue-page"),
  "/$org/issues/$issue/people": () => import("./issues/issue-page"),
  "/$org/issues/$issue/activity": () => import("./issues/issue-page"),
  "/$org/issues/$issue/merged": () => import("./issues/issue-page"),
} satisfies Partial<Record<PagePath, LoadPage>>;

/** The code of a page, which is loaded when somebody comes there or is about to. */
const loadOf = (path: PagePath): LoadPage =>
  isFirst(path) ? firstPages[path] : async () => (await import("./other-pages")).otherPages[path]();

const isFirst = (path: PagePath): path is FirstPath => path in firstPages;

/** Pages for whoever is not signed in yet: without the frame. */
const frameless: ReadonlySet<PagePath> = new Set([
  "/",
  "/login",
  "/register",
  "/reset-password",
  "/welcome",
]);

const JobProgress = lazy(async () => ({
  default: (await import("./parts/job-progress")).JobProgress,
}));

function Root() {
  const isFollowing = useIsFollowing();
  return (
    <>
      <Outlet />
      <Toasts>
        {isFollowing && (
          <Suspense>
            <JobProgress />
          </Suspense>
        )}
      </Toasts>
    </>
  );
}

const root = createRootRoute({
  component: Root,
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
  component: lazyRouteComponent(loadOf(issuePath), "Page"),
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
    component: isOfIssue(path) ? () => null : lazyRouteComponent(loadOf(path), "Page"),
    errorComponent: CrashPage,
    loaderDeps: ({ search }: { search: Search }) => search,
    loader: async ({ params, deps }) => {
      const { prefetch } = await loadOf(path)();
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
