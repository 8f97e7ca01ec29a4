import { queryOptions } from "@tanstack/react-query";
import { api, ok, page, type Schema } from "../api/client";
import { queryClient } from "../api/query-client";
import { startAgain } from "../api/undo";

/** Makes issues one: the one that is named stays, else the oldest. Lists are read again. */
export async function mergeIssues(org: string, ids: readonly string[], into: string | undefined) {
  const asked = new URLSearchParams(ids.map((id) => ["id", id]));
  const answer = await ok(
    api.PUT("/api/0/organizations/{organization_slug}/issues/", {
      params: { path: { organization_slug: org } },
      querySerializer: () => asked.toString(),
      body: { merge: true, ...(into && { mergeInto: into }) },
    }),
  );
  await startAgain(org);
  return answer;
}

/** What is always null is not spoken of. */
export type Hash = Omit<Schema<"IssueHash">, "seerMatchDistance">;

const hashesShown = 100;

/** What an issue consists of. */
export const issueHashes = (org: string, issue: string) =>
  queryOptions({
    queryKey: [org, "issues", "hashes", issue],
    queryFn: ({ signal }) =>
      page(
        api.GET("/api/0/organizations/{organization_slug}/issues/{issue_id}/hashes/", {
          params: {
            path: { organization_slug: org, issue_id: issue },
            query: { limit: hashesShown, full: "false" },
          },
          signal,
        }),
      ),
  });

/** Takes hashes out of an issue; answers with the issue that they lead to now, and how far their events are. */
export async function unmergeHashes(org: string, issue: string, hashes: readonly string[]) {
  const asked = new URLSearchParams(hashes.map((id) => ["id", id]));
  const answer = await ok(
    api.PUT("/api/0/organizations/{organization_slug}/issues/{issue_id}/hashes/", {
      params: { path: { organization_slug: org, issue_id: issue } },
      querySerializer: () => asked.toString(),
    }),
  );
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: [org, "issues"] }),
    startAgain(org),
  ]);
  return answer;
}

const askAgainMs = 2000;

/** Jobs that move events to or from an issue now, asked for again until there is none. */
export const jobsOfIssue = (org: string, issue: string) =>
  queryOptions({
    queryKey: [org, "issues", "jobs", issue],
    queryFn: async ({ signal }) => {
      const jobs = await ok(
        api.GET("/api/0/organizations/{organization_slug}/issue-jobs/", {
          params: { path: { organization_slug: org } },
          signal,
        }),
      );
      return jobs.filter(({ state, issueIds }) => state === "running" && issueIds.includes(issue));
    },
    refetchInterval: ({ state }) => ((state.data?.length ?? 0) > 0 ? askAgainMs : false),
  });
