import packageJson from "../package.json";
import { backlogReader } from "../queues/backlog";
import { publisher } from "../queues/publish";
import type { Config, Deps } from "./deps";
import { type Bindings, readSettings, type Settings } from "./env";
import { openBlobs } from "./platform/blobs";
import { openDatabase } from "./platform/database";
import type { Work } from "./platform/deadline";
import { diskReader } from "./platform/local-status";
import { openLogger } from "./platform/logger";
import { openMailer } from "./platform/mailer";
import { openOutbound } from "./platform/outbound";
import { openRedis } from "./platform/redis";
import { nameResolver } from "./platform/resolve-name";
import { type OutboundRules, ownServerOf } from "./protocol/outbound-rules";

const built = new WeakMap<Bindings, Partial<Record<Work, Deps>>>();

/**
 * Bindings → Deps, once per isolate and kind of work. Everything in them that reaches outside keeps the deadline of
 * that work, so no caller has to remember it.
 */
export function depsOf(env: Bindings, work: Work): Deps {
  const known = built.get(env) ?? {};
  built.set(env, known);
  known[work] ??= build(env, work);
  return known[work];
}

function build(env: Bindings, work: Work): Deps {
  const settings = settingsOf(env);
  const deadlineMs = {
    ingest: settings.INGEST_DEADLINE_MS,
    api: settings.API_DEADLINE_MS,
    background: settings.BACKGROUND_DEADLINE_MS,
  }[work];
  const blobs = openBlobs(env.BLOBS, deadlineMs);
  const now = () => new Date();
  return {
    db: openDatabase(settings.DATABASE_URL, deadlineMs, settings.NEON_HTTP_ENDPOINT),
    redis: openRedis(
      settings.UPSTASH_REDIS_REST_URL,
      settings.UPSTASH_REDIS_REST_TOKEN,
      deadlineMs,
      now,
    ),
    blobs,
    config: configOf(settings),
    deadlineMs,
    mailer: openMailer(settings, { binding: env.EMAIL, blobs, now, deadlineMs }),
    outbound: openOutbound({
      rules: outboundRulesOf(settings),
      resolve: nameResolver(settings.DNS_URL, now),
      now,
    }),
    log: openLogger(settings.LOG_SAMPLE_RATE),
    now,
    backlog: backlogReader(env, deadlineMs),
    disk: diskReader(env.LOCAL_STATUS, deadlineMs),
    publish: publisher(env, deadlineMs),
  };
}

const reported = new WeakSet<Bindings>();

/** Names in the log, once an isolate, what is missing or wrong; never what it was set to. Faults: unavailable. */
function settingsOf(env: Bindings): Settings {
  try {
    return readSettings(env);
  } catch (error) {
    if (!reported.has(env)) openLogger(1)("error", (error as Error).message, {});
    reported.add(env);
    throw error;
  }
}

/** At the edge that includes its own doors: a request that comes back in would wait for itself. */
function outboundRulesOf(settings: Settings): OutboundRules {
  const { DATABASE_URL, UPSTASH_REDIS_REST_URL, NEON_HTTP_ENDPOINT, PUBLIC_URL } = settings;
  const servers = [DATABASE_URL, UPSTASH_REDIS_REST_URL, NEON_HTTP_ENDPOINT ?? []].flat();
  const others = settings.OWN_ADDRESSES.map((each) => `http://${each}`);
  const allowsPrivate = settings.ALLOW_PRIVATE_ADDRESSES;
  const doors = { host: new URL(PUBLIC_URL).hostname, port: undefined };
  return {
    allowsPrivate,
    own: [...[...servers, ...others].map(ownServerOf), ...(allowsPrivate ? [] : [doors])],
  };
}

const configOf = (settings: Settings): Config => ({
  publicUrl: settings.PUBLIC_URL.replace(/\/+$/, ""),
  version: packageJson.version,
  environment: settings.ENVIRONMENT,
  retentionDays: settings.RETENTION_DAYS,
  newIssuesPerHour: settings.NEW_ISSUES_PER_HOUR,
  newReleasesPerDay: settings.NEW_RELEASES_PER_DAY,
  newEnvironmentsPerDay: settings.NEW_ENVIRONMENTS_PER_DAY,
  auditLogDays: settings.AUDIT_LOG_DAYS,
  requestBytesMax: settings.MAX_REQUEST_BYTES,
  inflatedBytesMax: settings.MAX_INFLATED_BYTES,
  setupToken: settings.SETUP_TOKEN,
  authSecret: settings.AUTH_SECRET,
  isRegistrationOpen: settings.ENABLE_USER_REGISTRATION,
  isSocialRegistrationOpen: settings.ENABLE_SOCIAL_APPS_USER_REGISTRATION,
  isEmailVerificationRequired: settings.REQUIRE_EMAIL_VERIFICATION,
  socialProviders: settings.SOCIAL_PROVIDERS,
  apiRequestsPerMinute: settings.API_REQUESTS_PER_MINUTE,
  defaultKeyLimitPerMinute: settings.DEFAULT_KEY_LIMIT_PER_MINUTE,
  defaultProjectLimitPerMinute: settings.DEFAULT_PROJECT_LIMIT_PER_MINUTE,
  doorDeadlineMs: settings.INGEST_DEADLINE_MS,
  healthQueueAgeSeconds: settings.HEALTH_QUEUE_AGE_SECONDS,
  clientAddressHeader: settings.CLIENT_ADDRESS_HEADER,
  metricsToken: settings.METRICS_TOKEN,
  isMailbox: settings.DEV_MAILBOX,
  frontendDsn: settings.SENTRY_FRONTEND_DSN ?? null,
  instanceName: settings.INSTANCE_NAME ?? null,
  isOrganizationCreationOpen: settings.ENABLE_ORGANIZATION_CREATION,
});
