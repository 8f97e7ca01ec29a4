import { queryOptions } from "@tanstack/react-query";
import type { AuditEvent } from "../../protocol/audit-events";
import { api, ok, page, type Schema } from "../api/client";
import { pagesOf } from "../api/pages";
import { queryClient, settingsStaleMs } from "../api/query-client";
import type { Scope } from "../parts/token-scopes";

export type Member = Schema<"Member">;
export type Team = Schema<"TeamWithProjects">;
export type AuditEntry = Schema<"AuditEntry">;
export type Role = Member["role"];

const at = (org: string) => ({ path: { organization_slug: org } });

const refresh = (org: string, ...kinds: string[]) =>
  Promise.all(kinds.map((kind) => queryClient.invalidateQueries({ queryKey: [org, kind] })));

/** The same without what is gone, which nobody must ask for again. */
const refreshWithout = (org: string, id: string, ...kinds: string[]) =>
  Promise.all(
    kinds.map((kind) =>
      queryClient.invalidateQueries({
        queryKey: [org, kind],
        predicate: ({ queryKey }) => queryKey[3] !== id,
      }),
    ),
  );

export async function updateOrganization(org: string, change: Schema<"OrganizationUpdate">) {
  const changed = await ok(
    api.PUT("/api/0/organizations/{organization_slug}/", { params: at(org), body: change }),
  );
  // Under another slug it is asked for anew.
  if (changed.slug === org) await refresh(org, "organization");
  await queryClient.invalidateQueries({ queryKey: ["organizations"] });
  return changed;
}

export async function deleteOrganization(org: string): Promise<void> {
  await ok(api.DELETE("/api/0/organizations/{organization_slug}/", { params: at(org) }));
  queryClient.removeQueries({ queryKey: [org] });
  await queryClient.invalidateQueries({ queryKey: ["organizations"] });
}

export const members = (org: string, query: string) =>
  pagesOf([org, "members", query], (cursor) =>
    page(
      api.GET("/api/0/organizations/{organization_slug}/members/", {
        params: { ...at(org), query: { ...(query && { query }), ...(cursor && { cursor }) } },
      }),
    ),
  );

const atMember = (org: string, member: string) => ({
  path: { organization_slug: org, member_id: member },
});

export const member = (org: string, id: string) =>
  queryOptions({
    queryKey: [org, "members", "one", id],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/members/{member_id}/", {
          params: atMember(org, id),
        }),
      ),
    staleTime: settingsStaleMs,
  });

export async function invite(
  org: string,
  email: string,
  role: Role,
  teams: string[],
  reinvite: boolean,
) {
  const invited = await ok(
    api.POST("/api/0/organizations/{organization_slug}/members/", {
      params: at(org),
      body: { email, orgRole: role, teamRoles: teams, sendInvite: true, reinvite },
    }),
  );
  await refresh(org, "members");
  return invited;
}

export async function updateMember(
  org: string,
  id: string,
  change: { orgRole?: Role; teamRoles?: string[] },
): Promise<void> {
  await ok(
    api.PUT("/api/0/organizations/{organization_slug}/members/{member_id}/", {
      params: atMember(org, id),
      body: change,
    }),
  );
  await refresh(org, "members", "teams", "organization");
}

export async function removeMember(org: string, id: string): Promise<void> {
  await ok(
    api.DELETE("/api/0/organizations/{organization_slug}/members/{member_id}/", {
      params: atMember(org, id),
    }),
  );
  await refreshWithout(org, id, "members", "teams");
}

export async function makeOwner(org: string, id: string): Promise<void> {
  await ok(
    api.POST("/api/0/organizations/{organization_slug}/members/{member_id}/set_owner/", {
      params: atMember(org, id),
    }),
  );
  await refresh(org, "members");
}

export const teams = (org: string) =>
  pagesOf([org, "teams"], (cursor) =>
    page(
      api.GET("/api/0/organizations/{organization_slug}/teams/", {
        params: { ...at(org), query: { limit: 100, ...(cursor && { cursor }) } },
      }),
    ),
  );

const atTeam = (org: string, team: string) => ({
  path: { organization_slug: org, team_slug: team },
});

export const team = (org: string, slug: string) =>
  queryOptions({
    queryKey: [org, "teams", "one", slug],
    queryFn: () =>
      ok(api.GET("/api/0/teams/{organization_slug}/{team_slug}/", { params: atTeam(org, slug) })),
    staleTime: settingsStaleMs,
  });

export const teamMembers = (org: string, slug: string) =>
  pagesOf([org, "teams", "members", slug], (cursor) =>
    page(
      api.GET("/api/0/teams/{organization_slug}/{team_slug}/members/", {
        params: { ...atTeam(org, slug), query: { ...(cursor && { cursor }) } },
      }),
    ),
  );

export async function createTeam(org: string, slug: string): Promise<void> {
  await ok(
    api.POST("/api/0/organizations/{organization_slug}/teams/", {
      params: at(org),
      body: { slug },
    }),
  );
  await refresh(org, "teams", "organization");
}

export async function renameTeam(org: string, slug: string, to: string): Promise<string> {
  const changed = await ok(
    api.PUT("/api/0/teams/{organization_slug}/{team_slug}/", {
      params: atTeam(org, slug),
      body: { slug: to },
    }),
  );
  await refreshWithout(org, slug, "teams", "organization");
  return changed.slug;
}

export async function deleteTeam(org: string, slug: string): Promise<void> {
  await ok(
    api.DELETE("/api/0/teams/{organization_slug}/{team_slug}/", { params: atTeam(org, slug) }),
  );
  await refreshWithout(org, slug, "teams", "organization");
}

/** `id` "me" is the person who asks. */
export async function setTeamMember(
  org: string,
  slug: string,
  id: string,
  isMember: boolean,
): Promise<void> {
  const params = { path: { organization_slug: org, member_id: id, team_slug: slug } };
  const path = "/api/0/organizations/{organization_slug}/members/{member_id}/teams/{team_slug}/";
  await (isMember ? ok(api.POST(path, { params })) : ok(api.DELETE(path, { params })));
  await refresh(org, "teams", "members", "organization");
}

export const tokens = (org: string) =>
  queryOptions({
    queryKey: [org, "tokens"],
    queryFn: () =>
      ok(api.GET("/api/0/organizations/{organization_slug}/org-auth-tokens/", { params: at(org) })),
    staleTime: settingsStaleMs,
  });

export async function createToken(org: string, name: string, scopes: readonly Scope[]) {
  const made = await ok(
    api.POST("/api/0/organizations/{organization_slug}/org-auth-tokens/", {
      params: at(org),
      body: { name, scopes: [...scopes] },
    }),
  );
  await refresh(org, "tokens");
  return made;
}

export async function renameToken(org: string, id: string, name: string): Promise<void> {
  await ok(
    api.PUT("/api/0/organizations/{organization_slug}/org-auth-tokens/{token_id}/", {
      params: { path: { organization_slug: org, token_id: id } },
      body: { name },
    }),
  );
  await refresh(org, "tokens");
}

export async function deleteToken(org: string, id: string): Promise<void> {
  await ok(
    api.DELETE("/api/0/organizations/{organization_slug}/org-auth-tokens/{token_id}/", {
      params: { path: { organization_slug: org, token_id: id } },
    }),
  );
  await refresh(org, "tokens");
}

export const auditLog = (
  org: string,
  filter: { event: AuditEvent | undefined; start: string | undefined },
) =>
  pagesOf([org, "audit", filter], (cursor) =>
    page(
      api.GET("/api/0/organizations/{organization_slug}/audit-logs/", {
        params: {
          ...at(org),
          query: {
            ...(filter.event && { event: [filter.event] }),
            ...(filter.start && { start: filter.start }),
            ...(cursor && { cursor }),
          },
        },
      }),
    ),
  );
