import type { Reason } from "./outcomes";

/** Why a door turned a request away, and what helps. Keys that nobody has are no outcome, for they are nobody's. */
export const remedies = {
  missing_key: "check_dsn",
  unknown_key: "check_dsn",
  conflicting_keys: "check_dsn",
  project_disabled: "enable_key",
  organization_disabled: "accept_events",
  origin: "allow_origin",
  throttled: "lower_throttle_rate",
  quota_exceeded: "raise_limit",
  default_limit: "set_limit",
  malformed: "check_body",
  too_large: "send_less",
  unavailable: "try_again",
} as const satisfies Partial<
  Record<Reason | "missing_key" | "unknown_key" | "conflicting_keys", string>
>;
export type RefusalReason = keyof typeof remedies;
