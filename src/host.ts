import packageJson from "../package.json";
import { publisher } from "../queues/publish";
import type { Deps } from "./deps";
import { type Bindings, readSettings } from "./env";
import { openBlobs } from "./platform/blobs";
import { openDatabase } from "./platform/database";
import { logger } from "./platform/logger";
import { openRedis } from "./platform/redis";

const built = new WeakMap<Bindings, Deps>();

/** Bindings → Deps, once per isolate. */
export function depsOf(env: Bindings): Deps {
  const known = built.get(env);
  if (known) return known;
  const settings = readSettings(env);
  const deps: Deps = {
    db: openDatabase(settings.DATABASE_URL, settings.NEON_HTTP_ENDPOINT),
    redis: openRedis(settings.UPSTASH_REDIS_REST_URL, settings.UPSTASH_REDIS_REST_TOKEN),
    blobs: openBlobs(env.BLOBS),
    config: {
      publicUrl: settings.PUBLIC_URL.replace(/\/+$/, ""),
      version: packageJson.version,
      environment: settings.ENVIRONMENT,
      retentionDays: settings.RETENTION_DAYS,
      requestBytesMax: settings.MAX_REQUEST_BYTES,
      inflatedBytesMax: settings.MAX_INFLATED_BYTES,
      isRegistrationOpen: settings.ENABLE_USER_REGISTRATION,
      isOrganizationCreationOpen: settings.ENABLE_ORGANIZATION_CREATION,
    },
    log: logger,
    now: () => new Date(),
    publish: publisher(env),
  };
  built.set(env, deps);
  return deps;
}
