import { queryOptions } from "@tanstack/react-query";
import { api, ok, page, type Schema } from "../api/client";
import { queryClient, settingsStaleMs } from "../api/query-client";

const ofProject = (org: string, project: string) => ({
  path: { organization_slug: org, project_slug: project },
});

export type Project = Schema<"ProjectDetail">;
export type ProjectKey = Schema<"ProjectKey">;

export type ListedProject = Schema<"ProjectWithTeams">;

/** The projects of an organization with their last 24 hours by the hour: the first hundred. */
export const projects = (org: string) =>
  queryOptions({
    queryKey: [org, "projects", "list"],
    queryFn: async () =>
      (
        await page(
          api.GET("/api/0/organizations/{organization_slug}/projects/", {
            params: { path: { organization_slug: org }, query: { limit: 100, statsPeriod: "24h" } },
          }),
        )
      ).rows,
  });

/** One project with what is set of it. */
export const project = (org: string, slug: string) =>
  queryOptions({
    queryKey: [org, "projects", "one", slug],
    queryFn: () =>
      ok(
        api.GET("/api/0/projects/{organization_slug}/{project_slug}/", {
          params: ofProject(org, slug),
        }),
      ),
    staleTime: settingsStaleMs,
  });

/** Its keys, oldest first, with their DSNs: the first hundred. */
export const keys = (org: string, slug: string) =>
  queryOptions({
    queryKey: [org, "projects", "one", slug, "keys"],
    queryFn: async () =>
      (
        await page(
          api.GET("/api/0/projects/{organization_slug}/{project_slug}/keys/", {
            params: { ...ofProject(org, slug), query: { limit: 100 } },
          }),
        )
      ).rows,
    staleTime: settingsStaleMs,
  });

/** The environments that its events named, hidden ones too: the first hundred. */
export const projectEnvironments = (org: string, slug: string) =>
  queryOptions({
    queryKey: [org, "projects", "one", slug, "environments"],
    queryFn: async () =>
      (
        await page(
          api.GET("/api/0/projects/{organization_slug}/{project_slug}/environments/", {
            params: { ...ofProject(org, slug), query: { limit: 100, visibility: "all" } },
          }),
        )
      ).rows,
    staleTime: settingsStaleMs,
  });

export type Refusal = Schema<"Refusals">["refusals"][number];

/** What was turned away of the project in the last minutes, with what helps. */
export const refusals = (org: string, slug: string) =>
  queryOptions({
    queryKey: [org, "projects", "one", slug, "refusals"],
    queryFn: async () =>
      (
        await ok(
          api.GET("/api/0/projects/{organization_slug}/{project_slug}/refusals/", {
            params: ofProject(org, slug),
          }),
        )
      ).refusals,
    staleTime: 0,
  });

/** Sends the project an event as an SDK of its platform would; answers with the event's id. */
export async function sendSample(org: string, slug: string, platform: string): Promise<string> {
  const { eventID } = await ok(
    api.POST("/api/0/projects/{organization_slug}/{project_slug}/test-event/", {
      params: ofProject(org, slug),
      body: { platform },
    }),
  );
  return eventID;
}

const forgetLists = (org: string) =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: [org, "organization"] }),
    queryClient.invalidateQueries({ queryKey: [org, "projects"] }),
  ]);

/** Makes a team; the caller joins it. */
export async function createTeam(org: string, slug: string): Promise<string> {
  const made = await ok(
    api.POST("/api/0/organizations/{organization_slug}/teams/", {
      params: { path: { organization_slug: org } },
      body: { slug },
    }),
  );
  return made.slug;
}

/** Makes a project of a team, with a first key. */
export async function createProject(
  org: string,
  team: string,
  wanted: Schema<"NewProject">,
): Promise<string> {
  const made = await ok(
    api.POST("/api/0/teams/{organization_slug}/{team_slug}/projects/", {
      params: { path: { organization_slug: org, team_slug: team } },
      body: wanted,
    }),
  );
  await forgetLists(org);
  return made.slug;
}

/** What is left out stays. */
export async function changeProject(
  org: string,
  slug: string,
  change: Schema<"ProjectUpdate">,
): Promise<Project> {
  const changed = await ok(
    api.PUT("/api/0/projects/{organization_slug}/{project_slug}/", {
      params: ofProject(org, slug),
      body: change,
    }),
  );
  queryClient.setQueryData(project(org, changed.slug).queryKey, changed);
  await queryClient.invalidateQueries({ queryKey: [org, "organization"] });
  return changed;
}

export type InboundFilter = Schema<"InboundFilter">;

/** Filters of what arrives that are on or off; those that are lists are options of the project. */
export const inboundFilters = (org: string, slug: string) =>
  queryOptions({
    queryKey: [org, "projects", "one", slug, "filters"],
    queryFn: () =>
      ok(
        api.GET("/api/0/projects/{organization_slug}/{project_slug}/filters/", {
          params: ofProject(org, slug),
        }),
      ),
    staleTime: settingsStaleMs,
  });

export async function setFilter(
  org: string,
  slug: string,
  id: InboundFilter["id"],
  state: { active: boolean } | { subfilters: string[] },
): Promise<void> {
  await ok(
    api.PUT("/api/0/projects/{organization_slug}/{project_slug}/filters/{filter_id}/", {
      params: { path: { organization_slug: org, project_slug: slug, filter_id: id } },
      body: state as Schema<"InboundFilterUpdate">,
    }),
  );
  await queryClient.invalidateQueries({ queryKey: inboundFilters(org, slug).queryKey });
}

export type Ownership = Schema<"Ownership">;

/** Who looks after what in a project. */
export const ownership = (org: string, slug: string) =>
  queryOptions({
    queryKey: [org, "projects", "one", slug, "ownership"],
    queryFn: () =>
      ok(
        api.GET("/api/0/projects/{organization_slug}/{project_slug}/ownership/", {
          params: ofProject(org, slug),
        }),
      ),
    staleTime: settingsStaleMs,
  });

export async function changeOwnership(
  org: string,
  slug: string,
  change: Partial<Pick<Ownership, "raw" | "autoAssignment" | "fallthrough">>,
): Promise<void> {
  const changed = await ok(
    api.PUT("/api/0/projects/{organization_slug}/{project_slug}/ownership/", {
      params: ofProject(org, slug),
      body: change,
    }),
  );
  queryClient.setQueryData(ownership(org, slug).queryKey, changed);
}

export type GroupingPreview = Schema<"GroupingPreview">;

/** What rules would do with the newest events; nothing is kept. */
export const previewGrouping = (
  org: string,
  slug: string,
  rules: Schema<"GroupingTried">,
): Promise<GroupingPreview> =>
  ok(
    api.POST("/api/0/projects/{organization_slug}/{project_slug}/grouping/preview/", {
      params: ofProject(org, slug),
      body: rules,
    }),
  );

export type Regroup = Schema<"IssueJob">;

/** Groups the events of the last days by the saved rules, and waits for the end of that. */
export const regroup = (org: string, slug: string, days: number) =>
  untilRegrouped(
    org,
    api.POST("/api/0/projects/{organization_slug}/{project_slug}/grouping/apply/", {
      params: ofProject(org, slug),
      body: { days },
    }),
  );

/** Puts events back that were grouped anew last, and waits for the end of that. */
export const undoRegroup = (org: string, slug: string) =>
  untilRegrouped(
    org,
    api.POST("/api/0/projects/{organization_slug}/{project_slug}/grouping/undo/", {
      params: ofProject(org, slug),
    }),
  );

async function untilRegrouped(org: string, begun: Parameters<typeof ok<Regroup>>[0]) {
  const job = await ok(begun);
  const { followJob } = await import("../api/job-progress");
  const ended = await followJob(org, job);
  await queryClient.invalidateQueries({ queryKey: [org] });
  if (ended.state !== "done") throw new Error(ended.error ?? ended.state);
  return ended;
}

export type ConvertedOwners = Schema<"CodeownersConverted">;

/** Rules of ownership as a file CODEOWNERS has them; nothing is kept. */
export const convertCodeowners = (
  org: string,
  slug: string,
  file: { raw: string; root: string },
): Promise<ConvertedOwners> =>
  ok(
    api.POST("/api/0/projects/{organization_slug}/{project_slug}/ownership/codeowners/", {
      params: ofProject(org, slug),
      body: file,
    }),
  );

export async function deleteProject(org: string, slug: string): Promise<void> {
  await ok(
    api.DELETE("/api/0/projects/{organization_slug}/{project_slug}/", {
      params: ofProject(org, slug),
    }),
  );
}

/** A deleted project is read nowhere any longer; called once its pages are left. */
export function forgetProject(org: string, slug: string): void {
  queryClient.removeQueries({ queryKey: [org, "projects", "one", slug] });
  void forgetLists(org);
}

/** Whether a team works on the project, or no longer. */
export async function setTeam(
  org: string,
  slug: string,
  team: string,
  isOn: boolean,
): Promise<void> {
  const params = { path: { organization_slug: org, project_slug: slug, team_slug: team } };
  const at = "/api/0/projects/{organization_slug}/{project_slug}/teams/{team_slug}/";
  await (isOn ? ok(api.POST(at, { params })) : ok(api.DELETE(at, { params })));
  await forgetLists(org);
}

const ofKey = (org: string, slug: string, id: string) => ({
  path: { organization_slug: org, project_slug: slug, key_id: id },
});

export async function createKey(
  org: string,
  slug: string,
  wanted: Schema<"KeyUpdate">,
): Promise<void> {
  await ok(
    api.POST("/api/0/projects/{organization_slug}/{project_slug}/keys/", {
      params: ofProject(org, slug),
      body: wanted,
    }),
  );
  await queryClient.invalidateQueries({ queryKey: keys(org, slug).queryKey });
}

export async function changeKey(
  org: string,
  slug: string,
  id: string,
  change: Schema<"KeyUpdate">,
): Promise<void> {
  const changed = await ok(
    api.PUT("/api/0/projects/{organization_slug}/{project_slug}/keys/{key_id}/", {
      params: ofKey(org, slug, id),
      body: change,
    }),
  );
  queryClient.setQueryData(keys(org, slug).queryKey, (known) =>
    known?.map((key) => (key.id === id ? changed : key)),
  );
}

export async function deleteKey(org: string, slug: string, id: string): Promise<void> {
  await ok(
    api.DELETE("/api/0/projects/{organization_slug}/{project_slug}/keys/{key_id}/", {
      params: ofKey(org, slug, id),
    }),
  );
  await queryClient.invalidateQueries({ queryKey: keys(org, slug).queryKey });
}

/** Hides an environment from the lists of filters, or shows it again. Seen at once, put back where it is refused. */
export async function hideEnvironment(
  org: string,
  slug: string,
  name: string,
  isHidden: boolean,
): Promise<void> {
  const { queryKey } = projectEnvironments(org, slug);
  const show = (hidden: boolean) =>
    queryClient.setQueryData(queryKey, (known) =>
      known?.map((one) => (one.name === name ? { ...one, isHidden: hidden } : one)),
    );
  show(isHidden);
  try {
    await ok(
      api.PUT("/api/0/projects/{organization_slug}/{project_slug}/environments/{environment}/", {
        params: { path: { organization_slug: org, project_slug: slug, environment: name } },
        body: { isHidden },
      }),
    );
  } catch (error) {
    show(!isHidden);
    throw error;
  }
  await queryClient.invalidateQueries({ queryKey: [org, "environments"] });
}

/** The project's issue that was seen last, and when: what the setup page waits for. */
export const latestIssue = (org: string, projectId: string | undefined) =>
  queryOptions({
    queryKey: [org, "issues", "latest", projectId],
    queryFn: async () => {
      const { rows } = await page(
        api.GET("/api/0/organizations/{organization_slug}/issues/", {
          params: {
            path: { organization_slug: org },
            query: { project: [Number(projectId)], query: "", sort: "-last_seen", limit: 1 },
          },
        }),
      );
      return rows[0] ?? null;
    },
    enabled: projectId !== undefined,
    staleTime: 0,
  });
