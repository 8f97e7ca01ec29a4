import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openBrowser } from "../browser";
import { useStack } from "../harness";
import { changingNothing } from "../state";

const github = { provider: "github", clientId: "an-id", clientSecret: "a-secret" };
const stack = useStack({
  bindings: {
    ENABLE_USER_REGISTRATION: "true",
    SOCIAL_PROVIDERS: JSON.stringify([github]),
  },
});

const elsewhere = [
  "/..//evil.example",
  "//evil.example",
  "/\\evil.example",
  "https:evil.example",
  "/\t/evil",
  "https://evil.example",
  "https://brinkwatch.example@evil.example",
  "javascript:alert(1)",
];
const fields = ["callbackURL", "errorCallbackURL", "newUserCallbackURL", "redirectTo"];

test("no address that comes with a request leads a browser elsewhere", async () => {
  const email = `${randomBytes(5).toString("hex")}@example.com`;
  const password = "correct horse battery";
  const browser = openBrowser(stack);
  await browser.signUp(email, password);
  const known = { email, password, provider: "github" };
  const doors = ["sign-in/email", "sign-in/social", "link-social", "request-password-reset"];
  for (const given of elsewhere) {
    for (const field of fields) {
      for (const door of doors) {
        const ask = () =>
          openBrowser(stack).post(`/api/auth/${door}`, { ...known, [field]: given });
        const { status, headers } = await changingNothing(stack.sql, door, ask);
        const seen = [door, field, given, status, headers.get("location")];
        expect(seen).toEqual([door, field, given, 403, null]);
      }
    }
    const form = { provider: "github", process: "login", callback_url: given };
    const begun = await browser.sendForm("/_allauth/browser/v1/auth/provider/redirect", {
      ...form,
      csrfmiddlewaretoken: browser.jar.get("csrftoken") ?? "",
    });
    expect([given, begun.status, begun.headers.get("location")]).toEqual([given, 403, null]);
  }
});

test("a browser goes to the services of the settings, and comes back to places of ours", async () => {
  const browser = openBrowser(stack);
  await browser.get("/_allauth/browser/v1/config");
  const begun = await browser.sendForm("/_allauth/browser/v1/auth/provider/redirect", {
    provider: "github",
    process: "login",
    callback_url: "https://brinkwatch.example/done",
    csrfmiddlewaretoken: browser.jar.get("csrftoken") ?? "",
  });
  expect(begun.status).toBe(302);
  expect(begun.headers.get("location")).toMatch(
    /^https:\/\/github\.com\/login\/oauth\/authorize\?/,
  );
});
