import fc from "fast-check";
import { expect, test } from "vitest";
import { readLocalSettings } from "../../scripts/local/settings";
import { type Bindings, readSettings } from "../../src/env";
import { databaseProtocols, reasonNotServerUrl } from "../../src/protocol/server-url";

test.each([
  "postgres://app:s3cret@db.example:5432/shop",
  "postgresql://app:pa%23ss%40word@db.example/shop?sslmode=require",
  "postgresql://db.example/shop",
  "postgresql:///shop?host=/var/run/postgresql",
  "postgres://:word@db.example/shop",
])("%s is an address of a database", (text) => {
  expect(reasonNotServerUrl(text, databaseProtocols)).toBeUndefined();
});

test.each([
  ["mysql://app:s3cret@db.example/shop", "must begin with postgres:// or postgresql://"],
  ["app:s3cret@db.example", "must begin with"],
  ["s3cret", "%23"],
  ["postgres://app:12#34@db.example/shop", "%23"],
  ["postgres://app:12/34@db.example/shop", "%2F"],
  ["postgres://app:12?34@db.example/shop", "%3F"],
  ["postgres://app:12%zz34@db.example/shop", "%25"],
  ["postgresql:///shop", "names no host"],
])("%s is refused with words", (text, words) => {
  expect(reasonNotServerUrl(text, databaseProtocols)).toContain(words);
});

const password = fc.string({
  unit: fc.constantFrom(..."#/?@%:[]\\ aZ9"),
  minLength: 4,
  maxLength: 20,
});

test("of any password, no host, port, path or reason holds a piece", () => {
  fc.assert(
    fc.property(password, (secret) => {
      const text = `postgres://app:${secret}@db.example/shop`;
      const reason = reasonNotServerUrl(text, databaseProtocols);
      if (reason !== undefined) {
        expect(reason.includes(secret)).toBe(false);
        return;
      }
      const { host, pathname, search, hash } = new URL(text);
      expect([host, pathname, search, hash]).toEqual(["db.example", "/shop", "", ""]);
    }),
  );
});

const right = {
  DATABASE_URL: "postgres://app:word@db.example/shop",
  UPSTASH_REDIS_REST_URL: "https://redis.example",
  UPSTASH_REDIS_REST_TOKEN: "token",
  PUBLIC_URL: "https://errors.example",
};

test.each([
  ["DATABASE_URL", "postgres://app:hunter#2hunter@db.example/shop"],
  ["DATABASE_URL", "hunter2hunter"],
  ["UPSTASH_REDIS_REST_URL", "redis.example:hunter2hunter"],
  ["PUBLIC_URL", "hunter2hunter"],
  ["AUTH_SECRET", "hunter2hunter"],
  ["SETUP_TOKEN", "hunter2hunter"],
  ["METRICS_TOKEN", "hunter2hunter"],
  ["SMTP_URL", "smtp://app:hunter/2hunter@mail.example"],
  ["SMTP_URL", "hunter2hunter"],
  ["SOCIAL_PROVIDERS", "hunter2hunter"],
  ["SOCIAL_PROVIDERS", '[{"provider":"hunter2hunter","clientSecret":"hunter2hunter"}]'],
  ["SENTRY_FRONTEND_DSN", "hunter2hunter"],
  ["RETENTION_DAYS", "hunter2hunter"],
  ["DEV_MAILBOX", "hunter2hunter"],
  ["LOG_SAMPLE_RATE", "hunter2hunter"],
])("%s is named when it is wrong, and what it was set to is not", (name, value) => {
  const env = { ...right, [name]: value } as unknown as Bindings;
  expect(() => readSettings(env)).toThrow(new RegExp(`not configured.*${name}`));
  expect(() => readSettings(env)).not.toThrow(/hunter|2hunter/);
});

test.each([
  ["PORT", "many"],
  ["DATABASE_URL", "postgres://app:hunter#2@db.example/shop"],
  ["REDIS_URL", "https://:hunter@redis.example"],
  ["SMTP_URL", "hunter"],
  ["SOCIAL_PROVIDERS", "hunter"],
  ["RETENTION_DAYS", "hunter"],
])("a start ends with a sentence about %s", (name, value) => {
  expect(() => readLocalSettings({ [name]: value })).toThrow(
    new RegExp(`^These settings are wrong: ${name}`),
  );
  expect(() => readLocalSettings({ [name]: value })).not.toThrow(/hunter/);
});

test("a start takes what is right", () => {
  expect(
    readLocalSettings({ REDIS_URL: "redis://:word@127.0.0.1:6379", SMTP_URL: "" }),
  ).toMatchObject({ redisUrl: "redis://:word@127.0.0.1:6379", port: 8000 });
});
