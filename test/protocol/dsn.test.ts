import { expect, test } from "vitest";
import { readCredentials } from "../../src/protocol/dsn";

const key = "0123456789abcdef0123456789abcdef";
const found = (headers: Record<string, string>, query = "") =>
  readCredentials(new URLSearchParams(query), new Headers(headers));

// Browsers and proxies send the page's own credentials along.
test.each([
  "Basic c3RhZ2luZzpzZWNyZXQ=",
  "Basic !!!",
  "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x",
  'Digest username="ada", realm="staging", nonce="abc", uri="/api/1/envelope/", response="d41d"',
  "Negotiate YII=",
  "AWS4-HMAC-SHA256 Credential=AKIA/20261126/x, SignedHeaders=host, Signature=abc",
  "nonsense",
])("%s is not meant for us", (authorization) => {
  expect(found({ authorization }, `sentry_key=${key}`)).toEqual([{ publicKey: key }]);
  expect(found({ authorization, "x-sentry-auth": `Sentry sentry_key=${key}` })).toEqual([
    { publicKey: key },
  ]);
  expect(found({ authorization })).toEqual([]);
});

test.each([
  [`Basic ${btoa(`${key}:`)}`, { publicKey: key }],
  [`Basic ${btoa(`${key.toUpperCase()}:secret`)}`, { publicKey: key }],
  [`Sentry sentry_key=${key}, sentry_client=a/1`, { publicKey: key, client: "a/1" }],
  [`DSN sentry_key=${key}`, { publicKey: key }],
  [`DSN https://${key}@errors.example/prefix/17`, { publicKey: key, projectId: 17 }],
  [`dsn "https://${key}:secret@errors.example/17"`, { publicKey: key, projectId: 17 }],
  // Two headers of one name come as one.
  [`Basic c3RhZ2luZzpzZWNyZXQ=, Sentry sentry_key=${key}`, { publicKey: key }],
])("%s names a key", (authorization, credentials) => {
  expect(found({ authorization })).toEqual([credentials]);
});
