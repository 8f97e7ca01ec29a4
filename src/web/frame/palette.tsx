import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { Schema } from "../api/client";
import { useOffered } from "../commands";
import { classes } from "../parts/classes";
import { Kbd } from "../parts/kbd";
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
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const commands = useOffered();
  const { data: known } = useQuery({ ...organization(org ?? ""), enabled: org !== undefined });
  const asked = useSettled(typed.trim());
  const { data: found } = useQuery({
    ...searchEverything(org ?? "", asked),
    enabled: org !== undefined && asked.length >= searchedCharsMin,
  });
  const isAsked = asked.length >= searchedCharsMin;
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

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

  const chosen = Math.min(at, rows.length - 1);
  const run = (row: Row | undefined) => {
    if (!row) return;
    close();
    row.run();
  };
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [id, chosen]);

  return (
    <dialog
      ref={dialog}
      aria-label={t("Search and commands")}
      onClose={close}
      onMouseDown={({ target }) => {
        if (target === dialog.current) close();
      }}
      className="appear mx-auto mt-[12dvh] mb-auto w-full max-w-xl rounded-lg border border-line bg-raised p-0 shadow-overlay max-md:mt-2"
    >
      <input
        className="w-full border-b border-line bg-transparent px-4 py-3 text-lg outline-none"
        placeholder={t("Search, or paste an id or an address")}
        aria-label={t("Search and commands")}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={rows.length > 0 ? `${id}-${chosen}` : undefined}
        value={typed}
        autoFocus
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt((chosen + 1) % Math.max(1, rows.length));
          else if (event.key === "ArrowUp")
            setAt((chosen - 1 + rows.length) % Math.max(1, rows.length));
          else if (event.key === "Enter") run(rows[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={t("Found")}
        className="max-h-[50dvh] overflow-y-auto p-1"
      >
        {rows.map((row, index) => (
          // biome-ignore lint: keys are those of the field above
          <li
            key={row.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onMouseMove={() => setAt(index)}
            onClick={() => run(row)}
            className={classes(
              "flex min-h-9 cursor-pointer items-center gap-3 rounded-sm px-3 max-md:min-h-11",
              index === chosen && "bg-selected",
            )}
          >
            <span className="min-w-0 flex-1 truncate">{row.title}</span>
            <span className="text-xs text-muted">{row.hint}</span>
            {row.keys && <Kbd keys={row.keys} />}
          </li>
        ))}
      </ul>
      <p role="status" className={rows.length === 0 ? "px-4 pb-4 text-muted" : "sr-only"}>
        {rows.length === 0 ? t("Nothing found.") : t("{n} found", { n: rows.length })}
      </p>
    </dialog>
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
