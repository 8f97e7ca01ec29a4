import type { ComponentType } from "react";
import type { PagePath } from "../protocol/page-paths";
import type { Search } from "./filters";

type PageModule = {
  Page: ComponentType;
  /** Asks for what the page shows; also called when somebody is about to come here. Waits for nothing. */
  prefetch?: (params: Record<string, string>, search: Search) => void;
};
export type LoadPage = () => Promise<PageModule>;

/** Whose code `routes.tsx` names itself. */
export type FirstPath =
  | "/$org/issues"
  | "/$org/issues/$issue"
  | "/$org/issues/$issue/events"
  | "/$org/issues/$issue/events/$event"
  | "/$org/issues/$issue/tags"
  | "/$org/issues/$issue/people"
  | "/$org/issues/$issue/activity"
  | "/$org/issues/$issue/merged";

/** The code of all other pages; their names alone are too much for the first load of every page. */
export const otherPages: Record<Exclude<PagePath, FirstPath>, LoadPage> = {
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
  "/$org/issues/$issue/diff/$pair": () => import("./issues/diff-page"),
  "/$org/alerts": () => import("./alerts/alerts-page"),
  "/$org/stats": () => import("./stats/stats-page"),
  "/$org/settings": () => import("./orgs/organization-page"),
  "/$org/settings/projects": () => import("./projects/project-settings-list-page"),
  "/$org/settings/projects/$project/general": () => import("./projects/general-page"),
  "/$org/settings/projects/$project/keys": () => import("./projects/keys-page"),
  "/$org/settings/projects/$project/alerts": () => import("./alerts/project-alerts-page"),
  "/$org/settings/projects/$project/environments": () => import("./projects/environments-page"),
  "/$org/settings/projects/$project/filters": () => import("./projects/filters-page"),
  "/$org/settings/projects/$project/ownership": () => import("./projects/ownership-page"),
  "/$org/settings/teams": () => import("./orgs/teams-page"),
  "/$org/settings/teams/$team": () => import("./orgs/team-page"),
  "/$org/settings/members": () => import("./orgs/members-page"),
  "/$org/settings/members/$member": () => import("./orgs/member-page"),
  "/$org/settings/tokens": () => import("./orgs/tokens-page"),
  "/$org/settings/audit-log": () => import("./orgs/audit-log-page"),
};
