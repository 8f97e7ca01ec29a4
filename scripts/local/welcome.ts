import type { Seed } from "../seed";

/** What a start prints when everything is there. */
export function welcome(publicUrl: string, seed: Seed | undefined, tookMs: number): string {
  const lines = [
    "",
    `Brinkwatch is ready at ${publicUrl} after ${(tookMs / 1000).toFixed(1)} s.`,
    "",
  ];
  if (!seed) {
    lines.push("Its first user was made in another start; `npm run reset` begins anew.");
    return lines.join("\n");
  }
  lines.push(
    `  Login      ${seed.email} / ${seed.password}`,
    `  DSN        ${seed.dsn}`,
    `  API token  ${seed.token}`,
    `  API docs   ${publicUrl}/api/docs/`,
    `  Mailbox    ${publicUrl}/_dev/mail/`,
    "",
    "Send an event (npm install @sentry/node):",
    "",
    '  const Sentry = require("@sentry/node");',
    `  Sentry.init({ dsn: "${seed.dsn}" });`,
    '  Sentry.captureException(new Error("Hello Brinkwatch"));',
    "",
    "Read it back:",
    "",
    `  curl -H "Authorization: Bearer ${seed.token}" ${publicUrl}/api/0/organizations/${seed.org}/issues/`,
    "",
    "`npm run demo` sends events of several SDKs. Ctrl-C stops.",
  );
  return lines.join("\n");
}
