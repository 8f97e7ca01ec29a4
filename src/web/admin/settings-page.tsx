import { useQuery } from "@tanstack/react-query";
import { installation } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { Badge } from "../parts/badge";
import { Card } from "../parts/card";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { t } from "../words";

/** What is set where the installation is deployed: to be read here, changed there. */
export function Page() {
  const { data, isError, error, refetch } = useQuery(installation);
  return (
    <SettingsPage
      area="admin"
      title={t("Settings of this installation")}
      help={t(
        "They are set where it is deployed: in wrangler.toml, as secrets, or in the environment of npm start. The README lists all of them.",
      )}
    >
      {isError ? (
        <ErrorBox error={error} retry={() => void refetch()} />
      ) : !data ? (
        <SkeletonBlock height={240} />
      ) : (
        <>
          <Card title={t("Who may come in")}>
            <dl className="grid gap-3">
              <Setting
                name="ENABLE_USER_REGISTRATION"
                words={t("Anybody may register.")}
                isOn={data.enableUserRegistration}
              />
              <Setting
                name="ENABLE_SOCIAL_APPS_USER_REGISTRATION"
                words={t("Whoever signs in with a service below gets an account.")}
                isOn={data.enableSocialAppsUserRegistration}
              />
              <Setting
                name="ENABLE_ORGANIZATION_CREATION"
                words={t("Anybody who is in may make organizations.")}
                isOn={data.enableOrganizationCreation}
              />
            </dl>
          </Card>
          <Card title={t("Services to sign in with")} help={t("SOCIAL_PROVIDERS names them.")}>
            {data.socialApps.length === 0 ? (
              <p className="text-muted">{t("None.")}</p>
            ) : (
              <ul className="flex flex-wrap gap-2">
                {data.socialApps.map(({ provider, name }) => (
                  <li key={provider}>
                    <Badge>{name}</Badge>
                  </li>
                ))}
              </ul>
            )}
          </Card>
          <Card title={t("This installation")}>
            <dl className="grid gap-1">
              <Fact name={t("Version")} value={data.version} />
              <Fact name={t("Name")} value={data.glitchtipInstanceName ?? t("none")} />
              <Fact name={t("Environment")} value={data.environment ?? t("none")} />
              <Fact name={t("Reports its own errors to")} value={data.sentryDSN ?? t("nobody")} />
            </dl>
          </Card>
        </>
      )}
    </SettingsPage>
  );
}

function Setting({ name, words, isOn }: { name: string; words: string; isOn: boolean }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-2">
      <dt className="grid">
        <span className="font-medium">{words}</span>
        <code className="text-muted">{name}</code>
      </dt>
      <dd>
        <Badge tone={isOn ? "ok" : "neutral"}>{isOn ? t("on") : t("off")}</Badge>
      </dd>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex flex-wrap gap-x-3">
      <dt className="w-48 text-muted">{name}</dt>
      <dd className="min-w-0">{value}</dd>
    </div>
  );
}
