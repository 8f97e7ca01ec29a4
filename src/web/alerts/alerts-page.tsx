import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Page as Frame } from "../frame/page";
import { organization, useMay } from "../frame/session";
import { useOrg } from "../frame/use-org";
import { Button, ButtonLink } from "../parts/button";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { t } from "../words";
import { rules } from "./queries";
import { NotYet, RuleList } from "./rule-list";

/** Each project is asked for its rules, so that many at once are asked when somebody wants them. */
const projectsAtOnce = 20;

/** The rules of all projects, as sentences. */
export function Page() {
  const org = useOrg();
  const house = useQuery(organization(org));
  const [shownMax, setShownMax] = useState(projectsAtOnce);
  const all = house.data?.projects ?? [];
  const shown = all.slice(0, shownMax);
  const lists = useQueries({ queries: shown.map(({ slug }) => rules(org, slug)) });
  const mayAll = useMay(org, "project:write") ?? false;
  const failed = lists.find(({ isError }) => isError);
  const isReady = house.data !== undefined && lists.every(({ data }) => data !== undefined);
  return (
    <Frame title={t("Alerts, {org}", { org: house.data?.name ?? org })} heading={t("Alerts")}>
      <div className="grid max-w-4xl gap-6 px-4 pb-8">
        <NotYet />
        {house.isError && !house.data ? (
          <ErrorBox error={house.error} retry={() => void house.refetch()} />
        ) : failed ? (
          <ErrorBox error={failed.error} retry={() => void failed.refetch()} />
        ) : !isReady ? (
          <SkeletonBlock height={240} />
        ) : all.length === 0 ? (
          <Empty
            action={
              mayAll && (
                <ButtonLink to={`/${org}/projects/new`} kind="primary">
                  {t("New project")}
                </ButtonLink>
              )
            }
          >
            {t("Rules belong to projects, and there is none yet.")}
          </Empty>
        ) : (
          shown.map(({ slug, name, isMember }, index) => (
            <section key={slug} aria-label={name || slug} className="grid gap-2">
              <header className="flex flex-wrap items-center justify-between gap-2">
                <h2 className="text-base">{name || slug}</h2>
                <Link
                  to={`/${org}/settings/projects/${slug}/alerts`}
                  className="inline-flex items-center max-md:min-h-11"
                >
                  {t("Rules of {name}", { name: name || slug })}
                </Link>
              </header>
              {lists[index]?.data?.length === 0 ? (
                <p className="text-muted">{t("No rule: nobody hears of it.")}</p>
              ) : (
                <RuleList
                  org={org}
                  project={slug}
                  rules={lists[index]?.data ?? []}
                  mayWrite={mayAll || isMember}
                />
              )}
            </section>
          ))
        )}
        {all.length > shownMax && (
          <div>
            <Button onClick={() => setShownMax(shownMax + projectsAtOnce)}>
              {t("Show more projects")}
            </Button>
          </div>
        )}
      </div>
    </Frame>
  );
}
