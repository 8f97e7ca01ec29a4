import { expect, test } from "vitest";
import { mayAskProvider } from "../../src/accounts/may-ask-provider";
import type { Deps } from "../../src/deps";
import type { OutboundResult } from "../../src/platform/outbound";

const good = {
  issuer: "https://sso.example",
  authorization_endpoint: "https://sso.example/authorize",
  token_endpoint: "https://sso.example/token",
  jwks_uri: "keys",
};
/** A provider outside that answers so. */
const answering = (answer: object): Deps => {
  const result = {
    ok: true,
    status: 200,
    isCut: false,
    durationMs: 1,
    ...answer,
  } as OutboundResult;
  const rules = { allowsPrivate: false, own: [] };
  return { deadlineMs: 1000, outbound: { rules, ask: async () => result } } as unknown as Deps;
};
const saying = (document: unknown) => ({
  body: new TextEncoder().encode(JSON.stringify(document)),
});

test.each([
  ["its keys lie beside what it says of itself", saying(good), true],
  ["it has no keys", saying({ ...good, jwks_uri: undefined }), true],
  ["its tokens are of this machine", saying({ ...good, token_endpoint: "http://[::1]/" }), false],
  ["its keys are of a cloud", saying({ ...good, jwks_uri: "http://169.254.169.254/" }), false],
  ["people are asked for inside", saying({ ...good, userinfo_endpoint: "http://db:5432/" }), false],
  ["its keys are no web address", saying({ ...good, jwks_uri: "file:///keys" }), false],
  ["it says nothing", saying(null), false],
  ["it says no JSON", { body: new TextEncoder().encode("<html>") }, false],
  ["it says too much", { ...saying(good), isCut: true }, false],
  ["it is broken", { ...saying(good), status: 500 }, false],
  ["nobody is there", { ok: false }, false],
])("a provider is asked or not: %s", async (_, answer, isAsked) => {
  const url = "https://sso.example/.well-known/openid-configuration";
  expect(await mayAskProvider(answering(answer), url)).toBe(isAsked);
});
