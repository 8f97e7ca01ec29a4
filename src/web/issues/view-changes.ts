import { api, ok } from "../api/client";
import { queryClient } from "../api/query-client";
import { type View, type ViewUpdate, viewsKey } from "./view-queries";

/** What changes views. Apart from what asks for them, since the list shows them before anybody changes one. */
const changed = async <T>(org: string, sent: Promise<T>): Promise<T> => {
  const answer = await sent;
  await queryClient.invalidateQueries({ queryKey: viewsKey(org) });
  return answer;
};

/** Throws ApiFault, as all below. */
export const addView = (org: string, body: ViewUpdate & { name: string }): Promise<View> =>
  changed(
    org,
    ok(
      api.POST("/api/0/organizations/{organization_slug}/group-search-views/", {
        params: { path: { organization_slug: org } },
        body,
      }),
    ),
  );

const at = (org: string, id: string) => ({
  params: { path: { organization_slug: org, view_id: id } },
});

export const changeView = (org: string, id: string, body: ViewUpdate): Promise<View> =>
  changed(
    org,
    ok(
      api.PUT("/api/0/organizations/{organization_slug}/group-search-views/{view_id}/", {
        ...at(org, id),
        body,
      }),
    ),
  );

export const removeView = (org: string, id: string): Promise<unknown> =>
  changed(
    org,
    ok(
      api.DELETE(
        "/api/0/organizations/{organization_slug}/group-search-views/{view_id}/",
        at(org, id),
      ),
    ),
  );

export const starView = (org: string, id: string, starred: boolean): Promise<View> =>
  changed(
    org,
    ok(
      api.POST("/api/0/organizations/{organization_slug}/group-search-views/{view_id}/starred/", {
        ...at(org, id),
        body: { starred },
      }),
    ),
  );

export const orderTabs = (org: string, viewIds: string[]): Promise<View[]> =>
  changed(
    org,
    ok(
      api.PUT("/api/0/organizations/{organization_slug}/group-search-views/starred-order/", {
        params: { path: { organization_slug: org } },
        body: { viewIds: viewIds.map(Number) },
      }),
    ),
  );

export const beginWith = (org: string, id: string, isDefault: boolean): Promise<View> =>
  changed(
    org,
    ok(
      api.POST("/api/0/organizations/{organization_slug}/group-search-views/{view_id}/default/", {
        ...at(org, id),
        body: { isDefault },
      }),
    ),
  );
