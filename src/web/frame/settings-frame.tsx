import { Link, useParams } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "../parts/classes";
import { t } from "../words";
import { Page } from "./page";

type Entry = { label: string; to: string; isExact?: boolean };
type Around = { label: string; entries: Entry[]; back?: Entry };

/**
 * A page of settings: its title, one sentence about it, and beside it the other pages that belong to the same thing.
 * Which those are, the address says: a project's, else an organization's; `area` for those of neither.
 */
export function SettingsPage({
  title,
  help,
  actions,
  children,
  wide,
  area,
}: {
  title: string;
  /** One sentence: what is set here, for whom. */
  help?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Tables, which need more room than forms. */
  wide?: boolean;
  area?: "profile" | "admin";
}) {
  const { org = "", project } = useParams({ strict: false }) as { org?: string; project?: string };
  const around =
    area === "profile"
      ? ofProfile()
      : area === "admin"
        ? ofAdmin()
        : project === undefined
          ? ofOrganization(org)
          : ofProject(org, project);
  return (
    <Page title={`${title}, ${around.label}`} heading={title} actions={actions}>
      <div className="flex max-lg:flex-col lg:gap-6 lg:px-4 lg:pb-8">
        <SettingsNav {...around} />
        <div
          className={classes(
            "grid min-w-0 flex-1 content-start gap-4 max-lg:p-4",
            wide ? "max-w-6xl" : "max-w-3xl",
          )}
        >
          {help && <p className="max-w-prose text-muted">{help}</p>}
          {children}
        </div>
      </div>
    </Page>
  );
}

const item =
  "flex min-h-8 items-center gap-1.5 rounded-sm px-2 whitespace-nowrap text-text hover:bg-hover hover:no-underline max-md:min-h-11 aria-[current=page]:bg-selected aria-[current=page]:font-medium";

/** Beside the page where there is room, else a line above it that scrolls in itself. */
function SettingsNav({ label, entries, back }: Around) {
  return (
    <nav
      aria-label={t("Settings of {what}", { what: label })}
      className="shrink-0 lg:sticky lg:top-4 lg:w-44 lg:self-start max-lg:overflow-x-auto max-lg:border-b max-lg:border-line"
    >
      <p className="truncate px-2 pb-1 text-xs text-muted max-lg:hidden" title={label}>
        {label}
      </p>
      <ul className="flex gap-0.5 lg:flex-col max-lg:min-w-max max-lg:px-2 max-lg:pb-1">
        {back && (
          <li>
            <Link
              to={back.to}
              activeOptions={{ exact: true }}
              className={classes(item, "text-muted")}
            >
              <ChevronLeft size={14} className="shrink-0" aria-hidden />
              {back.label}
            </Link>
          </li>
        )}
        {entries.map(({ label: name, to, isExact = false }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: isExact, includeSearch: false }} className={item}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function ofOrganization(org: string): Around {
  const at = `/${org}/settings`;
  return {
    label: org,
    entries: [
      { label: t("General"), to: at, isExact: true },
      { label: t("Projects"), to: `${at}/projects` },
      { label: t("Teams"), to: `${at}/teams` },
      { label: t("Members"), to: `${at}/members` },
      { label: t("Organization tokens"), to: `${at}/tokens` },
      { label: t("Audit log"), to: `${at}/audit-log` },
    ],
  };
}

function ofProject(org: string, project: string): Around {
  const at = `/${org}/settings/projects/${project}`;
  return {
    label: project,
    back: { label: t("All projects"), to: `/${org}/settings/projects` },
    entries: [
      { label: t("General"), to: `${at}/general` },
      { label: t("Keys"), to: `${at}/keys` },
      { label: t("Alerts"), to: `${at}/alerts` },
      { label: t("Environments"), to: `${at}/environments` },
      { label: t("Inbound filters"), to: `${at}/filters` },
      { label: t("Ownership"), to: `${at}/ownership` },
      { label: t("Setup"), to: `/${org}/projects/${project}/setup` },
    ],
  };
}

function ofProfile(): Around {
  return {
    label: t("Your account"),
    entries: [
      { label: t("Profile"), to: "/profile", isExact: true },
      { label: t("Security"), to: "/profile/security" },
      { label: t("Sessions"), to: "/profile/sessions" },
      { label: t("Notifications"), to: "/profile/notifications" },
      { label: t("Auth tokens"), to: "/profile/auth-tokens" },
      { label: t("Preferences"), to: "/profile/preferences" },
    ],
  };
}

function ofAdmin(): Around {
  return {
    label: t("Administration"),
    entries: [
      { label: t("Overview"), to: "/admin", isExact: true },
      { label: t("Users"), to: "/admin/users" },
      { label: t("Organizations"), to: "/admin/organizations" },
      { label: t("Settings"), to: "/admin/settings" },
      { label: t("Dead letters"), to: "/admin/dead-letters" },
    ],
  };
}
