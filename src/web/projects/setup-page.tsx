import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useState } from "react";
import type { Search } from "../filters";
import { Page as Frame } from "../frame/page";
import { useMay } from "../frame/session";
import { ButtonLink } from "../parts/button";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { destinationOf } from "./dsn";
import { Listener } from "./listener";
import { PlatformMark } from "./platform-mark";
import { familyWords } from "./platform-words";
import { families, platformOf, platforms } from "./platforms";
import { changeProject, keys, type Project, type ProjectKey, project } from "./queries";
import { MoveSteps, SetupSteps } from "./setup-steps";

/** How to send to a project, and beside it what arrives of it. */
export function Page() {
  const { org = "", project: slug = "" } = useParams({ strict: false }) as {
    org?: string;
    project?: string;
  };
  const found = useQuery(project(org, slug));
  const list = useQuery(keys(org, slug));
  const error = found.error ?? list.error;
  const name = found.data?.name || slug;
  return (
    <Frame
      title={t("Set up {project}", { project: name })}
      actions={
        <ButtonLink
          to={`/${org}/issues`}
          search={found.data ? { project: found.data.id } : {}}
          kind="quiet"
        >
          {t("Issues of the project")}
        </ButtonLink>
      }
    >
      <div className="grid gap-4 px-4 pb-8">
        <Link
          to={`/${org}/projects`}
          className="inline-flex items-center gap-1 justify-self-start text-muted max-md:min-h-11"
        >
          <ChevronLeft size={14} aria-hidden />
          {t("All projects")}
        </Link>
        {error && (!found.data || !list.data) ? (
          <ErrorBox
            error={error}
            retry={() => void Promise.all([found.refetch(), list.refetch()])}
          />
        ) : found.data && list.data ? (
          <Setup org={org} project={found.data} keys={list.data} />
        ) : (
          <SkeletonBlock height={480} />
        )}
      </div>
    </Frame>
  );
}

function Setup({ org, project, keys }: { org: string; project: Project; keys: ProjectKey[] }) {
  const search = useSearch({ strict: false }) as Search;
  const [platform, setPlatform] = useState(platformOf(project.platform).id);
  const [isMove, setMove] = useState(search.from === "move");
  const mayWrite = useMay(org, "project:write");
  const active = keys.filter(({ isActive }) => isActive);
  const [chosen, setChosen] = useState<string>();
  const key = active.find(({ id }) => id === chosen) ?? active[0];

  const choosePlatform = async (id: string) => {
    setPlatform(id);
    if (!mayWrite) return;
    try {
      await changeProject(org, project.slug, { platform: id });
    } catch {
      showToast({ text: t("The platform is shown, but could not be saved."), isError: true });
    }
  };
  return (
    <div className="flex gap-8 max-lg:flex-col">
      <div className="grid min-w-0 flex-1 content-start gap-6 lg:max-w-3xl">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <PlatformChoice platform={platform} choose={(id) => void choosePlatform(id)} />
          {active.length > 1 && (
            <label className="inline-flex items-center gap-2">
              {t("Key")}
              <select
                className="field w-auto!"
                value={key?.id}
                onChange={(event) => setChosen(event.target.value)}
              >
                {active.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name || id}
                  </option>
                ))}
              </select>
            </label>
          )}
          <button
            type="button"
            className="text-accent underline underline-offset-2 max-md:min-h-11"
            onClick={() => setMove(!isMove)}
          >
            {isMove
              ? t("Show how to install an SDK")
              : t("I come from Sentry or GlitchTip: only change the DSN")}
          </button>
        </div>
        {key === undefined ? (
          <Empty
            action={
              <ButtonLink to={`/${org}/settings/projects/${project.slug}/keys`} kind="primary">
                {t("Keys of the project")}
              </ButtonLink>
            }
          >
            {t("The project has no active key, so nothing can be sent to it. Enable or make one.")}
          </Empty>
        ) : isMove ? (
          <MoveSteps destination={destinationOf(key)} />
        ) : (
          <SetupSteps key={platform} id={platform} destination={destinationOf(key)} />
        )}
        <NextSteps org={org} slug={project.slug} />
      </div>
      <aside className="min-w-0 max-lg:order-first lg:sticky lg:top-4 lg:w-80 lg:shrink-0 lg:self-start xl:w-96">
        <Listener org={org} project={project} keys={keys} platform={platform} />
      </aside>
    </div>
  );
}

function PlatformChoice({ platform, choose }: { platform: string; choose: (id: string) => void }) {
  return (
    <label className="inline-flex items-center gap-2">
      <PlatformMark id={platform} />
      <span className="sr-only">{t("Platform")}</span>
      <select
        className="field w-auto!"
        value={platform}
        onChange={(event) => choose(event.target.value)}
      >
        {families.map((family) => (
          <optgroup key={family} label={t(familyWords[family])}>
            {platforms
              .filter((one) => one.family === family)
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function NextSteps({ org, slug }: { org: string; slug: string }) {
  const at = `/${org}/settings/projects/${slug}`;
  const steps = [
    {
      to: `${at}/alerts`,
      title: t("Alerts"),
      help: t("Who is to hear of it, and from how many events on."),
    },
    {
      to: `${at}/environments`,
      title: t("Environments"),
      help: t("Set environment in the SDK, so that production is not mixed with the rest."),
    },
    {
      to: `${at}/keys`,
      title: t("Keys"),
      help: t("A key of its own and a limit for each place that sends."),
    },
  ];
  return (
    <section aria-label={t("Next")} className="grid gap-3">
      <h2 className="text-lg">{t("Next")}</h2>
      <ul className="grid gap-3 sm:grid-cols-3">
        {steps.map(({ to, title, help }) => (
          <li key={to} className="card grid content-start gap-1 p-3">
            <Link to={to} className="font-medium">
              {title}
            </Link>
            <p className="text-xs text-muted">{help}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
