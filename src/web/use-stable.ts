import { useRef } from "react";

/** The same function for as long as the component is there, which does what the latest one does: for rows that are remembered. */
export function useStable<A extends unknown[], R>(run: (...given: A) => R): (...given: A) => R {
  const latest = useRef(run);
  latest.current = run;
  return useRef((...given: A) => latest.current(...given)).current;
}
