import packageJson from "../package.json";
import { publisher } from "../queues/publish";
import type { Deps } from "./deps";
import { type Bindings, readSettings } from "./env";
import { openBlobs } from "./platform/blobs";
import { openDatabase } from "./platform/database";
import { logger } from "./platform/logger";
import { openMailer } from "./platform/mailer";
import { openRedis } from "./platform/redis";

const built = new WeakMap<Bindings, Deps>();

/** Bindings → Deps, once per isolate. */
export function depsOf(env: Bindings): Deps {
  const known = built.get(env);
  if (known) return known;
  const settings = readSettings(env);
  const blobs = openBlobs(env.BLOBS);
  const now = () => new Date();
  const deps: Deps = {
    db: openDatabase(settings.DATABASE_URL, settings.NEON_HTTP_ENDPOINT),
    redis: openRedis(settings.UPSTASH_REDIS_REST_URL, settings.UPSTASH_REDIS_REST_TOKEN),
    blobs,
    config: {
      publicUrl: settings.PUBLIC_URL.replace(/\/+$/, ""),
      version: packageJson.version,
      environment: settings.ENVIRONMENT,
      retentionDays: settings.RETENTION_DAYS,
      requestBytesMax: settings.MAX_REQUEST_BYTES,
      inflatedBytesMax: settings.MAX_INFLATED_BYTES,
      authSecret: settings.AUTH_SECRET,
      isRegistrationOpen: settings.ENABLE_USER_REGISTRATION,
      isSocialRegistrationOpen: settings.ENABLE_SOCIAL_APPS_USER_REGISTRATION,
      isEmailVerificationRequired: settings.REQUIRE_EMAIL_VERIFICATION,
      socialProviders: settings.SOCIAL_PROVIDERS,
      apiRequestsPerMinute: settings.API_REQUESTS_PER_MINUTE,
      metricsToken: settings.METRICS_TOKEN,
      isMailbox: settings.DEV_MAILBOX,
      instanceName: settings.INSTANCE_NAME ?? null,
      isOrganizationCreationOpen: settings.ENABLE_ORGANIZATION_CREATION,
    },
    mailer: openMailer(
      {
        from: settings.MAIL_FROM,
        binding: env.EMAIL,
        smtpUrl: settings.SMTP_URL,
        resendKey: settings.RESEND_API_KEY,
        postmarkToken: settings.POSTMARK_TOKEN,
        isMailbox: settings.DEV_MAILBOX,
      },
      blobs,
      now,
    ),
    log: logger,
    now,
    publish: publisher(env),
  };
  built.set(env, deps);
  return deps;
}
