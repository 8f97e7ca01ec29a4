import type { StatusDetails } from "./schemas";
import type { StateRow } from "./state-queries";
import type { WantedCells } from "./status-details";

/** What ends a status, and whose doing it was, as clients read it. */
export function toStatusDetails(state: StateRow | null, eventCount: number): StatusDetails {
  if (!state) return {};
  const { actor } = state;
  return {
    ...endOf(state, eventCount),
    ...(state.substatus === "archived_until_escalating" && {
      ignoreUntilEscalating: true as const,
    }),
    // Without a name people are called by their address.
    ...(actor && { actor: { ...actor, name: actor.name || actor.email } }),
  };
}

/** The same of a change, before anything happened. */
export const toStatusDetailsSet = (cells: WantedCells): StatusDetails =>
  toStatusDetails(
    {
      ...cells,
      until: cells.until?.toISOString() ?? null,
      since: "",
      eventsBefore: null,
      actor: null,
    },
    0,
  );

function endOf(state: StateRow, eventCount: number): StatusDetails {
  const { rule, release, wanted, windowMinutes, until, commit, repository, eventsBefore } = state;
  switch (rule) {
    case "release":
      return { inRelease: release ?? "" };
    case "next_release":
      return { inNextRelease: true, currentRelease: release ?? "" };
    case "commit":
      return { inCommit: { commit: commit ?? "", repository } };
    case "time":
      return { ignoreUntil: new Date(until ?? 0).toISOString() };
    case "events":
      return {
        ignoreCount: wanted ?? 0,
        ...(windowMinutes === null
          ? { eventsSince: Math.max(0, eventCount - (eventsBefore ?? eventCount)) }
          : { ignoreWindow: windowMinutes }),
      };
    case "users":
      return {
        ignoreUserCount: wanted ?? 0,
        ...(windowMinutes !== null && { ignoreUserWindow: windowMinutes }),
      };
    case "next_event":
      return { ignoreUntilNext: true };
    case null:
      return {};
  }
}
