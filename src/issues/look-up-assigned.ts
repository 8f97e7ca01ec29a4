import type { Db } from "../platform/database";
import { idIn } from "../protocol/row-id";
import { type AssignedRow, selectAssigned } from "./assignment-queries";
import type { Assigned } from "./search/condition";

/** What a search names after `assigned:`, in one round trip. Words are in lower case; undefined: nobody is written so. */
export async function lookUpAssigned(
  db: Db,
  { id, memberId }: { id: number; memberId?: number | null },
  words: string[],
): Promise<(word: string) => Assigned | undefined> {
  const bare = words.map(bareOf);
  const ids = bare.map(idIn).filter((each) => each !== undefined);
  const me = memberId ?? null;
  const { rows } = await selectAssigned(db, id, me, ids, bare);
  return (word) => assignedBy(rows, me, word);
}

const bareOf = (word: string) => word.replace(/^(?:user:|team:|#)/, "");
const idsOf = (rows: AssignedRow[]) => rows.map(({ id }) => Number(id));

function assignedBy(
  rows: AssignedRow[],
  memberId: number | null,
  word: string,
): Assigned | undefined {
  if (word === "me") return memberId === null ? undefined : { memberIds: [memberId], teamIds: [] };
  if (word === "my_teams") {
    return { memberIds: [], teamIds: idsOf(rows.filter(({ type }) => type === "mine")) };
  }
  const wanted = /^(?:team:|#)/.test(word) ? "team" : "user";
  const bare = bareOf(word);
  const [found] = rows.filter(
    ({ type, word: id, name }) => type === wanted && (id === bare || name === bare),
  );
  if (!found) return undefined;
  const ids = idsOf([found]);
  return wanted === "team" ? { memberIds: [], teamIds: ids } : { memberIds: ids, teamIds: [] };
}
