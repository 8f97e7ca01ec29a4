import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { Schema } from "../api/client";
import { useOffered } from "../commands";
import { Kbd } from "../parts/kbd";
import { PickDialog, PickList } from "../parts/pick-list";
import { useSettled } from "../use-settled";
import { t } from "../words";
import { destinationOf } from "./pasted";
import { searchEverything } from "./search";
import { organization } from "./session";
import { settingsPages } from "./settings-pages";

type Row = { id: string; title: string; hint: string; keys?: string | undefined; run: () => void };

const shownMax = 50;
const searchedCharsMin = 2;

/** Everything one can do or go to, found by typing. */
export function Palette({ org, close }: { org: string | undefined; close: () => void }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const commands = useOffered();
  const { data: known } = useQuery({ ...organization(org ?? ""), enabled: org !== undefined });
  const asked = useSettled(typed.trim());
  const { data: found } = useQuery({
    ...searchEverything(org ?? "", asked),
    enabled: org !== undefined && asked.length >= searchedCharsMin,
  });
  const isAsked = asked.length >= searchedCharsMin;

  const rows = useMemo(() => {
    const go = (to: string) => () => void navigate({ to });
    const all: Row[] = [
      ...commands
        .filter(({ disabled, id: name }) => !disabled && name !== "palette")
        .map(({ id: name, title, group, keys, run }) => ({
          id: name,
          title,
          hint: group ?? "",
          keys,
          run,
        })),
      ...(org
        ? (known?.projects ?? []).map(({ id: project, name, slug }) => ({
            id: `project.${project}`,
            title: name || slug,
            hint: t("Project"),
            run: () => void navigate({ to: `/${org}/issues`, search: { project } }),
          }))
        : []),
      ...settingsPages(org).map(({ title, path }) => ({
        id: `page.${path}`,
        title,
        hint: t("Settings"),
        run: go(path),
      })),
    ];
    const words = typed.toLowerCase().split(/\s+/, 10).filter(Boolean);
    const matching = all.filter(({ title, hint }) => {
      const text = `${title} ${hint}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const pasted = org ? destinationOf(typed.trim(), org) : undefined;
    return [
      ...(pasted
        ? [{ id: "pasted", title: pasted.title, hint: t("Go to"), run: go(pasted.path) }]
        : []),
      ...matching,
      ...(org && isAsked && typed.trim() ? searchRows(org, found, go) : []),
      ...(org && typed.trim()
        ? [
            {
              id: "issues",
              title: t("Issues with “{words}”", { words: typed.trim() }),
              hint: t("Search"),
              run: () => void navigate({ to: `/${org}/issues`, search: { query: typed.trim() } }),
            },
          ]
        : []),
    ].slice(0, shownMax);
  }, [commands, known, org, typed, navigate, found, isAsked]);

  return (
    <PickDialog label={t("Search and commands")} close={close}>
      <PickList
        label={t("Search and commands")}
        placeholder={t("Search, or paste an id or an address")}
        typed={typed}
        type={setTyped}
        rows={rows}
        cells={({ title, hint, keys }) => (
          <>
            <span className="min-w-0 flex-1 truncate">{title}</span>
            <span className="text-xs text-muted">{hint}</span>
            {keys && <Kbd keys={keys} />}
          </>
        )}
        pick={(row) => {
          close();
          row.run();
        }}
      />
    </PickDialog>
  );
}

/** What the server found, as rows. */
function searchRows(
  org: string,
  found: Schema<"SearchResults"> | undefined,
  go: (to: string) => () => void,
): Row[] {
  if (!found) return [];
  return [
    ...found.issues.map(({ id, shortId, title }) => ({
      id: `issue.${id}`,
      title: `${shortId} ${title}`,
      hint: t("Issue"),
      run: go(`/${org}/issues/${id}`),
    })),
    ...found.members.map(({ id, name, email }) => ({
      id: `member.${id}`,
      title: name || email,
      hint: t("Member"),
      run: go(`/${org}/settings/members/${id}`),
    })),
    ...found.teams.map(({ id, slug }) => ({
      id: `team.${id}`,
      title: slug,
      hint: t("Team"),
      run: go(`/${org}/settings/teams/${slug}`),
    })),
  ];
}
