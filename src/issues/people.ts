import type { Deps } from "../deps";
import { identityOf, type User } from "../events/user";
import { Fault } from "../fault";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { type PeopleSort, type PersonRow, peopleEventsMax, selectPeople } from "./people-queries";
import { personHash } from "./person-hash";
import { readEvents } from "./read-events";
import { readIssue } from "./read-issue";

export type Person = {
  row: PersonRow;
  user: User | undefined;
  /** `id:42` and the like, as a search finds the person. */
  identity: string;
  name: string;
};

export type PeopleAsked = { environments: string[]; text: string; sort: PeopleSort };

/** People are those of so many of the newest events. */
export const eventsOfPeople = peopleEventsMax;

/** Who is found by less than all that names them is among so many. */
const searchedMax = 300;
const exactMax = 10;
const kinds = ["id", "username", "email", "ip"];

/**
 * A page of the people of an issue with how often and when it met them, of its newest events; those whose names have a
 * text in them, or who are called so, on one page. `total` is counted. Faults: invalid, not_found.
 */
export async function readPeople(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  { environments, text, sort }: PeopleAsked,
  range: Range,
): Promise<{ page: Page<Person>; hits: { hits: number; max: number } }> {
  if (environments.includes("")) throw new Fault("invalid", "The environment has no name");
  const issue = await readIssue(deps, orgIds, idOrShortId);
  const ask = (wanted: Range, hashes?: bigint[]) =>
    selectPeople(deps.db, Number(issue.id), environments, sort, wanted, hashes);
  if (text === "") {
    const { rows } = await ask(range);
    const page = toPage(rows, range);
    const named = await name(deps, page.rows);
    const hits = { hits: rows[0]?.people ?? 0, max: peopleEventsMax };
    return {
      page: { rows: named, hasMore: page.hasMore || named.length < page.rows.length },
      hits,
    };
  }
  const hashes = kinds.map((kind) => personHash(Number(issue.projectId), `${kind}:${text}`));
  const first = (limit: number): Range => ({ limit, cursor: undefined });
  const [exact, newest] = await Promise.all([
    ask(first(exactMax), hashes),
    ask(first(searchedMax)),
  ]);
  const called = new Set(exact.rows.map(({ hash }) => hash));
  const others = newest.rows.slice(0, searchedMax).filter(({ hash }) => !called.has(hash));
  const all = await name(deps, [...exact.rows, ...others]);
  const wanted = text.toLowerCase();
  const rows = all.filter((each) => called.has(each.row.hash) || isCalled(each, wanted));
  return { page: { rows, hasMore: false }, hits: { hits: rows.length, max: searchedMax } };
}

const isCalled = ({ user, identity }: Person, text: string) =>
  [identity, user?.id, user?.username, user?.email, user?.name, user?.ip_address].some((each) =>
    each?.toLowerCase().includes(text),
  );

/** Their events say who they are. Fewer than were asked for where these are large. */
async function name(deps: Deps, rows: PersonRow[]): Promise<Person[]> {
  const read = await readEvents(deps, rows);
  return read.flatMap(({ event }, index) => {
    const row = rows[index];
    if (!row) return [];
    const user = event?.user;
    const { name: called, username, email, id, ip_address } = user ?? {};
    return [
      {
        row,
        user,
        identity: identityOf(user) ?? "",
        name: called ?? username ?? email ?? id ?? ip_address ?? "",
      },
    ];
  });
}
