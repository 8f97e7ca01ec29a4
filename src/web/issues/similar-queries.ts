import { queryOptions } from "@tanstack/react-query";
import { minuteMs } from "../../protocol/durations";
import { api, ok } from "../api/client";
import type { ListedIssue } from "../api/undo";

type Scores = { title: number; frames: number; reasons: string[] };

/** Issues that may be the same fault, the most alike first. */
export const similarIssues = (org: string, issue: string) =>
  queryOptions({
    queryKey: [org, "issues", "similar", issue],
    queryFn: async () =>
      (await ok(
        api.GET("/api/0/organizations/{organization_slug}/issues/{issue_id}/similar/", {
          params: { path: { organization_slug: org, issue_id: issue } },
        }),
      )) as unknown as [ListedIssue, Scores][],
    staleTime: 5 * minuteMs,
    retry: false,
  });
