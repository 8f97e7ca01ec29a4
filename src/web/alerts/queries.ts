import { queryOptions } from "@tanstack/react-query";
import { api, ok, page, type Schema } from "../api/client";
import { pagesOf } from "../api/pages";
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
    queryKey: [org, "alerts", "of project", project],
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

export type OrganizationRule = Schema<"OrganizationAlert">;

/** The rules of all projects, by project, page by page. */
export const allRules = (org: string) =>
  pagesOf<OrganizationRule>([org, "alerts", "of all"], (cursor) =>
    page(
      api.GET("/api/0/organizations/{organization_slug}/alerts/", {
        params: {
          path: { organization_slug: org },
          query: { limit: 100, ...(cursor && { cursor }) },
        },
      }),
    ),
  );

const forget = (org: string) => queryClient.invalidateQueries({ queryKey: [org, "alerts"] });

export async function createRule(org: string, project: string, rule: RuleInput): Promise<void> {
  await ok(
    api.POST("/api/0/projects/{organization_slug}/{project_slug}/alerts/", {
      params: ofProject(org, project),
      body: rule,
    }),
  );
  await forget(org);
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
  await forget(org);
}

export async function deleteRule(org: string, project: string, id: number): Promise<void> {
  await ok(
    api.DELETE("/api/0/projects/{organization_slug}/{project_slug}/alerts/{alert_id}/", {
      params: ofRule(org, project, id),
    }),
  );
  await forget(org);
}

/** What became of a test message, by recipient. */
export const testRule = (org: string, project: string, id: number): Promise<TestResult[]> =>
  ok(
    api.POST("/api/0/projects/{organization_slug}/{project_slug}/alerts/{alert_id}/test/", {
      params: ofRule(org, project, id),
    }),
  );
