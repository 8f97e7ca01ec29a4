import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Page } from "./client";

/** A list that is read page by page: `more(cursor)` asks for one, the first without a cursor. */
export const pagesOf = <Row>(
  queryKey: readonly unknown[],
  more: (cursor: string | undefined) => Promise<Page<Row>>,
) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }) => more(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
