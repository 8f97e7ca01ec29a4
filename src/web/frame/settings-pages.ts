import { t } from "../words";

/** Every page of settings, for the palette and for the search over settings. `words` are found besides the title. */
export type SettingsPage = { title: string; path: string; words: string };

export function settingsPages(org: string | undefined): SettingsPage[] {
  const own: SettingsPage[] = [
    { title: t("Profile"), path: "/profile", words: t("name e-mail address delete account") },
    {
      title: t("Security"),
      path: "/profile/security",
      words: t("password two-factor TOTP passkey recovery codes"),
    },
    { title: t("Sessions"), path: "/profile/sessions", words: t("devices sign out") },
    { title: t("Notifications"), path: "/profile/notifications", words: t("mail alerts") },
    {
      title: t("Auth tokens"),
      path: "/profile/auth-tokens",
      words: t("API key scopes sentry-cli"),
    },
    {
      title: t("Preferences"),
      path: "/profile/preferences",
      words: t("theme dark density time zone keys stack order"),
    },
  ];
  if (!org) return own;
  const of = (path: string, title: string, words: string) => ({
    title,
    path: `/${org}/settings${path}`,
    words,
  });
  return [
    of(
      "",
      t("Organization settings"),
      t("name slug two-factor delete throttle privacy sensitive safe fields"),
    ),
    of(
      "/projects",
      t("Project settings"),
      t("keys DSN platform environments inbound filters ownership"),
    ),
    of("/teams", t("Teams"), t("join leave members")),
    of("/members", t("Members"), t("invite role owner")),
    of("/tokens", t("Organization tokens"), t("CI source maps sentry-cli")),
    of("/audit-log", t("Audit log"), t("who changed what")),
    ...own,
  ];
}
