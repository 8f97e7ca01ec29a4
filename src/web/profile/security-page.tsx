import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { Search } from "../filters";
import { installation } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { ErrorLine } from "../parts/error-box";
import { t } from "../words";
import { PasskeysCard } from "./passkeys-card";
import { PasswordCard } from "./password-card";
import { ServicesCard } from "./services-card";
import { TwoFactorCard } from "./two-factor-card";

export function Page() {
  const search = useSearch({ strict: false }) as Search;
  const { data: known } = useQuery(installation);
  return (
    <SettingsPage
      area="profile"
      title={t("Security")}
      help={t("How you sign in. What makes it weaker ends your other sessions.")}
    >
      {search.socialLoginError !== undefined && (
        <ErrorLine>
          {t("The other service was not connected: it said no, or belongs to another account.")}
        </ErrorLine>
      )}
      <PasswordCard />
      <TwoFactorCard />
      <PasskeysCard />
      <ServicesCard services={known?.socialApps ?? []} />
    </SettingsPage>
  );
}
