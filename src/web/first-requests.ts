/** Answers that the boot script asked for, by path with mount; the client takes each once. */
export type Booted = Window & { firstAnswers?: Map<string, Promise<Response>> };

/** What the page at an address asks first, and which of the pages with code of their own it is. Paths without mount. */
export function firstRequests(path: string, search: string): { page: string; paths: string[] } {
  const parts = path.split("/").filter(Boolean);
  const [org = "", area, id, more, event] = parts;
  const me = "/api/0/users/me/";
  if (
    area === undefined ||
    area === "new" ||
    /^(login|register|reset-password|welcome)$/.test(org)
  ) {
    return { page: "", paths: [] };
  }
  if (/^(profile|admin|settings|organizations)$/.test(org)) return { page: "", paths: [me] };
  const paths = [me, `/api/0/organizations/${org}/`];
  if (area !== "issues") return { page: "", paths };
  if (id === undefined)
    return { page: "issues", paths: [...paths, issueListPath(org, search) + rowsFirst] };
  if (more !== undefined && more !== "events") return { page: "", paths };
  // Only of an id the address says which event is shown: what else it may say is looked up first.
  if (!/^\d{1,15}$/.test(id)) return { page: "issue", paths };
  const isList = more === "events" && event === undefined;
  return {
    page: "issue",
    paths: [
      ...paths,
      issuePath(org, id),
      ...(isList ? [] : [eventPath(org, id, event ?? "latest", search)]),
    ],
  };
}

/** The part of an address that says which events of an issue are asked for. */
function eventFilter(search: string): string {
  const given = new URLSearchParams(search);
  const isRange = given.has("start") || given.has("end");
  const asked = new URLSearchParams();
  for (const name of eventFilterNames) {
    if (isRange && name === "statsPeriod") continue;
    for (const value of given.getAll(name)) if (value !== "") asked.append(name, value);
  }
  const text = asked.toString();
  return text && `?${text}`;
}

/** An issue, as its page asks for it. */
export const issuePath = (org: string, id: string): string =>
  `/api/0/organizations/${org}/issues/${id}/`;

/** One of its events among those that the address asks for. */
export const eventPath = (org: string, issue: string, event: string, search: string): string =>
  `/api/0/organizations/${org}/issues/${issue}/events/${event}/${eventFilter(search)}`;

export const eventFilterNames = ["query", "environment", "statsPeriod", "start", "end"] as const;

/** The first page of the issue list for the filters in an address; the list itself asks with the same words. */
export function issueListPath(org: string, search: string): string {
  const given = new URLSearchParams(search);
  const asked = new URLSearchParams();
  asked.set("query", given.get("query") ?? defaultQuery);
  for (const name of ["project", "environment"]) {
    for (const value of given.getAll(name)) asked.append(name, value);
  }
  const isRange = given.has("start") || given.has("end");
  for (const name of isRange ? ["start", "end"] : ["statsPeriod"]) {
    const value = given.get(name) ?? (name === "statsPeriod" ? defaultPeriod : null);
    if (value !== null) asked.set(name, value);
  }
  const sort = given.get("sort");
  if (sort) asked.set("sort", sort);
  return `/api/0/organizations/${org}/issues/?${asked}`;
}

/** The issues come first, their numbers inside the filter by themselves. */
export const rowsFirst = "&collapse=stats";

export const defaultQuery = "is:unresolved";
export const defaultPeriod = "14d";
