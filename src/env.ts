import { z } from "zod";
import type { QueueBindings } from "../queues/publish";
import { Fault } from "./fault";
import { platformHeader } from "./platform/client-address";
import type { LocalStatus } from "./platform/local-status";
import { SocialProviders } from "./platform/social-providers";
import { dictionaryOf } from "./protocol/dictionary";
import { reasonNotServerUrl, type ServerName } from "./protocol/server-url";

const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((value) => value === "true");
export const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback);
/** 0 means none. */
const limit = (fallback: number) => z.coerce.number().int().nonnegative().default(fallback);

const overHttp = { protocol: /^https?$/ };
/** An address with a password in it, of which no message may say a piece. */
export const serverUrl = (name: ServerName) =>
  z.string().superRefine((text, context) => {
    const message = reasonNotServerUrl(text, name);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

/** `host:port`, with commas between them. */
const Addresses = z
  .string()
  .default("")
  .transform((text) => text.split(",").filter((each) => each !== ""))
  .pipe(z.array(z.string().regex(/^\S{1,255}:\d{1,5}$/, "must be host:port")));

/** Settings and secrets; README lists them with their meaning. */
export const Settings = z.object({
  DATABASE_URL: serverUrl("DATABASE_URL"),
  UPSTASH_REDIS_REST_URL: serverUrl("UPSTASH_REDIS_REST_URL"),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
  PUBLIC_URL: z.url(overHttp),
  NEON_HTTP_ENDPOINT: serverUrl("NEON_HTTP_ENDPOINT").optional(),
  ENVIRONMENT: z.string().default("production"),
  RETENTION_DAYS: positive(90),
  MAX_REQUEST_BYTES: positive(20_000_000),
  MAX_INFLATED_BYTES: positive(40_000_000),
  NEW_ISSUES_PER_HOUR: limit(1000),
  NEW_RELEASES_PER_DAY: limit(500),
  NEW_ENVIRONMENTS_PER_DAY: limit(100),
  AUDIT_LOG_DAYS: limit(730),
  SETUP_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  ENABLE_USER_REGISTRATION: flag,
  ENABLE_SOCIAL_APPS_USER_REGISTRATION: flag,
  ENABLE_ORGANIZATION_CREATION: flag,
  REQUIRE_EMAIL_VERIFICATION: flag,
  SOCIAL_PROVIDERS: SocialProviders,
  API_REQUESTS_PER_MINUTE: positive(1000),
  DEFAULT_KEY_LIMIT_PER_MINUTE: limit(6000),
  DEFAULT_PROJECT_LIMIT_PER_MINUTE: limit(12_000),
  INGEST_DEADLINE_MS: positive(3000),
  API_DEADLINE_MS: positive(10_000),
  BACKGROUND_DEADLINE_MS: positive(30_000),
  HEALTH_QUEUE_AGE_SECONDS: limit(300),
  CLIENT_ADDRESS_HEADER: z.string().toLowerCase().default(platformHeader),
  ALLOW_PRIVATE_ADDRESSES: flag,
  OWN_ADDRESSES: Addresses,
  DNS_URL: z.url(overHttp).default("https://cloudflare-dns.com/dns-query"),
  METRICS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  MAIL_FROM: z.string().default("Brinkwatch <brinkwatch@localhost>"),
  SMTP_URL: serverUrl("SMTP_URL").optional(),
  RESEND_API_KEY: z.string().optional(),
  POSTMARK_TOKEN: z.string().optional(),
  LOG_SAMPLE_RATE: z.coerce.number().min(0).max(1).default(0.1),
  DEV_MAILBOX: flag,
  INSTANCE_NAME: z.string().optional(),
  SENTRY_FRONTEND_DSN: z.url(overHttp).optional(),
});
export type Settings = z.infer<typeof Settings>;

export type Bindings = QueueBindings & {
  BLOBS: R2Bucket;
  /** The files of the web UI; away where nobody built it. */
  ASSETS?: Fetcher;
  /** Of the local runtime, which has a machine to tell of. */
  LOCAL_STATUS?: LocalStatus;
  EMAIL?: { send(mail: object): Promise<unknown> };
} & Record<string, unknown>;

/** Faults: unavailable, naming every setting that is missing or wrong. */
export function readSettings(env: Bindings): Settings {
  // An empty value is how one unsets a variable that is declared elsewhere.
  const given = dictionaryOf(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = Settings.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Fault("unavailable", `Brinkwatch is not configured. ${wrongIn(parsed.error)}`);
}

/** Names all settings that are wrong, with the reason of each. */
export const wrongIn = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
