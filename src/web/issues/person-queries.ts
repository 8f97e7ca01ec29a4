import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { minuteMs } from "../../protocol/durations";
import { api, page, type Schema } from "../api/client";
import { filtersOf, type Search } from "../filters";

export type PersonValue = Schema<"TagValue">;

const peopleOfPage = 50;

/** People of an issue, in the environments of the address, a page after the other. */
export const issuePeople = (
  org: string,
  issue: string,
  text: string,
  sort: string,
  search: Search,
) => {
  const { environments: environment } = filtersOf(search);
  return infiniteQueryOptions({
    queryKey: [org, "issues", "people", issue, text, sort, environment],
    queryFn: ({ pageParam, signal }) =>
      page(
        api.GET(
          "/api/0/organizations/{organization_slug}/issues/{issue_id}/tags/{tag_key}/values/",
          {
            params: {
              path: { organization_slug: org, issue_id: issue, tag_key: "user" },
              query: {
                environment,
                query: text,
                sort: sort as "count",
                limit: peopleOfPage,
                ...(pageParam && { cursor: pageParam }),
              },
            },
            signal,
          },
        ),
      ),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    staleTime: minuteMs,
  });
};
