import { QueryClient } from "@tanstack/react-query";
import { minuteMs } from "../../protocol/durations";
import { ApiFault } from "./fault";

const triesMax = 3;
const waitSecondsMax = 60;

/** What may go better the next time: nothing answered, too many requests, or the server is not well. */
const isWorthRetrying = (error: unknown) =>
  error instanceof ApiFault && (error.status === 0 || error.status === 429 || error.status >= 500);

/** Settings change rarely; lists say for themselves that they are older sooner, events that they never are. */
export const settingsStaleMs = 5 * minuteMs;
export const listStaleMs = 10_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: listStaleMs,
      gcTime: 15 * minuteMs,
      retry: (tries, error) => tries < triesMax && isWorthRetrying(error),
      retryDelay: (tries, error) =>
        error instanceof ApiFault && error.retryAfter
          ? Math.min(error.retryAfter, waitSecondsMax) * 1000
          : 500 * 2 ** tries,
    },
    mutations: { retry: false },
  },
});
