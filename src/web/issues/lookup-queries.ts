import { queryOptions } from "@tanstack/react-query";
import { api, ok } from "../api/client";
import { ApiFault } from "../api/fault";
import { queryClient } from "../api/query-client";
import { idKindOf } from "../frame/pasted";

/** Which issue an event belongs to. */
export const eventLookup = (org: string, event: string) =>
  queryOptions({
    queryKey: [org, "issues", "event-id", event],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/eventids/{event_id}/", {
          params: { path: { organization_slug: org, event_id: event } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

const shortIdLookup = (org: string, shortId: string) =>
  queryOptions({
    queryKey: [org, "issues", "short-id", shortId],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/shortids/{short_id}/", {
          params: { path: { organization_slug: org, short_id: shortId } },
        }),
      ),
  });

/** Where a text leads that is the id of an event or of an issue here; undefined for all others, which are searched for. */
export async function pathOfId(org: string, text: string): Promise<string | undefined> {
  const kind = idKindOf(text);
  try {
    if (kind === "event") {
      const id = text.replaceAll("-", "").toLowerCase();
      const { groupId, eventId } = await queryClient.fetchQuery(eventLookup(org, id));
      return `/${org}/issues/${groupId}/events/${eventId}`;
    }
    if (kind === "issue") {
      const { groupId } = await queryClient.fetchQuery(shortIdLookup(org, text));
      return `/${org}/issues/${groupId}`;
    }
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
  }
  return undefined;
}
