import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Pulse, watchPulse } from "../api/live";
import { organization } from "./session";

/** Hears of changes in an organization while the component is there; answers whether the server is being heard. */
export function usePulse(org: string, changed: (pulse: Pulse) => void): boolean {
  const client = useQueryClient();
  const latest = useRef(changed);
  latest.current = changed;
  const [isHeard, setHeard] = useState(false);
  useEffect(
    () =>
      watchPulse({
        address: async (isOld) => {
          const options = organization(org);
          const known = await client.fetchQuery(isOld ? { ...options, staleTime: 0 } : options);
          return known.pulse;
        },
        changed: (pulse) => latest.current(pulse),
        heard: setHeard,
      }),
    [client, org],
  );
  return isHeard;
}
