import { queryOptions } from "@tanstack/react-query";
import { api, ok, page, type Schema } from "../api/client";
import { pagesOf } from "../api/pages";
import { queryClient } from "../api/query-client";
import { fresh } from "../frame/fresh";

export type ManagedUser = Schema<"ManagedUser">;
export type DeadLetter = Schema<"DeadLetter">;

export const users = (query: string) =>
  pagesOf(["admin", "users", query], (cursor) =>
    fresh(() =>
      page(
        api.GET("/api/0/internal/users/", {
          params: { query: { ...(query && { query }), ...(cursor && { cursor }) } },
        }),
      ),
    ),
  );

export async function updateUser(id: string, change: Schema<"ManagedUserUpdate">): Promise<void> {
  await fresh(() =>
    ok(
      api.PUT("/api/0/internal/users/{managed_user_id}/", {
        params: { path: { managed_user_id: id } },
        body: change,
      }),
    ),
  );
  await queryClient.invalidateQueries({ queryKey: ["admin", "users"] });
}

export const deadLetters = pagesOf(["admin", "dead-letters"], async (cursor) => {
  const { letters, cursor: next } = await fresh(() =>
    ok(
      api.GET("/api/0/internal/dead-letters/", {
        params: { query: { ...(cursor && { cursor }) } },
      }),
    ),
  );
  return { rows: letters, next, previous: undefined, total: undefined };
});

export async function replay({ id, queue }: DeadLetter): Promise<void> {
  await fresh(() => ok(api.POST("/api/0/internal/dead-letters/replay/", { body: { id, queue } })));
  await forgetLetter(id);
}

export const deadLetter = (id: string) =>
  queryOptions({
    queryKey: ["admin", "dead-letters", "one", id],
    queryFn: () =>
      fresh(() =>
        ok(
          api.GET("/api/0/internal/dead-letters/{letter_id}/", {
            params: { path: { letter_id: id } },
          }),
        ),
      ),
  });

export async function discard(id: string): Promise<void> {
  await fresh(() =>
    ok(
      api.DELETE("/api/0/internal/dead-letters/{letter_id}/", {
        params: { path: { letter_id: id } },
      }),
    ),
  );
  await forgetLetter(id);
}

const forgetLetter = (id: string) =>
  queryClient.invalidateQueries({
    queryKey: ["admin", "dead-letters"],
    predicate: ({ queryKey }) => queryKey[3] !== id,
  });

export const overview = queryOptions({
  queryKey: ["admin", "overview"],
  queryFn: () => fresh(() => ok(api.GET("/api/0/internal/overview/"))),
  refetchInterval: 10_000,
});

export const organizations = (query: string) =>
  pagesOf(["admin", "organizations", query], (cursor) =>
    fresh(() =>
      page(
        api.GET("/api/0/internal/organizations/", {
          params: { query: { ...(query && { query }), ...(cursor && { cursor }) } },
        }),
      ),
    ),
  );
