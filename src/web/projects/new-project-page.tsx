import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useState } from "react";
import { Page as Frame } from "../frame/page";
import { organization, useMay } from "../frame/session";
import { Button } from "../parts/button";
import { classes } from "../parts/classes";
import { ErrorBox } from "../parts/error-box";
import { Choice, Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { SkeletonBlock } from "../parts/skeleton";
import { t } from "../words";
import { PlatformMark } from "./platform-mark";
import { familyWords } from "./platform-words";
import {
  type Family,
  families,
  type PlatformEntry,
  platformOf,
  searchPlatforms,
} from "./platforms";
import { createProject, createTeam } from "./queries";

/** Which application it is, what it is called, who works on it; then to its setup. */
export function Page() {
  const { org = "" } = useParams({ strict: false }) as { org?: string };
  const house = useQuery(organization(org));
  const mayMake = useMay(org, "project:write");
  return (
    <Frame
      title={t("New project, {org}", { org: house.data?.name ?? org })}
      heading={t("New project")}
    >
      <div className="grid max-w-6xl gap-6 px-4 pb-8">
        {house.isError ? (
          <ErrorBox error={house.error} retry={() => void house.refetch()} />
        ) : house.data === undefined ? (
          <SkeletonBlock height={320} />
        ) : mayMake ? (
          <NewProject
            org={org}
            teams={house.data.teams.map(({ slug }) => slug)}
            taken={house.data.projects.map(({ slug }) => slug)}
          />
        ) : (
          <p className="text-muted">
            {t("Only people with the role admin or above make projects here. Ask one of them.")}
          </p>
        )}
      </div>
    </Frame>
  );
}

const newTeam = "";
/** As the API limits it. */
const nameCharsMax = 64;

function NewProject({ org, teams, taken }: { org: string; teams: string[]; taken: string[] }) {
  const navigate = useNavigate();
  const [platform, setPlatform] = useState<string>();
  const [name, setName] = useState<string>();
  const [team, setTeam] = useState(teams[0] ?? newTeam);
  const [isMove, setMove] = useState(false);
  const suggested = platform && !isMove ? freeName(platform, taken) : "";

  const create = async (values: FormData) => {
    const chosen = team === newTeam ? await createTeam(org, textOf(values, "slug")) : team;
    const slug = await createProject(org, chosen, {
      name: textOf(values, "name"),
      ...(platform && { platform }),
    });
    await navigate({
      to: `/${org}/projects/${slug}/setup`,
      search: isMove ? { from: "move" } : {},
    });
  };
  return (
    <Form send={create} className="grid gap-6" label={t("New project")}>
      {({ busy, trouble }) => (
        <>
          <fieldset className="grid gap-3">
            <legend className="mb-3 text-lg font-bold">{t("1. What sends its errors?")}</legend>
            <label className="inline-flex items-start gap-2 max-md:min-h-11 max-md:items-center">
              <input
                type="checkbox"
                className="mt-0.5 size-4 shrink-0 accent-accent"
                checked={isMove}
                onChange={(event) => setMove(event.target.checked)}
              />
              {t("I come from Sentry or GlitchTip: the SDK is there, only its DSN changes")}
            </label>
            <PlatformGrid chosen={platform} choose={setPlatform} />
          </fieldset>
          <fieldset className="grid max-w-md gap-4">
            <legend className="mb-3 text-lg font-bold">{t("2. Name and team")}</legend>
            <Field
              name="name"
              label={t("Name")}
              help={t("One application: usually one repository. It can be changed later.")}
              error={trouble.of("name")}
              value={name ?? suggested}
              onChange={(event) => setName(event.target.value)}
              required
              maxLength={nameCharsMax}
              autoComplete="off"
            />
            {teams.length > 0 && (
              <Choice
                label={t("Team")}
                help={t("Its members see the project first, and are asked when something breaks.")}
                value={team}
                onChange={(event) => setTeam(event.target.value)}
                options={[
                  ...teams.map((slug) => ({ value: slug, label: `#${slug}` })),
                  { value: newTeam, label: t("New team…") },
                ]}
              />
            )}
            {team === newTeam && (
              <Field
                name="slug"
                label={t("Name of the new team")}
                help={t("Letters, digits and hyphens; you will be its first member.")}
                error={trouble.of("slug")}
                required
                maxLength={50}
                pattern="[A-Za-z0-9_\-]+"
                defaultValue={teams.length === 0 ? org : ""}
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </fieldset>
          <div className="flex flex-wrap gap-2">
            <Button type="submit" kind="primary" busy={busy} disabled={!platform && !isMove}>
              {t("Create project")}
            </Button>
            <Link
              to={`/${org}/projects`}
              className="inline-flex min-h-8 items-center px-2 max-md:min-h-11"
            >
              {t("Cancel")}
            </Link>
          </div>
        </>
      )}
    </Form>
  );
}

/** `next-js` while nobody has it, else `next-js-2`. */
function freeName(platform: string, taken: string[]): string {
  const base = platformOf(platform).id;
  const used = new Set(taken);
  for (let number = 1; number <= taken.length + 1; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!used.has(name)) return name;
  }
  return base;
}

function PlatformGrid({
  chosen,
  choose,
}: {
  chosen: string | undefined;
  choose: (id: string) => void;
}) {
  const [typed, setTyped] = useState("");
  const [family, setFamily] = useState<Family>();
  const found = searchPlatforms(typed, family);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <div className="relative w-full max-w-64">
          <Search
            size={15}
            className="absolute start-2 top-2 text-muted max-md:top-3"
            aria-hidden
          />
          <input
            type="search"
            data-search
            aria-label={t("Search platforms")}
            placeholder={t("Search platforms")}
            className="field ps-8!"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              if (found[0]) choose(found[0].id);
            }}
          />
        </div>
        {[undefined, ...families].map((one) => (
          <button
            key={one ?? "all"}
            type="button"
            aria-pressed={family === one}
            onClick={() => setFamily(one)}
            className={classes(
              "min-h-8 rounded-full border px-3 max-md:min-h-11",
              family === one
                ? "border-accent bg-selected font-medium"
                : "border-line hover:bg-hover",
            )}
          >
            {one === undefined ? t("All") : t(familyWords[one])}
          </button>
        ))}
      </div>
      <p role="status" className="sr-only">
        {t("{n} platforms", { n: found.length })}
      </p>
      {found.length === 0 && (
        <p className="text-muted">
          {t("No platform is called so.")}{" "}
          <button
            type="button"
            className="text-accent underline"
            onClick={() => {
              setTyped("");
              choose("other");
            }}
          >
            {t("Take any SDK of Sentry")}
          </button>
        </p>
      )}
      <div className="grid grid-cols-[repeat(auto-fill,minmax(168px,1fr))] gap-2">
        {found.map((one) => (
          <Tile key={one.id} entry={one} isChosen={chosen === one.id} choose={choose} />
        ))}
      </div>
    </>
  );
}

function Tile({
  entry: { id, name },
  isChosen,
  choose,
}: {
  entry: PlatformEntry;
  isChosen: boolean;
  choose: (id: string) => void;
}) {
  return (
    <label
      className={classes(
        "relative flex min-h-11 min-w-0 items-center gap-2 rounded-lg border px-2 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent",
        isChosen ? "border-accent bg-selected font-medium" : "border-line hover:bg-hover",
      )}
    >
      <input
        type="radio"
        name="platform"
        value={id}
        checked={isChosen}
        onChange={() => choose(id)}
        className="sr-only"
      />
      <PlatformMark id={id} />
      <span className="min-w-0">{name}</span>
    </label>
  );
}
