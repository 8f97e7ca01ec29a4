import type { Schema } from "../api/client";
import { plural, t } from "../words";

type Refusal = Schema<"Refusals">["refusals"][number];
type Remedy = Refusal["remedy"];

/** Why something was turned away, as a sentence with its number. */
export function whyRefused({ reason, count, keyPrefix, origin }: Refusal): string {
  const requests = plural(count, "request", "requests");
  const values = { requests, key: keyPrefix ?? "?", origin: origin ?? t("of a browser") };
  return t(reasons[reason], values);
}

const reasons: Record<Refusal["reason"], string> = {
  missing_key: "{requests} without a key. The DSN was not given to the SDK, or not whole.",
  unknown_key: "{requests} with the key {key}…, which this project does not have.",
  conflicting_keys: "{requests} with two keys that differ.",
  project_disabled: "{requests} with the key {key}…, which is disabled.",
  organization_disabled: "{requests}: the organization takes no events at the moment.",
  origin: "{requests} from pages of {origin}, which is not among the allowed domains.",
  throttled: "{requests} turned away by the throttle of the project or the organization.",
  quota_exceeded: "{requests} beyond the limit that was set for the key or the project.",
  default_limit: "{requests} beyond the limit that holds where none is set.",
  malformed: "{requests} that could not be read.",
  too_large: "{requests} that were too large.",
  unavailable: "{requests} while the queue or the database did not answer. SDKs send again.",
};

/** What helps, in words; what a button can do says so by itself. */
export const remedyWords: Record<Remedy, string> = {
  check_dsn: "Compare the DSN in your application with the one on this page.",
  enable_key: "Enable the key again, or use another one.",
  accept_events: "An owner can turn events on again in the settings of the organization.",
  allow_origin: "Allow the origin, or leave the list of allowed domains empty for all.",
  lower_throttle_rate: "Lower the throttle in the settings of the project.",
  raise_limit: "Raise the limit of the key, or send less of the same.",
  set_limit: "Give the key a limit of its own that is as high as you need.",
  check_body:
    "Something between SDK and server changes what is sent, or it is not an SDK of Sentry.",
  send_less: "Attach less: large attachments and long texts count.",
  try_again: "Nothing to do: it is tried again.",
};

const hexCharsMax = 32;

/** The key that a refused request named by its first digits, where the project has it. */
export function keyOfPrefix<Key extends { public: string }>(
  keys: Key[],
  prefix: string | null,
): Key | undefined {
  if (!prefix) return undefined;
  const digits = prefix.slice(0, hexCharsMax);
  return keys.find((key) => key.public.replaceAll("-", "").startsWith(digits));
}
