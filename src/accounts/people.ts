import type { Caller, CallerUser } from "../access/caller";
import { personOf } from "../access/reach";
import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { commit } from "../platform/database";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { idIn } from "../protocol/row-id";
import type { IdentityRow } from "./shapes";
import {
  deleteUser,
  type ManagedUserRow,
  selectIdentities,
  selectSubscribeByDefault,
  selectUsers,
  updateManagedUser,
  updateSubscribeByDefault,
  updateUser,
} from "./user-queries";

/** A person's accounts at other services. */
export async function listIdentities(deps: Deps, userId: number): Promise<IdentityRow[]> {
  return selectIdentities(deps.db, userId);
}

/** Whom a path below /users/ is about. Faults: not_found, for anybody but oneself. */
export function oneselfOf(caller: Caller, userId: string): CallerUser {
  const person = personOf(caller);
  if (userId !== "me" && userId !== String(person.id)) throw notFound();
  return person;
}

type PersonChange = {
  name?: string | undefined;
  options?: object | undefined;
  email?: string | undefined;
  username?: string | undefined;
};

/** What is undefined stays. Answers with the person as changed. Faults: unprocessable, for another main address. */
export async function editPerson(
  deps: Deps,
  person: CallerUser,
  { name, options, email, username }: PersonChange,
): Promise<CallerUser> {
  if ([email, username].some((given) => given !== undefined && given !== person.email)) {
    throw new Fault("unprocessable", "The main address is changed at /emails/, not here");
  }
  await commit(deps.db, [updateUser(deps.db, person.id, { name, options })]);
  return { ...person, name: name ?? person.name, options: options ?? person.options };
}

/** Faults: invalid, for the primary owner of an organization. */
export async function removePerson(deps: Deps, userId: number): Promise<void> {
  const removed = await deleteUser(deps.db, userId);
  if (removed.length === 0) {
    throw new Fault("invalid", "You are the primary owner of an organization: hand it over first");
  }
}

/** Whether alerts of projects reach a person who has not said so for the project. */
export async function isSubscribedByDefault(deps: Deps, userId: number): Promise<boolean> {
  const [person] = await selectSubscribeByDefault(deps.db, userId);
  return person?.subscribeByDefault ?? true;
}

export async function subscribeByDefault(
  deps: Deps,
  userId: number,
  wanted: boolean,
): Promise<void> {
  await updateSubscribeByDefault(deps.db, userId, wanted);
}

/** Everybody, oldest first; those whose address begins with a text. */
export async function listPeople(
  deps: Deps,
  prefix: string,
  range: Range,
): Promise<Page<ManagedUserRow>> {
  return toPage(await selectUsers(deps.db, prefix, range), range);
}

/** What a superuser changes of somebody. Faults: not_found; invalid, for what would lock oneself out. */
export async function managePerson(
  deps: Deps,
  ownId: number,
  userId: string,
  changes: { isActive?: boolean | undefined; isSuperuser?: boolean | undefined },
): Promise<ManagedUserRow> {
  const id = idIn(userId);
  if (id === undefined) throw notFound();
  if (id === ownId && (changes.isActive === false || changes.isSuperuser === false)) {
    throw new Fault("invalid", "Nobody locks themselves out");
  }
  const [, [row]] = await deps.db.batch(updateManagedUser(deps.db, id, changes));
  if (!row) throw notFound();
  deps.log("info", "a user was changed by a superuser", { ...changes, userId: id });
  return row;
}
