import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Page as Frame } from "../frame/page";
import { organization, useMay } from "../frame/session";
import { useOrg } from "../frame/use-org";
import { Button, ButtonLink } from "../parts/button";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { t } from "../words";
import { allRules, type OrganizationRule, type Rule } from "./queries";
import { NotYet, RuleList } from "./rule-list";

type Project = { slug: string; name: string; isMember: boolean };

/** The rules of all projects, as sentences. */
export function Page() {
  const org = useOrg();
  const house = useQuery(organization(org));
  const list = useInfiniteQuery(allRules(org));
  const mayAll = useMay(org, "project:write") ?? false;
  const projects = house.data?.projects;
  const failed = [house, list].find(({ isError, data }) => isError && !data);
  return (
    <Frame title={t("Alerts, {org}", { org: house.data?.name ?? org })} heading={t("Alerts")}>
      <div className="grid max-w-4xl gap-6 px-4 pb-8">
        <NotYet />
        {failed ? (
          <ErrorBox error={failed.error} retry={() => void failed.refetch()} />
        ) : !projects || !list.data ? (
          <SkeletonBlock height={240} />
        ) : projects.length === 0 ? (
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
          <Rules
            org={org}
            projects={projects}
            found={list.data.pages.flatMap(({ rows }) => rows)}
            isWhole={!list.hasNextPage}
            mayAll={mayAll}
          />
        )}
        {list.hasNextPage && (
          <div>
            <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t("Show more rules")}
            </Button>
          </div>
        )}
      </div>
    </Frame>
  );
}

function Rules({
  org,
  projects,
  found,
  isWhole,
  mayAll,
}: {
  org: string;
  projects: Project[];
  found: OrganizationRule[];
  isWhole: boolean;
  mayAll: boolean;
}) {
  const byProject = Map.groupBy(found, ({ project }) => project.slug);
  const without = projects.filter(({ slug }) => !byProject.has(slug));
  return (
    <>
      {[...byProject].map(([slug, rows]) => (
        <ProjectRules
          key={slug}
          org={org}
          slug={slug}
          name={rows[0]?.project.name || slug}
          rules={rows.map(({ project: _, ...rule }) => rule)}
          mayWrite={mayAll || projects.some((one) => one.slug === slug && one.isMember)}
        />
      ))}
      {isWhole && without.length > 0 && (
        <section aria-label={t("Without a rule")} className="grid gap-2">
          <h2 className="text-base">{t("Without a rule")}</h2>
          <p className="text-muted">{t("Nobody hears of what happens in these projects.")}</p>
          <ul className="flex flex-wrap gap-x-4">
            {without.map(({ slug, name }) => (
              <li key={slug} className="min-w-0">
                <RulesLink org={org} slug={slug}>
                  {name || slug}
                </RulesLink>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function ProjectRules({
  org,
  slug,
  name,
  rules,
  mayWrite,
}: {
  org: string;
  slug: string;
  name: string;
  rules: Rule[];
  mayWrite: boolean;
}) {
  return (
    <section aria-label={name} className="grid gap-2">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="min-w-0 text-base">{name}</h2>
        <RulesLink org={org} slug={slug}>
          {t("Rules of {name}", { name })}
        </RulesLink>
      </header>
      <RuleList org={org} project={slug} rules={rules} mayWrite={mayWrite} />
    </section>
  );
}

const RulesLink = ({ org, slug, children }: { org: string; slug: string; children: string }) => (
  <Link
    to={`/${org}/settings/projects/${slug}/alerts`}
    className="inline-flex items-center max-md:min-h-11"
  >
    {children}
  </Link>
);
