import { z } from "zod";
import { positive, Settings, serverUrl, wrongIn } from "../../src/env";
import { ownServerOf } from "../../src/protocol/outbound-rules";

/** What is set for the machine, not for the application; docs/self-hosting.md lists them. */
const ofMachine = {
  PORT: z.coerce.number().int().min(1).max(65_535).default(8000),
  /** Where to listen; another machine gets in at 0.0.0.0 only. */
  HOST: z.string().min(1).default("127.0.0.1"),
  PUBLIC_URL: z.url().optional(),
  DATABASE_URL: Settings.shape.DATABASE_URL.optional(),
  REDIS_URL: serverUrl("REDIS_URL").optional(),
  S3_ENDPOINT: serverUrl("S3_ENDPOINT").optional(),
  /** Processes that digest beside the one that listens. */
  LOCAL_CONSUMERS: positive(1).pipe(z.number().max(16)),
  /** Below so much free disk nothing more is accepted. */
  DISK_RESERVE_MB: positive(512),
};

/** What the environment says to the application; the runtime itself sets the others. */
export const SettingsOfEnvironment = Settings.omit({
  PUBLIC_URL: true,
  DATABASE_URL: true,
  NEON_HTTP_ENDPOINT: true,
  ENVIRONMENT: true,
  AUTH_SECRET: true,
  UPSTASH_REDIS_REST_URL: true,
  UPSTASH_REDIS_REST_TOKEN: true,
  OWN_ADDRESSES: true,
});

/** Wrong ones of the application are refused too: it would start, and then answer everything with 503. */
const Environment = SettingsOfEnvironment.extend(ofMachine);

export type LocalSettings = {
  port: number;
  host: string;
  publicUrl: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  /** `host:port` of an S3-compatible store, where the bucket is one. */
  bucketAddress: string | undefined;
  consumers: number;
  reserveBytes: number;
};

/** Throws naming every setting that is wrong. */
export function readLocalSettings(environment: NodeJS.ProcessEnv): LocalSettings {
  // An empty value is how one unsets a variable that is declared elsewhere.
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const parsed = Environment.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    throw new Error(`These settings are wrong: ${wrongIn(parsed.error)}.`);
  }
  const { data } = parsed;
  return {
    port: data.PORT,
    host: data.HOST,
    publicUrl: data.PUBLIC_URL ?? `http://localhost:${data.PORT}`,
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    bucketAddress: data.S3_ENDPOINT && addressOf(data.S3_ENDPOINT),
    consumers: data.LOCAL_CONSUMERS,
    reserveBytes: data.DISK_RESERVE_MB * 1024 * 1024,
  };
}

function addressOf(url: string): string {
  const { host, port } = ownServerOf(url);
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
