import type { CallerOrg } from "../../access/reach";
import { trimMicros } from "../shapes";
import type { RecentRow, ViewRow } from "./queries";
import type { SavedSearch, View } from "./schemas";
import { mayChange } from "./views";

export const toView =
  (org: Pick<CallerOrg, "role">) =>
  (row: ViewRow): View => ({
    id: row.id,
    name: row.name,
    query: row.query,
    querySort: row.sort,
    columns: row.columns,
    projects: row.projectIds,
    isAllProjects: row.projectIds.length === 0,
    environments: row.environments,
    timeFilters: {
      period: row.timeFilters.period ?? null,
      start: row.timeFilters.start ?? null,
      end: row.timeFilters.end ?? null,
      utc: null,
    },
    visibility: row.visibility,
    starred: row.position !== null,
    isDefault: row.isDefault,
    stars: row.stars,
    mayChange: mayChange(org, row),
    createdBy:
      row.authorId === null
        ? null
        : {
            id: row.authorId,
            name: row.authorName || (row.authorEmail ?? ""),
            email: row.authorEmail ?? "",
          },
    lastVisited: row.visitedAt && trimMicros(row.visitedAt),
    dateCreated: trimMicros(row.createdAt),
    dateUpdated: trimMicros(row.updatedAt),
  });

/** As Sentry's older clients know it: what the list of a person begins with is pinned. */
export const toSavedSearch = (row: ViewRow): SavedSearch => ({
  id: row.id,
  name: row.name,
  query: row.query,
  sort: row.sort || "date",
  type: 0,
  visibility: row.isDefault && row.isMine ? "owner_pinned" : row.visibility,
  dateCreated: trimMicros(row.createdAt),
  isGlobal: false,
  isPinned: row.isDefault,
});

export const toRecentSearch =
  ({ id }: Pick<CallerOrg, "id">) =>
  (row: RecentRow) => ({
    id: row.id,
    organizationId: String(id),
    query: row.query,
    type: 0 as const,
    lastSeen: trimMicros(row.searchedAt),
  });
