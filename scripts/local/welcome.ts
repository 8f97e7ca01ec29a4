import { credentialsFile } from "./credentials";
import type { Prepared } from "./prepare";

/** What a start prints when everything is there. Secrets only the first one prints: journals are kept, and passed on. */
export function welcome(publicUrl: string, prepared: Prepared | undefined, tookMs: number): string {
  const lines = [
    "",
    `Brinkwatch is ready at ${publicUrl} after ${(tookMs / 1000).toFixed(1)} s.`,
    "",
  ];
  if (!prepared) {
    lines.push("Its first user was made in another start; `npm run reset` begins anew.");
    return lines.join("\n");
  }
  const { seed, isFirst } = prepared;
  const token = isFirst ? seed.token : "$TOKEN";
  lines.push(
    ...(isFirst
      ? [`  Login      ${seed.email} / ${seed.password}`]
      : [
          `  Login      ${seed.email}; password and API token of the first start: ${credentialsFile}`,
        ]),
    `  DSN        ${seed.dsn}`,
    ...(isFirst ? [`  API token  ${seed.token}`] : []),
    `  API docs   ${publicUrl}/api/docs/`,
    `  Mailbox    ${publicUrl}/_dev/mail/`,
    "",
    ...(isFirst ? [] : [`Another password: npm run create-user -- --email ${seed.email}`, ""]),
    "Send an event (npm install @sentry/node):",
    "",
    '  const Sentry = require("@sentry/node");',
    `  Sentry.init({ dsn: "${seed.dsn}" });`,
    '  Sentry.captureException(new Error("Hello Brinkwatch"));',
    "",
    "Read it back:",
    "",
    `  curl -H "Authorization: Bearer ${token}" ${publicUrl}/api/0/organizations/${seed.org}/issues/`,
    "",
    "`npm run demo` sends events of several SDKs. Ctrl-C stops.",
  );
  return lines.join("\n");
}
