import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, call, ok, page, type Schema } from "../api/client";
import { queryClient, settingsStaleMs } from "../api/query-client";

/** The signed-in person; faults with 401 where nobody is. */
export const me = queryOptions({
  queryKey: ["me"],
  queryFn: () => ok(api.GET("/api/0/users/{user_id}/", { params: { path: { user_id: "me" } } })),
  staleTime: settingsStaleMs,
});

export type Session = { user: { id: string; email: string; twoFactorEnabled?: boolean | null } };

/** Whether somebody is signed in: an answer, where `me` is a fault. */
export const session = queryOptions({
  queryKey: ["session"],
  queryFn: () => call<Session | null>("GET", "/api/auth/get-session"),
  staleTime: 0,
});

/** The organizations that the person belongs to. */
export const organizations = queryOptions({
  queryKey: ["organizations"],
  queryFn: async () =>
    (await page(api.GET("/api/0/organizations/", { params: { query: { limit: 100 } } }))).rows,
  staleTime: settingsStaleMs,
});

/** One organization with its teams and projects. */
export const organization = (org: string) =>
  queryOptions({
    queryKey: [org, "organization"],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/", {
          params: { path: { organization_slug: org } },
        }),
      ),
    staleTime: settingsStaleMs,
  });

/** What anybody may know of this installation. */
export const installation = queryOptions({
  queryKey: ["installation"],
  queryFn: () => ok(api.GET("/api/settings/")),
  staleTime: settingsStaleMs,
});

export const useMe = (): Schema<"UserDetail"> | undefined => useQuery(me).data;

/** Makes an organization; whoever makes it owns it. */
export async function createOrganization(name: string): Promise<string> {
  const made = await ok(api.POST("/api/0/organizations/", { body: { name } }));
  await queryClient.invalidateQueries({ queryKey: organizations.queryKey });
  return made.slug;
}

/** Whether the person may do what a scope stands for, e.g. `project:write`; undefined while it is not known. */
export const useMay = (org: string, scope: string): boolean | undefined =>
  useQuery(organization(org)).data?.access.includes(scope);

const lastOrgKey = "brinkwatch.organization";

/** The organization that was looked at last, in this browser. */
export function lastOrganization(): string | undefined {
  try {
    return localStorage.getItem(lastOrgKey) ?? undefined;
  } catch {
    return undefined;
  }
}

export function rememberOrganization(org: string): void {
  try {
    localStorage.setItem(lastOrgKey, org);
  } catch {
    // Only a convenience.
  }
}

/** Of all that somebody belongs to: the one looked at last, else the first. */
export function organizationAtHand<Org extends { slug: string }>(all: Org[]): Org | undefined {
  const last = lastOrganization();
  return all.find(({ slug }) => slug === last) ?? all[0];
}

/** Everything that was read for somebody else, or for nobody, goes. */
export function forgetSession(): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "installation" });
}
