import { useSyncExternalStore } from "react";
import { whenSignedOut } from "../api/client";
import { queryClient } from "../api/query-client";
import { me } from "./session";

/** The end of the session in the middle of work: everybody who asks meanwhile waits for the same answer. */
type End = { answer: (isBack: boolean) => void; isBack: Promise<boolean> };

let end: End | undefined;
const listeners = new Set<() => void>();

const change = (next: End | undefined) => {
  end = next;
  for (const listener of listeners) listener();
};

/** Only for somebody who was there: others are led to the page of signing in. */
whenSignedOut(() => {
  if (!queryClient.getQueryData(me.queryKey)) return Promise.resolve(false);
  if (!end) {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const answer = (isBack: boolean) => {
      change(undefined);
      resolve(isBack);
    };
    change({ answer, isBack: promise });
  }
  return end?.isBack ?? Promise.resolve(false);
});

/** Whether the session has ended, and how to go on. */
export const useSessionEnd = (): End | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => end,
  );
