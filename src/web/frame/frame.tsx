import { Link, useNavigate, useRouter } from "@tanstack/react-router";
import {
  BarChart3,
  Bell,
  CircleHelp,
  CircleUser,
  Folder,
  Inbox,
  PanelLeft,
  Search,
  Settings,
  Shield,
} from "lucide-react";
import type { ReactNode } from "react";
import { useCommands } from "../commands";
import { type Search as SearchParams, sharedPart } from "../filters";
import { Button } from "../parts/button";
import { classes } from "../parts/classes";
import { Menu } from "../parts/menu";
import { preferences, setPreferences, usePreferences } from "../use-preferences";
import { t } from "../words";
import { OfflineBar } from "./offline-bar";
import { OrganizationSwitcher } from "./organization-switcher";
import { useMe } from "./session";
import { signOut } from "./sign-out";

type Area = { label: string; path: string; icon: typeof Inbox; keys: string; isList: boolean };

/** The areas of an organization; lists hand project, environment and time on to each other. */
const areas: Area[] = [
  { label: "Issues", path: "issues", icon: Inbox, keys: "g i", isList: true },
  { label: "Alerts", path: "alerts", icon: Bell, keys: "g a", isList: false },
  { label: "Stats", path: "stats", icon: BarChart3, keys: "g t", isList: true },
];
const below: Area[] = [
  { label: "Projects", path: "projects", icon: Folder, keys: "g p", isList: false },
  { label: "Settings", path: "settings", icon: Settings, keys: "g s", isList: false },
];

/** Rail, bar of the phone and what lies over them. */
export function Frame({
  org,
  open,
  children,
}: {
  org: string | undefined;
  open: (layer: "palette" | "keys") => void;
  children: ReactNode;
}) {
  const navigate = useNavigate();
  const router = useRouter();
  const { railCollapsed } = usePreferences();
  const go = (path: string) => void navigate({ to: path });
  useCommands([
    {
      id: "palette",
      title: t("Search and commands"),
      keys: "mod+k",
      icon: Search,
      group: t("Everywhere"),
      run: () => open("palette"),
    },
    {
      id: "help",
      title: t("Keys of this page"),
      keys: "?",
      icon: CircleHelp,
      group: t("Everywhere"),
      run: () => open("keys"),
    },
    {
      id: "rail",
      title: t("Narrow or wide rail"),
      keys: "[",
      group: t("Everywhere"),
      run: () => setPreferences({ railCollapsed: !preferences().railCollapsed }),
    },
    {
      id: "search",
      title: t("Search"),
      keys: "/",
      group: t("Everywhere"),
      run: () => {
        const field = document.querySelector<HTMLElement>("[data-search]");
        if (field) field.focus();
        else open("palette");
      },
    },
    ...(org
      ? [...areas, ...below].map(({ label, path, icon, keys }) => ({
          id: `go.${path}`,
          title: t(label),
          keys,
          icon,
          group: t("Go to"),
          run: () => go(`/${org}/${path}`),
        }))
      : []),
    {
      id: "go.organizations",
      title: t("Organizations"),
      keys: "g o",
      group: t("Go to"),
      run: () => go("/organizations/new"),
    },
    {
      id: "go.profile",
      title: t("Profile"),
      icon: CircleUser,
      group: t("Go to"),
      run: () => go("/profile"),
    },
  ]);
  const search = (area: Area): SearchParams =>
    area.isList ? sharedPart(router.state.location.search as SearchParams) : {};

  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
        className="sr-only-focusable fixed start-2 top-2 z-50 rounded-sm bg-accent px-3 py-2 text-on-accent"
      >
        {t("Skip to content")}
      </a>
      <nav
        aria-label={t("Main")}
        className={classes(
          "sticky top-0 flex h-dvh shrink-0 flex-col gap-0.5 overflow-y-auto border-e border-line bg-sunken p-2 max-md:hidden",
          railCollapsed ? "w-12" : "w-52",
        )}
      >
        <OrganizationSwitcher org={org} isNarrow={railCollapsed} />
        {org &&
          areas.map((area) => (
            <RailLink
              key={area.path}
              org={org}
              area={area}
              isNarrow={railCollapsed}
              search={search}
            />
          ))}
        <div className="flex-1" />
        {org &&
          below.map((area) => (
            <RailLink
              key={area.path}
              org={org}
              area={area}
              isNarrow={railCollapsed}
              search={search}
            />
          ))}
        <RailButton
          icon={Search}
          label={t("Search")}
          isNarrow={railCollapsed}
          run={() => open("palette")}
        />
        <RailButton
          icon={CircleHelp}
          label={t("Keys")}
          isNarrow={railCollapsed}
          run={() => open("keys")}
        />
        <AccountMenu isNarrow={railCollapsed} />
        <RailButton
          icon={PanelLeft}
          label={railCollapsed ? t("Widen") : t("Narrow")}
          isNarrow={railCollapsed}
          run={() => setPreferences({ railCollapsed: !railCollapsed })}
        />
      </nav>
      <div className="flex min-w-0 flex-1 flex-col max-md:pb-16">
        <OfflineBar />
        <main id="main" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          {children}
        </main>
      </div>
      <nav
        aria-label={t("Main")}
        className="fixed inset-x-0 bottom-0 z-30 flex h-14 items-stretch justify-around border-t border-line bg-sunken pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {org &&
          areas
            .slice(0, 1)
            .map((area) => <BarLink key={area.path} org={org} area={area} search={search} />)}
        {org &&
          below
            .slice(0, 1)
            .map((area) => <BarLink key={area.path} org={org} area={area} search={search} />)}
        <button type="button" className={barItem} onClick={() => open("palette")}>
          <Search size={20} aria-hidden />
          {t("Search")}
        </button>
        <MoreMenu org={org} />
      </nav>
    </div>
  );
}

const railItem =
  "flex min-h-8 items-center gap-2 rounded-sm px-2 text-text hover:bg-hover hover:no-underline aria-[current=page]:bg-selected aria-[current=page]:font-medium";
const barItem =
  "flex min-w-16 flex-col items-center justify-center gap-0.5 px-2 text-[11px] text-muted hover:no-underline aria-[current=page]:text-accent";

type LinkProps = { org: string; area: Area; search: (area: Area) => SearchParams };

function RailLink({ org, area, isNarrow, search }: LinkProps & { isNarrow: boolean }) {
  const Icon = area.icon;
  return (
    <Link
      to={`/${org}/${area.path}`}
      search={search(area)}
      activeOptions={{ includeSearch: false }}
      className={railItem}
      {...(isNarrow && { "aria-label": t(area.label), title: t(area.label) })}
    >
      <Icon size={16} className="shrink-0 text-muted" aria-hidden />
      {!isNarrow && t(area.label)}
    </Link>
  );
}

function BarLink({ org, area, search }: LinkProps) {
  const Icon = area.icon;
  return (
    <Link
      to={`/${org}/${area.path}`}
      search={search(area)}
      activeOptions={{ includeSearch: false }}
      className={barItem}
    >
      <Icon size={20} aria-hidden />
      {t(area.label)}
    </Link>
  );
}

function RailButton({
  icon: Icon,
  label,
  isNarrow,
  run,
}: {
  icon: typeof Inbox;
  label: string;
  isNarrow: boolean;
  run: () => void;
}) {
  return (
    <button
      type="button"
      onClick={run}
      className={railItem}
      {...(isNarrow && { "aria-label": label, title: label })}
    >
      <Icon size={16} className="shrink-0 text-muted" aria-hidden />
      {!isNarrow && label}
    </button>
  );
}

function AccountMenu({ isNarrow }: { isNarrow: boolean }) {
  const person = useMe();
  const name = person?.name || person?.email || t("Account");
  return (
    <Menu
      label={t("Account: {name}", { name })}
      className={classes(railItem, "w-full")}
      button={
        <>
          <CircleUser size={16} className="shrink-0 text-muted" aria-hidden />
          {!isNarrow && <span className="truncate">{name}</span>}
        </>
      }
      items={accountItems(person?.isSuperuser ?? false)}
    />
  );
}

const accountItems = (isSuperuser: boolean) => [
  { label: t("Profile"), to: "/profile", icon: CircleUser },
  { label: t("Preferences"), to: "/profile/preferences", icon: Settings },
  ...(isSuperuser ? [{ label: t("Administration"), to: "/admin", icon: Shield }] : []),
  "line" as const,
  { heading: t("Theme") },
  ...(["system", "light", "dark"] as const).map((theme) => ({
    label: t(theme === "system" ? "As the system" : theme === "light" ? "Light" : "Dark"),
    checked: preferences().theme === theme,
    run: () => setPreferences({ theme }),
  })),
  "line" as const,
  { label: t("Sign out"), run: () => void signOut() },
];

function MoreMenu({ org }: { org: string | undefined }) {
  const person = useMe();
  return (
    <Menu
      label={t("More")}
      className={barItem}
      align="end"
      button={
        <>
          <PanelLeft size={20} aria-hidden />
          {t("More")}
        </>
      }
      items={[
        ...(org
          ? [...areas.slice(1), ...below.slice(1)].map(({ label, path, icon }) => ({
              label: t(label),
              to: `/${org}/${path}`,
              icon,
            }))
          : []),
        { label: t("Organizations"), to: "/organizations/new", icon: Folder },
        "line",
        ...accountItems(person?.isSuperuser ?? false),
      ]}
    />
  );
}

/** A way back where a page has no frame. */
export const HomeButton = () => {
  const navigate = useNavigate();
  return <Button onClick={() => void navigate({ to: "/" })}>{t("Go to the start page")}</Button>;
};
