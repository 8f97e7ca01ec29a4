import { dayMs } from "../../protocol/durations";

/** For how long a token is good. */
export const tokenLives = [
  { value: "90", label: "90 days" },
  { value: "30", label: "30 days" },
  { value: "365", label: "One year" },
  { value: "", label: "Until it is revoked" },
] as const;

/** A choice of days → when the token ends, or null for never. */
export const endOfLife = (days: string, now: number): string | null =>
  /^\d{1,4}$/.test(days) ? new Date(now + Number(days) * dayMs).toISOString() : null;

/** What sentry-cli needs to speak to this installation. */
export const cliLines = (url: string, token: string): string =>
  [
    `export SENTRY_URL=${url}/`,
    `export SENTRY_AUTH_TOKEN=${token}`,
    "sentry-cli info --no-defaults",
  ].join("\n");
