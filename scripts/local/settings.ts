import { z } from "zod";
import { Settings, serverUrl } from "../../src/env";

const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback);

/** What is set for the machine, not for the application; docs/self-hosting.md lists them. */
const Environment = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(8000),
  /** Where to listen; another machine gets in at 0.0.0.0 only. */
  HOST: z.string().min(1).default("127.0.0.1"),
  PUBLIC_URL: z.url().optional(),
  DATABASE_URL: Settings.shape.DATABASE_URL.optional(),
  REDIS_URL: serverUrl(["redis:", "rediss:"]).optional(),
  /** Processes that digest beside the one that listens. */
  LOCAL_CONSUMERS: positive(1).pipe(z.number().max(16)),
  /** Below so much free disk nothing more is accepted. */
  DISK_RESERVE_MB: positive(512),
});

/** The runtime itself sets the others. */
const ofApplication = Settings.omit({
  PUBLIC_URL: true,
  DATABASE_URL: true,
  NEON_HTTP_ENDPOINT: true,
  ENVIRONMENT: true,
  AUTH_SECRET: true,
  UPSTASH_REDIS_REST_URL: true,
  UPSTASH_REDIS_REST_TOKEN: true,
});

export type LocalSettings = {
  port: number;
  host: string;
  publicUrl: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  consumers: number;
  reserveBytes: number;
};

/** Throws naming every setting that is wrong. */
export function readLocalSettings(environment: NodeJS.ProcessEnv): LocalSettings {
  // An empty value is how one unsets a variable that is declared elsewhere.
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const parsed = Environment.safeParse(Object.fromEntries(given));
  // Of the application what can be set here: it would start, and then answer everything with 503.
  const application = ofApplication.safeParse(Object.fromEntries(given));
  const issues = [...(parsed.error?.issues ?? []), ...(application.error?.issues ?? [])];
  if (issues.length > 0 || !parsed.success) {
    const words = issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`These settings are wrong: ${[...new Set(words)].join("; ")}.`);
  }
  const { data } = parsed;
  return {
    port: data.PORT,
    host: data.HOST,
    publicUrl: data.PUBLIC_URL ?? `http://localhost:${data.PORT}`,
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    consumers: data.LOCAL_CONSUMERS,
    reserveBytes: data.DISK_RESERVE_MB * 1024 * 1024,
  };
}
