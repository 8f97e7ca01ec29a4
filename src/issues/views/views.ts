import type { CallerOrg } from "../../access/reach";
import { isAtLeast } from "../../access/scopes";
import type { Deps } from "../../deps";
import { Fault, notFound } from "../../fault";
import { commitUnder } from "../../platform/database";
import type { Page, Range } from "../../protocol/cursor";
import { toPage } from "../../protocol/cursor";
import { periodOf } from "../asked";
import { resolveFilter } from "../filter";
import { parseSort } from "../sort";
import {
  deleteView,
  forgetDefault,
  insertView,
  type Mark,
  markView,
  orderTabs,
  selectDefault,
  selectStarred,
  selectView,
  selectViews,
  updateView,
  type ViewRow,
  type Written,
} from "./queries";
import type { ViewUpdate } from "./schemas";

const tabsMax = 1000;

/** A page of the views that a person sees, by name. */
export async function readViews(
  deps: Deps,
  org: CallerOrg,
  text: string,
  range: Range,
): Promise<Page<ViewRow>> {
  const { rows } = await selectViews(deps.db, org.id, org.memberId, text, range);
  return toPage(rows, range);
}

/** The tabs of a person, in their order; none of a token without one. */
export async function readTabs(deps: Deps, org: CallerOrg): Promise<ViewRow[]> {
  if (org.memberId === null) return [];
  return (await selectStarred(deps.db, org.id, org.memberId, tabsMax)).rows;
}

/** Faults: not_found. */
export async function readView(deps: Deps, org: CallerOrg, id: number): Promise<ViewRow> {
  const { rows } = await selectView(deps.db, org.id, org.memberId, id);
  const [row] = rows;
  if (!row) throw notFound();
  return row;
}

export async function readDefault(deps: Deps, org: CallerOrg): Promise<ViewRow | undefined> {
  if (org.memberId === null) return undefined;
  return (await selectDefault(deps.db, org.id, org.memberId)).rows[0];
}

/** Faults: invalid, for a search that cannot be answered or a view that nobody would see. */
export async function addView(
  deps: Deps,
  org: CallerOrg,
  update: ViewUpdate & { name: string },
): Promise<ViewRow> {
  const written = writtenOf(update, nothingYet);
  if (written.visibility === "owner" && org.memberId === null) {
    throw new Fault("invalid", "A token of no person can only keep a view for the organization");
  }
  await assertAnswerable(deps, org, written);
  const [{ rows }] = await commitUnder(deps.db, { orgId: org.id }, [
    insertView(deps.db, org.id, org.memberId, written, deps.now()),
  ]);
  return readView(deps, org, Number(rows[0]?.id));
}

/** Faults: not_found; forbidden, for who neither made it nor is a manager; invalid, as when adding. */
export async function changeView(
  deps: Deps,
  org: CallerOrg,
  id: number,
  update: ViewUpdate,
): Promise<ViewRow> {
  const before = await viewToChange(deps, org, id);
  const written = writtenOf(update, before);
  if (written.visibility === "owner" && !before.isMine) {
    throw new Fault("forbidden", "Only who made a view can keep it from others");
  }
  await assertAnswerable(deps, org, written);
  const [{ rows }] = await commitUnder(deps.db, { orgId: org.id }, [
    updateView(deps.db, org.id, id, written, deps.now()),
  ]);
  if (rows.length === 0) throw notFound();
  return readView(deps, org, id);
}

/** Faults: not_found; forbidden, for who neither made it nor is a manager. */
export async function removeView(deps: Deps, org: CallerOrg, id: number): Promise<void> {
  await viewToChange(deps, org, id);
  const [{ rows }] = await commitUnder(deps.db, { orgId: org.id }, [
    deleteView(deps.db, org.id, id),
  ]);
  if (rows.length === 0) throw notFound();
}

/** What a view is to the person who asks. Faults: not_found, forbidden. */
export async function mark(deps: Deps, org: CallerOrg, id: number, marked: Mark): Promise<ViewRow> {
  const memberId = memberOf(org);
  const { position } = await readView(deps, org, id);
  // A tab stays where it is, unless somebody says where it goes.
  const { position: place, ...others } = marked;
  const given = place === "last" && position !== null ? others : marked;
  const marking = markView(deps.db, memberId, id, given);
  await commitUnder(
    deps.db,
    { orgId: org.id },
    marked.isDefault ? [forgetDefault(deps.db, memberId), marking] : [marking],
  );
  return readView(deps, org, id);
}

/** Faults: forbidden. */
export async function order(deps: Deps, org: CallerOrg, viewIds: number[]): Promise<ViewRow[]> {
  const memberId = memberOf(org);
  await commitUnder(deps.db, { orgId: org.id }, [orderTabs(deps.db, memberId, viewIds)]);
  return readTabs(deps, org);
}

/** Sentry's pinned search: a view of one's own that the list begins with. Faults: invalid, forbidden. */
export async function pin(
  deps: Deps,
  org: CallerOrg,
  { query, sort }: { query: string; sort?: string | undefined },
): Promise<ViewRow> {
  memberOf(org);
  const now = await readDefault(deps, org);
  const search = { query, ...(sort !== undefined && { querySort: sort }) };
  const isOurs = now?.isMine && now.name === pinnedName;
  const view = isOurs
    ? await changeView(deps, org, Number(now.id), search)
    : await addView(deps, org, { name: pinnedName, ...search });
  return mark(deps, org, Number(view.id), { isDefault: true });
}

const pinnedName = "My default";

/** Faults: forbidden. */
export async function unpin(deps: Deps, org: CallerOrg): Promise<void> {
  const memberId = memberOf(org);
  await commitUnder(deps.db, { orgId: org.id }, [forgetDefault(deps.db, memberId)]);
}

/** Faults: forbidden, for a token of no person. */
export function memberOf({ memberId }: CallerOrg): number {
  if (memberId === null) throw new Fault("forbidden", "This is of a person, and the token of none");
  return memberId;
}

/** Whoever made it, and managers what all see. */
export const mayChange = (
  { role }: Pick<CallerOrg, "role">,
  { isMine, visibility }: Pick<ViewRow, "isMine" | "visibility">,
) => isMine || (visibility === "organization" && isAtLeast(role, "manager"));

async function viewToChange(deps: Deps, org: CallerOrg, id: number): Promise<ViewRow> {
  const view = await readView(deps, org, id);
  if (!mayChange(org, view)) {
    throw new Fault("forbidden", "Only who made a view or a manager changes it");
  }
  return view;
}

const nothingYet: Omit<Written, "name"> = {
  query: "",
  sort: "",
  columns: null,
  projectIds: [],
  environments: [],
  timeFilters: {},
  visibility: "owner",
};

function writtenOf(update: ViewUpdate, before: Omit<Written, "name"> & { name?: string }): Written {
  const { period, start, end } = update.timeFilters ?? {};
  return {
    name: update.name ?? before.name ?? "",
    query: update.query ?? before.query,
    sort: update.querySort ?? before.sort,
    columns: update.columns === undefined ? before.columns : update.columns,
    projectIds: update.projects ?? before.projectIds,
    environments: update.environments ?? before.environments,
    timeFilters:
      update.timeFilters === undefined
        ? before.timeFilters
        : { ...(period && { period }), ...(start && { start }), ...(end && { end }) },
    visibility: update.visibility ?? before.visibility,
  };
}

/** What is kept can be asked: a key that nobody knows would be found out by whoever opens the view. */
async function assertAnswerable(deps: Deps, org: CallerOrg, written: Written): Promise<void> {
  const { query, sort, projectIds, environments, timeFilters } = written;
  if (!parseSort(sort)) throw new Fault("invalid", "Unknown sort");
  const { period, start, end } = timeFilters;
  const asked = { query, issueIds: [], projectIds, environments, mayBeShortId: false };
  await resolveFilter(deps, org, {
    ...asked,
    ...periodOf({ start, end, statsPeriod: period }, deps.now()),
  });
}
