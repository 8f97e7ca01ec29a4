import { z } from "@hono/zod-openapi";
import { viewVisibilities } from "../../../drizzle/schema/views";
import { momentCharsMax } from "../../protocol/moment";
import { idIn, idMax } from "../../protocol/row-id";
import { searchCharsMax } from "../search/parse";

const nameCharsMax = 200;
const columnsMax = 20;
const projectsMax = 100;
const environmentsMax = 100;

const moment = z.string().max(momentCharsMax).nullish();

const name = z.string().trim().min(1).max(nameCharsMax);
const query = z.string().max(searchCharsMax);
const sort = z.string().max(momentCharsMax);
const projectId = z
  .union([z.number().int(), z.string().max(20)])
  .transform((given) => idIn(String(given)))
  .refine((id) => id !== undefined, "is not the id of a project")
  .transform(Number)
  .openapi({ type: "integer", maximum: idMax });

/** What stays as it is is left out; of a new view that is nothing, all projects, and oneself. */
const viewFields = z.object({
  name: name.optional(),
  query: query.optional(),
  querySort: sort.optional().describe("As `sort` of the list"),
  columns: z
    .array(z.string().max(40))
    .max(columnsMax)
    .nullish()
    .describe("Columns of the list; null: as whoever looks has them"),
  projects: z.array(projectId).max(projectsMax).optional().describe("None: all"),
  environments: z.array(z.string().min(1).max(nameCharsMax)).max(environmentsMax).optional(),
  timeFilters: z
    .object({ period: moment, start: moment, end: moment })
    .nullish()
    .describe("As statsPeriod, start and end of the list"),
  visibility: z
    .enum(viewVisibilities)
    .optional()
    .describe("owner: whoever made it alone; organization: everybody"),
});
export const ViewUpdate = viewFields.openapi("ViewUpdate");
export type ViewUpdate = z.output<typeof ViewUpdate>;

export const ViewWritten = viewFields.extend({ name }).openapi("ViewWritten");

const Author = z.object({ id: z.string(), name: z.string(), email: z.string() });

export const View = z
  .object({
    id: z.string(),
    name: z.string(),
    query: z.string(),
    querySort: z.string(),
    columns: z.array(z.string()).nullable(),
    projects: z.array(z.number().int()),
    isAllProjects: z.boolean(),
    environments: z.array(z.string()),
    timeFilters: z.object({
      period: z.string().nullable(),
      start: z.string().nullable(),
      end: z.string().nullable(),
      utc: z.boolean().nullable(),
    }),
    visibility: z.enum(viewVisibilities),
    starred: z.boolean().describe("A tab of whoever asks"),
    isDefault: z.boolean().describe("What the list of whoever asks begins with"),
    stars: z.number().int().describe("People who have it as a tab"),
    mayChange: z.boolean(),
    createdBy: Author.nullable().describe("null: somebody who left, or a token of no person"),
    lastVisited: z.iso.datetime().nullable(),
    dateCreated: z.iso.datetime(),
    dateUpdated: z.iso.datetime(),
  })
  .openapi("View");
export type View = z.infer<typeof View>;

export const SavedSearch = z
  .object({
    id: z.string(),
    name: z.string(),
    query: z.string(),
    sort: z.string(),
    type: z.literal(0),
    visibility: z.enum([...viewVisibilities, "owner_pinned"]),
    dateCreated: z.iso.datetime(),
    isGlobal: z.literal(false),
    isPinned: z.boolean(),
  })
  .openapi("SavedSearch");
export type SavedSearch = z.infer<typeof SavedSearch>;

const type = z.literal(0).optional().describe("0: issues; there is no other");

const searchFields = z.object({
  type,
  name: name.optional(),
  query: query.optional(),
  sort: sort.optional(),
  visibility: z.enum(viewVisibilities).optional(),
});
export const SearchUpdate = searchFields.openapi("SavedSearchUpdate");
export type SearchUpdate = z.output<typeof SearchUpdate>;
export const SearchWritten = searchFields.extend({ name, query }).openapi("SavedSearchWritten");

export const SearchPinned = z
  .object({ type, query, sort: sort.optional() })
  .openapi("SearchPinned");

export const Starred = z
  .object({ starred: z.boolean(), position: z.number().int().min(0).max(1000).optional() })
  .openapi("ViewStarred");
export const MadeDefault = z.object({ isDefault: z.boolean() }).openapi("ViewMadeDefault");

const tabsMax = 1000;
export const TabOrder = z
  .object({
    viewIds: z.array(projectId).max(tabsMax).describe("Others are no tabs any longer"),
  })
  .openapi("ViewOrder");

export const RecentSearch = z
  .object({
    id: z.string(),
    organizationId: z.string(),
    query: z.string(),
    type: z.literal(0),
    lastSeen: z.iso.datetime(),
  })
  .openapi("RecentSearch");
export const RecentSearched = z
  .object({ type, query: query.trim().min(1) })
  .openapi("RecentSearched");
