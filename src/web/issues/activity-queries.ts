import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "../api/client";
import { listStaleMs, queryClient } from "../api/query-client";
import { patchIssues } from "../api/undo";

/** What is always null is not spoken of. */
export type Activity = Omit<Schema<"IssueActivity">, "sentry_app">;
export type WrittenComment = { text: string; mentions: string[] };

const keyOf = (org: string, issue: string) => [org, "issues", "activity", issue];

/** What happened to an issue, comments among it, the newest first. */
export const issueActivity = (org: string, issue: string) =>
  queryOptions({
    queryKey: keyOf(org, issue),
    queryFn: async () =>
      (
        await ok(
          api.GET("/api/0/organizations/{organization_slug}/issues/{issue_id}/activities/", {
            params: { path: { organization_slug: org, issue_id: issue } },
          }),
        )
      ).activity,
    staleTime: listStaleMs,
  });

/** Pages show at once what was written; how many comments there are stands in lists too. */
function show(org: string, issue: string, by: number, next: (items: Activity[]) => Activity[]) {
  queryClient.setQueryData<Activity[]>(keyOf(org, issue), (items) => items && next(items));
  if (by === 0) return;
  patchIssues(org, (known) =>
    known.id === issue ? { ...known, numComments: Math.max(0, known.numComments + by) } : known,
  );
}

export async function addComment(org: string, issue: string, body: WrittenComment): Promise<void> {
  const added = await ok(
    api.POST("/api/0/organizations/{organization_slug}/issues/{issue_id}/notes/", {
      params: { path: { organization_slug: org, issue_id: issue } },
      body,
    }),
  );
  show(org, issue, 1, (items) => [added, ...items]);
}

const atNote = (org: string, issue: string, note: string) => ({
  path: { organization_slug: org, issue_id: issue, note_id: note },
});

export async function editComment(
  org: string,
  issue: string,
  note: string,
  body: WrittenComment,
): Promise<void> {
  const changed = await ok(
    api.PUT("/api/0/organizations/{organization_slug}/issues/{issue_id}/notes/{note_id}/", {
      params: atNote(org, issue, note),
      body,
    }),
  );
  show(org, issue, 0, (items) => items.map((item) => (item.id === note ? changed : item)));
}

export async function removeComment(org: string, issue: string, note: string): Promise<void> {
  await ok(
    api.DELETE("/api/0/organizations/{organization_slug}/issues/{issue_id}/notes/{note_id}/", {
      params: atNote(org, issue, note),
    }),
  );
  show(org, issue, -1, (items) => items.filter(({ id }) => id !== note));
}
