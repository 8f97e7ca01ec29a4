import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openBrowser, totpOf } from "../browser";
import { makeTenant, useStack } from "../harness";

const stack = useStack({ bindings: { ENABLE_USER_REGISTRATION: "true" } });
const password = "correct horse battery";

/** A superuser who signed up, and whether the doors of superusers are open to that browser now. */
async function superuser() {
  const browser = openBrowser(stack);
  const email = `${randomBytes(5).toString("hex")}@example.com`;
  const { user } = (await (await browser.signUp(email, password)).json()) as {
    user: { id: string };
  };
  await stack.sql.query("update users set is_superuser = true where id = $1", [user.id]);
  return {
    browser,
    email,
    userId: Number(user.id),
    age: (minutes: number) =>
      stack.sql.query(
        "update sessions set authenticated_at = now() - $2 * interval '1 minute' where user_id = $1",
        [user.id, minutes],
      ),
    isLetIn: async () => (await browser.get("/api/0/internal/users/")).status === 200,
  };
}

test("signing up and in prove who is there for ten minutes", async () => {
  const { browser, email, age, isLetIn } = await superuser();
  expect(await isLetIn()).toBe(true);
  await age(11);
  expect(await isLetIn()).toBe(false);
  await browser.signIn(email, password);
  expect(await isLetIn()).toBe(true);
});

test("a session from before sign-ins were noted proves nothing", async () => {
  const { userId, isLetIn } = await superuser();
  await stack.sql.query("update sessions set authenticated_at = null where user_id = $1", [userId]);
  expect(await isLetIn()).toBe(false);
});

test("a second factor that is set up without the password does not make the sign-in younger", async () => {
  const { browser, age, userId, isLetIn } = await superuser();
  await age(9);
  const enabled = await browser.post("/api/auth/two-factor/enable");
  const { totpURI } = (await enabled.json()) as { totpURI: string };
  const before = browser.jar.get("sessionid");
  const code = totpOf(totpURI);
  expect((await browser.post("/api/auth/two-factor/verify-totp", { code })).status).toBe(200);
  expect(browser.jar.get("sessionid")).not.toBe(before);
  const { rows } = await stack.sql.query(
    "select authenticated_at < now() - interval '8 minutes' as old from sessions where user_id = $1",
    [userId],
  );
  expect([rows, await isLetIn()]).toEqual([[{ old: true }], true]);
});

test("the password, and the code that finishes a sign-in, prove it again", async () => {
  const { browser, email, userId, age, isLetIn } = await superuser();
  await age(11);
  const newPassword = "an entirely different one";
  await browser.post("/api/auth/change-password", { currentPassword: password, newPassword });
  expect(await isLetIn()).toBe(true);
  const enabled = await browser.post("/api/auth/two-factor/enable", { password: newPassword });
  const { totpURI } = (await enabled.json()) as { totpURI: string };
  await browser.post("/api/auth/two-factor/verify-totp", { code: totpOf(totpURI) });
  await browser.post("/api/auth/sign-out");
  await browser.signIn(email, newPassword);
  expect(await isLetIn()).toBe(false);
  await stack.sql.query("update two_factors set last_step = 0 where user_id = $1", [userId]);
  await browser.post("/api/auth/two-factor/verify-totp", { code: totpOf(totpURI) });
  expect(await isLetIn()).toBe(true);
});

test("creating an organization where that is closed is a superuser's door like the others", async () => {
  await makeTenant(stack);
  const { browser, age } = await superuser();
  const create = async () =>
    (await browser.post("/api/0/organizations/", { name: "Another" })).status;
  expect(await create()).toBe(201);
  await age(11);
  expect(await create()).toBe(403);
});
