import { describe, expect, test } from "vitest";
import { filtered } from "../../src/events/filtered";
import { normalizeEvent } from "../../src/events/normalize";
import { storedEventOf } from "../../src/events/payload";
import { scrubEvent } from "../../src/events/scrub";
import { isCardNumber } from "../../src/events/scrub-numbers";
import { isSecretKey } from "../../src/events/secret-names";
import { summarize } from "../../src/events/title";
import type { JsonObject } from "../../src/protocol/json";

function scrubbed(payload: JsonObject, options = { defaults: true, keepIp: true }) {
  const { event, report } = normalizeEvent(payload, {
    eventId: "a".repeat(32),
    receivedAt: 1_795_500_000,
    connection: { ip: "203.0.113.9", geo: { country_code: "DE" } },
  });
  scrubEvent(event, report, options);
  return storedEventOf(event, summarize(event), report, []);
}

test.each([
  "password",
  "user_password",
  "dbPasswd",
  "api_key",
  "apiKey",
  "X-Api-Key",
  "Authorization",
  "authToken",
  "access_token",
  "sessionid",
  "set-cookie",
  "connect.sid",
  "client_secret",
  "csrfToken",
  "cardNumber",
  "SENTRY_AUTH_TOKEN",
  "pwd",
  "otp",
  "iban",
])("%s is a secret's name", (key) => expect(isSecretKey(key)).toBe(true));

test.each([
  "author",
  "keyboard",
  "tokenizer",
  "authority",
  "passenger",
  "gen_ai.usage.input_tokens",
  "llm.token_count",
  "mechanism",
  "sentry.session",
  "thread.id",
  "discard",
  "pinned",
  "class",
  "key",
  "id",
])("%s is not", (key) => expect(isSecretKey(key)).toBe(false));

test("card numbers by their sum, order numbers not", () => {
  expect(["4111111111111111", "5500000000000004", "378282246310005"].map(isCardNumber)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["4111111111111112", "1234567890123456", "0000000000000000"].map(isCardNumber)).toEqual([
    false,
    false,
    false,
  ]);
});

describe("a password is gone from storage wherever it was", () => {
  test.each<[string, JsonObject]>([
    ["a body in a string", { request: { data: '{"password":"hunter2","a":1}' } }],
    ["a form", { request: { data: "password=hunter2&a=1" } }],
    ["a query", { request: { url: "https://x.example/?password=hunter2&a=1" } }],
    ["a cookie", { request: { cookies: "sid=hunter2; theme=dark" } }],
    ["a header", { request: { headers: { Authorization: "hunter2" } } }],
    ["request.env", { request: { env: { DB_PASSWORD: "hunter2" } } }],
    [
      "frame variables",
      {
        exception: [
          {
            type: "E",
            stacktrace: { frames: [{ function: "f", vars: { local: { password: "hunter2" } } }] },
          },
        ],
      },
    ],
    [
      "a source line",
      {
        exception: [
          {
            type: "E",
            stacktrace: {
              frames: [
                {
                  function: "f",
                  context_line: 'const password = "hunter2";',
                  pre_context: ["password: 'hunter2'"],
                },
              ],
            },
          },
        ],
      },
    ],
    [
      "a stack before source maps",
      {
        exception: [
          {
            type: "E",
            raw_stacktrace: {
              frames: [
                {
                  function: "f",
                  context_line: 'const password = "hunter2";',
                  vars: { local: { password: "hunter2" } },
                },
              ],
            },
          },
        ],
      },
    ],
    ["extra, deep", { extra: { a: { b: [{ secret: "hunter2" }] } } }],
    ["JSON in extra", { extra: { body: '{"user":{"password":"hunter2"}}' } }],
    ["a whole object below a key", { extra: { credentials: { user: "a", value: "hunter2" } } }],
    [
      "a breadcrumb",
      {
        breadcrumbs: [
          {
            data: { url: "/login?token=hunter2", password: "hunter2" },
            message: "password=hunter2",
          },
        ],
      },
    ],
    ["a context", { contexts: { state: { value: { auth: "hunter2" } } } }],
    ["a tag", { tags: { api_key: "hunter2" } }],
    ["user data", { user: { id: 1, password: "hunter2" } }],
    [
      "the text of an error",
      { exception: [{ type: "E", value: "login with password=hunter2 failed" }] },
    ],
    [
      "a message and its parameters",
      { logentry: { message: "pwd: %s", params: ["hunter2"], formatted: "pwd: hunter2" } },
    ],
    ["a URL", { message: "cannot reach postgres://app:hunter2@db.example/shop" }],
    ["environment of sentry-cli", { extra: { environ: { SENTRY_AUTH_TOKEN: "hunter2" } } }],
  ])("%s", (name, payload) => {
    const stored = scrubbed(payload);
    const text = JSON.stringify(stored);
    if (name === "a message and its parameters")
      expect(stored.logentry?.formatted).toBe("pwd: [Filtered]");
    else expect(text).not.toContain("hunter2");
    expect(text).toContain(filtered);
    expect(stored._meta).toBeDefined();
  });
});

test.each([
  "4111 1111 1111 1111",
  "Bearer abc.def-123456",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123",
  "ghp_abcdefghij0123456789",
  "AKIAIOSFODNN7EXAMPLE",
  "xoxb-1234567890-abcdef",
  "sntrys_abcdefghijklmnop",
  "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
  "123-45-6789",
])("%s is recognised by its form", (secret) => {
  const stored = scrubbed({ extra: { note: `before ${secret} after` } });
  expect(stored.extra?.note).not.toContain(secret);
  expect(stored.extra?.note).toMatch(/^before .*\[Filtered\].* after$/s);
});

test("ordinary text, numbers and switches stay", () => {
  const extra = {
    author: "ada",
    order: "1234567890123456",
    cookie: true,
    hint: "Basic authentication failed",
    token_count: 5,
    at: "10:30 2026-11-22",
    phone: "555-123-4567",
  };
  expect(scrubbed({ extra: { ...extra, "llm.token_count": 12 } }).extra).toMatchObject({
    author: "ada",
    order: "1234567890123456",
    cookie: true,
    hint: "Basic authentication failed",
    at: "10:30 2026-11-22",
  });
});

test("switched off, everything stays", () => {
  expect(
    scrubbed({ extra: { password: "hunter2" } }, { defaults: false, keepIp: true }).extra,
  ).toEqual({ password: "hunter2" });
});

test("without addresses nothing holds one; the country stays", () => {
  const stored = scrubbed(
    {
      platform: "javascript",
      request: {
        url: "https://x.example",
        env: { REMOTE_ADDR: "203.0.113.9" },
        headers: {
          "X-Forwarded-For": "203.0.113.9",
          "CF-Connecting-IP": "203.0.113.9",
          Accept: "*/*",
        },
      },
    },
    { defaults: true, keepIp: false },
  );
  expect(JSON.stringify(stored)).not.toContain("203.0.113.9");
  expect(stored.user?.geo).toEqual({ country_code: "DE" });
});
