import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openBrowser, totpOf } from "../browser";
import { makeTenant, signIn, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack({ bindings: { ENABLE_USER_REGISTRATION: "true" } });
const path = "/api/0/users/me/";
const password = "correct horse battery";

async function person() {
  const browser = openBrowser(stack);
  const email = `${randomBytes(5).toString("hex")}@example.com`;
  const answer = await browser.signUp(email, password);
  const { user } = (await answer.json()) as { user: { id: string } };
  return { browser, email, userId: Number(user.id) };
}
type Person = Awaited<ReturnType<typeof person>>;

const read = async ({ browser }: Person, what: string) =>
  (await (await browser.get(`${path}${what}/`)).json()) as Record<string, unknown>[];

const addPasskey = async ({ userId }: Person) => {
  const { rows } = await stack.sql.query(
    `insert into passkeys (user_id, name, public_key, credential_id, counter, device_type, backed_up)
     values ($1, 'Old', 'AAAA', $2, 0, 'singleDevice', false) returning id`,
    [userId, randomBytes(6).toString("hex")],
  );
  return String(rows[0].id);
};

test("one sees one's second factor, recovery codes and passkeys, and no secret of them", async () => {
  const ada = await person();
  expect(await read(ada, "authenticators")).toEqual([]);
  const begun = await ada.browser.post("/api/auth/two-factor/enable");
  const { totpURI } = (await begun.json()) as { totpURI: string };
  // What is only being set up is none.
  expect(await read(ada, "authenticators")).toEqual([]);
  await ada.browser.post("/api/auth/two-factor/verify-totp", { code: totpOf(totpURI) });
  const id = await addPasskey(ada);
  const date = expect.stringMatching(/Z$/);
  const common = { id: expect.any(String), name: null, dateCreated: date, codesLeft: null };
  expect(await read(ada, "authenticators")).toEqual([
    { ...common, type: "totp", lastUsed: date },
    { ...common, type: "recovery_codes", lastUsed: null, codesLeft: 10 },
    { ...common, type: "webauthn", id, name: "Old", lastUsed: null },
  ]);
});

test("a passkey is renamed by its owner alone", async () => {
  const [ada, eve] = [await person(), await person()];
  const id = await addPasskey(ada);
  const rename = ({ browser }: Person, name: string, passkey = id) =>
    browser.send("PUT", `${path}authenticators/${passkey}/`, { name });
  for (const [who, name, passkey, status] of [
    [eve, "Mine", id, 404],
    [ada, " ", id, 422],
    [ada, "x".repeat(101), id, 422],
    [ada, "New", "0", 404],
    [ada, "New", "x", 404],
  ] as const) {
    const refused = await changingNothing(stack.sql, name, () => rename(who, name, passkey));
    expect([name, refused.status]).toEqual([name, status]);
  }
  expect((await rename(ada, "New")).status).toBe(204);
  expect(await read(ada, "authenticators")).toMatchObject([{ id, name: "New" }]);
});

test("one sees where one is signed in, and signs out there", async () => {
  const [ada, eve] = [await person(), await person()];
  const elsewhere = openBrowser(stack);
  await elsewhere.signIn(ada.email, password);
  const open = await read(ada, "sessions");
  expect(open).toMatchObject([
    { isCurrent: false, ip: expect.any(String), userAgent: "node" },
    { isCurrent: true },
  ]);
  const theirs = `${path}sessions/${String(open[0]?.id)}/`;
  expect((await eve.browser.send("DELETE", theirs)).status).toBe(404);
  expect(await elsewhere.isSignedIn()).toBe(true);
  expect((await ada.browser.send("DELETE", theirs)).status).toBe(204);
  expect([await elsewhere.isSignedIn(), await ada.browser.isSignedIn()]).toEqual([false, true]);
  expect((await ada.browser.send("DELETE", theirs)).status).toBe(404);
});

test("a list of tokens says for which clients each is", async () => {
  const tenant = await makeTenant(stack);
  const headers = { ...(await signIn(stack, tenant.userId)), "content-type": "application/json" };
  for (const dialect of ["sentry", "glitchtip"]) {
    const made = await fetch(`${stack.url}/api/0/api-tokens/`, {
      method: "POST",
      headers,
      body: JSON.stringify({ label: dialect, scopes: ["org:read"], dialect }),
    });
    expect(await made.json()).toMatchObject({ label: dialect, dialect });
  }
  const list = await fetch(`${stack.url}/api/0/api-tokens/?limit=2`, { headers });
  expect(await list.json()).toMatchObject([{ dialect: "glitchtip" }, { dialect: "sentry" }]);
});
