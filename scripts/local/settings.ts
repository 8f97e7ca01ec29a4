import { z } from "zod";

const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback);

/** What is set for the machine, not for the application; docs/self-hosting.md lists them. */
const Environment = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(8000),
  /** Where to listen; another machine gets in at 0.0.0.0 only. */
  HOST: z.string().min(1).default("127.0.0.1"),
  PUBLIC_URL: z.url().optional(),
  DATABASE_URL: z.string().min(1).optional(),
  REDIS_URL: z.string().min(1).optional(),
  /** Processes that digest beside the one that listens. */
  LOCAL_CONSUMERS: positive(1).pipe(z.number().max(16)),
  /** Below so much free disk nothing more is accepted. */
  DISK_RESERVE_MB: positive(512),
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
  if (!parsed.success) {
    const words = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`These settings are wrong: ${words.join("; ")}.`);
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
