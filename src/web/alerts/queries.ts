import { queryOptions } from "@tanstack/react-query";
import { api, ok, page, type Schema } from "../api/client";
import { queryClient, settingsStaleMs } from "../api/query-client";

export type Rule = Schema<"Alert">;
export type RuleInput = Schema<"AlertInput">;
export type TestResult = Schema<"AlertTestResult">;

const ofProject = (org: string, project: string) => ({
  path: { organization_slug: org, project_slug: project },
});
const ofRule = (org: string, project: string, id: number) => ({
  path: { organization_slug: org, project_slug: project, alert_id: String(id) },
});

/** The rules of a project, newest first: the first hundred. */
export const rules = (org: string, project: string) =>
  queryOptions({
    queryKey: [org, "alerts", project],
    queryFn: async () =>
      (
        await page(
          api.GET("/api/0/projects/{organization_slug}/{project_slug}/alerts/", {
            params: { ...ofProject(org, project), query: { limit: 100 } },
          }),
        )
      ).rows,
    staleTime: settingsStaleMs,
  });

const forget = (org: string, project: string) =>
  queryClient.invalidateQueries({ queryKey: rules(org, project).queryKey });

export async function createRule(org: string, project: string, rule: RuleInput): Promise<void> {
  await ok(
    api.POST("/api/0/projects/{organization_slug}/{project_slug}/alerts/", {
      params: ofProject(org, project),
      body: rule,
    }),
  );
  await forget(org, project);
}

export async function changeRule(
  org: string,
  project: string,
  id: number,
  rule: RuleInput,
): Promise<void> {
  await ok(
    api.PUT("/api/0/projects/{organization_slug}/{project_slug}/alerts/{alert_id}/", {
      params: ofRule(org, project, id),
      body: rule,
    }),
  );
  await forget(org, project);
}

export async function deleteRule(org: string, project: string, id: number): Promise<void> {
  await ok(
    api.DELETE("/api/0/projects/{organization_slug}/{project_slug}/alerts/{alert_id}/", {
      params: ofRule(org, project, id),
    }),
  );
  await forget(org, project);
}

/** What became of a test message, by recipient. */
export const testRule = (org: string, project: string, id: number): Promise<TestResult[]> =>
  ok(
    api.POST("/api/0/projects/{organization_slug}/{project_slug}/alerts/{alert_id}/test/", {
      params: ofRule(org, project, id),
    }),
  );
