import * as Sentry from "@sentry/cloudflare";

type Env = { DSN: string };

/** A worker of a user: it fails, and its SDK reports to us. */
export default Sentry.withSentry(
  (env: Env) => ({ dsn: env.DSN, release: "worker@1.0.0", tracesSampleRate: 1 }),
  {
    async fetch(request: Request): Promise<Response> {
      if (new URL(request.url).pathname === "/message") {
        Sentry.captureMessage("hello from the edge", "warning");
        return new Response("said");
      }
      throw new RangeError("the edge gave way");
    },
  } satisfies ExportedHandler<Env>,
);
