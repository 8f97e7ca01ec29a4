import { type Caller, powersIn } from "../access/caller";
import { isAtLeast } from "../access/scopes";
import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { commitUnder } from "../platform/database";
import type { Place } from "./activity";
import {
  type ActivityRow,
  deleteNote,
  insertNote,
  selectMentionable,
  selectNote,
  updateNote,
} from "./activity-queries";
import { beatProjects } from "./beat-projects";

/** What somebody says of an issue; people and teams that it is for are named `user:1` and `team:2`. */
export type NoteText = { text: string; mentions: string[] };

/** Comments on an issue. Faults: invalid, without a text or for somebody who is not in the organization. */
export async function addNote(
  deps: Deps,
  { user }: Caller,
  place: Place,
  note: NoteText,
): Promise<ActivityRow> {
  const { issueId, orgId } = place;
  const data = await dataOf(deps, orgId, note);
  const now = deps.now();
  const userId = user?.id ?? null;
  const [{ rows }] = await commitUnder(deps.db, placeIds(place), [
    insertNote(deps.db, orgId, issueId, { userId, data, now }),
  ]);
  const [written] = rows;
  if (!written) throw notFound();
  await beat(deps, place);
  return {
    ...written,
    kind: "note",
    data,
    editedAt: null,
    userId: userId === null ? null : String(userId),
    userName: user?.name ?? null,
    userEmail: user?.email ?? null,
  };
}

/** Changes a comment. Faults: not_found; forbidden, for who neither wrote it nor is an admin; invalid, as when adding. */
export async function editNote(
  deps: Deps,
  caller: Caller,
  place: Place,
  noteId: number,
  note: NoteText,
): Promise<ActivityRow> {
  const before = await noteToChange(deps, caller, place, noteId);
  const data = await dataOf(deps, place.orgId, note);
  const [{ rows }] = await commitUnder(deps.db, placeIds(place), [
    updateNote(deps.db, place.issueId, noteId, data, deps.now()),
  ]);
  const [written] = rows;
  if (!written) throw notFound();
  await beat(deps, place);
  return { ...before, data, ...written };
}

/** Deletes a comment. Faults: not_found; forbidden, for who neither wrote it nor is an admin. */
export async function removeNote(
  deps: Deps,
  caller: Caller,
  place: Place,
  noteId: number,
): Promise<void> {
  await noteToChange(deps, caller, place, noteId);
  const [{ rows }] = await commitUnder(deps.db, placeIds(place), [
    deleteNote(deps.db, place.issueId, noteId),
  ]);
  if (rows.length === 0) throw notFound();
  await beat(deps, place);
}

const placeIds = ({ orgId, projectId }: Place) => ({ orgId, projectId });
const beat = (deps: Deps, { orgId, projectId }: Place) =>
  beatProjects(deps, [{ orgId: String(orgId), projectId: String(projectId) }]);

async function noteToChange(
  deps: Deps,
  caller: Caller,
  { issueId, orgId }: Place,
  noteId: number,
): Promise<ActivityRow> {
  const { rows } = await selectNote(deps.db, issueId, noteId);
  const [note] = rows;
  if (!note) throw notFound();
  const isAuthor = caller.user !== null && Number(note.userId) === caller.user.id;
  if (!isAuthor && !mayChangeAll(caller, orgId)) {
    throw new Fault("forbidden", "Only its author or an admin changes a comment");
  }
  return note;
}

/** The role says who is an admin, and a token must have been made for it. */
function mayChangeAll(caller: Caller, orgId: number): boolean {
  const org = caller.orgs.find(({ id }) => id === orgId);
  return (
    org !== undefined &&
    isAtLeast(org.role, "admin") &&
    powersIn(caller, org).includes("event:admin")
  );
}

const idsOf = (kind: "user" | "team", mentions: string[]) =>
  mentions.flatMap((name) => (name.startsWith(`${kind}:`) ? [Number(name.slice(5))] : []));

/** What is kept of a comment. Faults: invalid. */
async function dataOf(deps: Deps, orgId: number, { text, mentions }: NoteText) {
  if (text.trim() === "") throw new Fault("invalid", "A comment needs a text");
  if (mentions.length === 0) return { text };
  const named = [...new Set(mentions)];
  const { rows } = await selectMentionable(
    deps.db,
    orgId,
    idsOf("user", named),
    idsOf("team", named),
  );
  const known = new Set(rows.map(({ name }) => name));
  const stranger = named.find((name) => !known.has(name));
  if (stranger) throw new Fault("invalid", `${stranger} is not in the organization`);
  return { text, mentions: named };
}
