/** Answers that the boot script asked for, by path with mount; the client takes each once. */
export type Booted = Window & { firstAnswers?: Map<string, Promise<Response>> };

/** What the page at an address asks first, and which of the pages with code of their own it is. Paths without mount. */
export function firstRequests(path: string, search: string): { page: string; paths: string[] } {
  const parts = path.split("/").filter(Boolean);
  const [org = "", area, id, more] = parts;
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
  if (id === undefined) return { page: "issues", paths: [...paths, issueListPath(org, search)] };
  if (more !== undefined && more !== "events") return { page: "", paths };
  return { page: "issue", paths: [...paths, `/api/0/organizations/${org}/issues/${id}/`] };
}

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

export const defaultQuery = "is:unresolved";
export const defaultPeriod = "14d";
