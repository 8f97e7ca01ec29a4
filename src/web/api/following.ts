import { useSyncExternalStore } from "react";

let isAny = false;
const listeners = new Set<() => void>();

/** Somebody waits for a job: what shows how far it is, is loaded then. */
export function noteFollowing(): void {
  isAny = true;
  for (const listener of listeners) listener();
}

const listen = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useIsFollowing = (): boolean => useSyncExternalStore(listen, () => isAny);
