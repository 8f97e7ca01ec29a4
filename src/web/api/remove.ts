import { api, ok } from "./client";
import { queryClient } from "./query-client";
import { ended, listKey, type Pages, settle, slicesOf, type Target } from "./undo";

/** Deletes issues with their events; pages forget them. That cannot be taken back. */
export async function removeIssues(org: string, { ids, filter }: Target): Promise<void> {
  for (const slice of slicesOf(ids, filter)) {
    const job = await ok(
      api.DELETE("/api/0/organizations/{organization_slug}/issues/", {
        params: { path: { organization_slug: org } },
        querySerializer: () => slice,
      }),
    );
    if (job) await ended(org, job);
  }
  const gone = new Set(ids);
  queryClient.setQueriesData<Pages>(
    { queryKey: listKey(org) },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({
          ...page,
          rows: page.rows.filter(({ id }) => !gone.has(id)),
        })),
      },
  );
  settle(org);
}
