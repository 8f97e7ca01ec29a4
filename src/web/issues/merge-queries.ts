import { api, ok } from "../api/client";
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
