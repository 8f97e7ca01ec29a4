import type { Assignee } from "../api/assign";
import { t } from "../words";

/** One whom issues can be given to; null: nobody. */
export type AssigneeRow = { id: string; name: string; hint: string; to: Assignee | null };

type Person = { id: string; name: string; email: string };
type Team = { id: string; slug: string };

/**
 * Whom issues can be given to, of what is typed: oneself first, then nobody, the teams that have all of their projects,
 * and the members that the server found.
 */
export function assigneeRows(
  words: string,
  { me, teams, members }: { me: Person | undefined; teams: readonly Team[]; members: Person[] },
): AssigneeRow[] {
  const own: AssigneeRow[] = me
    ? [{ ...personRow(me), name: t("Me"), hint: me.name || me.email }]
    : [];
  const nobody = { id: "nobody", name: t("Nobody"), hint: "", to: null };
  const others = members.filter(({ id }) => id !== me?.id).map(personRow);
  // Those whom the server found for what was typed a moment ago are among them.
  return [...own, nobody, ...teams.map(teamRow), ...others].filter(({ name, hint }) =>
    hasWords(`${name} ${hint}`, words),
  );
}

/** Whether a text has all words of another one, as the server looks for people. */
export function hasWords(text: string, words: string): boolean {
  const lower = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/, 10)
    .every((word) => lower.includes(word));
}

const personRow = ({ id, name, email }: Person): AssigneeRow => ({
  id: `user:${id}`,
  name: name || email,
  hint: name ? email : "",
  to: { type: "user", id, name: name || email, email },
});

const teamRow = ({ id, slug }: Team): AssigneeRow => ({
  id: `team:${id}`,
  name: `#${slug}`,
  hint: t("Team"),
  to: { type: "team", id, name: slug },
});

/** The teams that have every one of some projects; all teams where it is not known which projects they are. */
export function teamsOf(
  projects: readonly { id: string; teams: Team[] }[],
  all: readonly Team[],
  ids: ReadonlySet<string> | undefined,
): Team[] {
  if (!ids) return [...all];
  const having = projects.filter(({ id }) => ids.has(id));
  return all.filter(({ id }) => having.every(({ teams }) => teams.some((team) => team.id === id)));
}
