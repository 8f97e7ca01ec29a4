import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { sensitiveDoorOf } from "../../src/accounts/sensitive-doors";
import { mailsTo, openBrowser, totpOf } from "../browser";
import { hashPassword } from "../cheap-passwords";
import { signIn, useStack } from "../harness";
import { operationsIn, servedDocument } from "../openapi-document";
import { makeAuthenticator } from "./authenticator";

/** What changes how one signs in asks who sits before the browser, at every door that leads there. */
const stack = useStack({
  bindings: {
    ENABLE_USER_REGISTRATION: "true",
    SOCIAL_PROVIDERS: JSON.stringify([
      { provider: "github", clientId: "gh", clientSecret: "s3cret" },
    ]),
  },
});
const password = "correct horse battery";
const newAddress = () => `${randomBytes(5).toString("hex")}@example.com`;
type Person = Awaited<ReturnType<typeof furnished>>;

const passwordHash = await hashPassword(password);

/** Somebody with one of everything that can be taken away, who has just signed in. */
async function furnished() {
  const [email, further] = [newAddress(), newAddress()];
  const one = async (text: string, values: unknown[]) =>
    String((await stack.sql.query(`${text} returning id`, values)).rows[0]?.id);
  const userId = Number(await one("insert into users (email) values ($1)", [email]));
  await one(
    "insert into accounts (account_id, provider_id, user_id, password) values ($1, 'credential', $2, $3)",
    [String(userId), userId, passwordHash],
  );
  await one("insert into user_emails (user_id, email, is_verified) values ($1, $2, true)", [
    userId,
    further,
  ]);
  const uid = randomBytes(6).toString("hex");
  const accountId = await one(
    "insert into accounts (account_id, provider_id, user_id) values ($2, 'github', $1)",
    [userId, uid],
  );
  const passkeyId = await one(
    `insert into passkeys (user_id, public_key, credential_id, counter, device_type, backed_up)
     values ($1, 'AAAA', $2, 0, 'singleDevice', false)`,
    [userId, uid],
  );
  const browser = openBrowser(stack);
  const { cookie = "" } = await signIn(stack, userId);
  for (const each of cookie.split("; ")) {
    const at = each.indexOf("=");
    browser.jar.set(each.slice(0, at), each.slice(at + 1));
  }
  return { browser, email, userId, further, accountId, passkeyId, uid };
}

/** Above ten it is as after lunch: the session is open, but nobody has proven anything lately. */
const provenMinutesAgo = (userId: number, minutes: number) =>
  stack.sql.query(
    "update sessions set authenticated_at = now() - $2 * interval '1 minute' where user_id = $1",
    [userId, minutes],
  );

/** A second factor that is set up. */
async function setUpTotp({ browser }: Pick<Person, "browser">): Promise<string> {
  const enabled = await browser.post("/api/auth/two-factor/enable");
  const { totpURI } = (await enabled.json()) as { totpURI: string };
  const code = totpOf(totpURI);
  expect((await browser.post("/api/auth/two-factor/verify-totp", { code })).status).toBe(200);
  return totpURI;
}

/** Everything that says how somebody signs in, and what is open at the moment; using a session prolongs it. */
async function stateOf(userId: number) {
  const tables = [
    "users where id = $1",
    "accounts where user_id = $1",
    "user_emails where user_id = $1",
    "two_factors where user_id = $1",
    "passkeys where user_id = $1",
    "verifications where value = $1::text",
    "sessions where user_id = $1",
  ];
  return Promise.all(
    tables.map(async (rest) => {
      const name = rest.split(" ")[0];
      const { rows } = await stack.sql.query(
        `select to_jsonb(t) - 'last_login_at' - 'updated_at' - 'expires_at' as row from (select * from ${rest}) t order by 1`,
        [userId],
      );
      return [name, rows];
    }),
  );
}

type Door = {
  name: string;
  /** What must be there before; its answer is given to the request. */
  before?: (person: Person) => Promise<unknown>;
  send: (person: Person, more: { password?: string }, prepared: unknown) => Promise<Response>;
  /** There is nothing that could carry a password. */
  hasNoBody?: true;
  /** The password belongs to the request, also after a sign-in just now. */
  asksAlways?: true;
  /** What a browser that was left alone hears, where it is not our usual answer. */
  refusal?: [number, object];
};

const emails = "/api/0/users/me/emails/";
const doors: Door[] = [
  {
    name: "our API: an address is added",
    send: ({ browser }, more) => browser.post(emails, { email: newAddress(), ...more }),
  },
  {
    name: "our API: another address becomes the main one",
    send: ({ browser, further }, more) => browser.send("PUT", emails, { email: further, ...more }),
  },
  {
    name: "our API: an address is removed",
    send: ({ browser, further }, more) =>
      browser.send("DELETE", emails, { email: further, ...more }),
  },
  {
    name: "our API: new recovery codes",
    before: async (person) => {
      await setUpTotp(person);
      const offered = await person.browser.get("/api/0/generate-recovery-codes/");
      return ((await offered.json()) as { codes: string[] }).codes[0];
    },
    send: ({ browser }, more, code) =>
      browser.post("/api/0/generate-recovery-codes/", { code, ...more }),
  },
  {
    name: "our API: the account is deleted",
    send: ({ browser }, more) => browser.send("DELETE", "/api/0/users/me/", more),
  },
  {
    name: "the library: a second factor is begun",
    send: ({ browser }, more) => browser.post("/api/auth/two-factor/enable", more),
  },
  {
    name: "the library: a second factor is finished",
    before: async ({ browser }) => {
      const begun = await browser.post("/api/auth/two-factor/enable");
      return totpOf(((await begun.json()) as { totpURI: string }).totpURI);
    },
    send: ({ browser }, more, code) =>
      browser.post("/api/auth/two-factor/verify-totp", { code, ...more }),
  },
  {
    name: "the library: a second factor is given up",
    before: setUpTotp,
    send: ({ browser }, more) => browser.post("/api/auth/two-factor/disable", more),
  },
  {
    name: "the library: new recovery codes",
    before: setUpTotp,
    send: ({ browser }, more) => browser.post("/api/auth/two-factor/generate-backup-codes", more),
  },
  {
    name: "the library: a passkey is begun",
    hasNoBody: true,
    send: ({ browser }) => browser.get("/api/auth/passkey/generate-register-options"),
  },
  {
    name: "the library: a passkey is added",
    before: async ({ browser }) => {
      const options = await browser.get("/api/auth/passkey/generate-register-options");
      const { challenge } = (await options.json()) as { challenge: string };
      return makeAuthenticator("brinkwatch.example", "https://brinkwatch.example").register(
        challenge,
      );
    },
    send: ({ browser }, more, response) =>
      browser.post("/api/auth/passkey/verify-registration", { response, ...more }),
  },
  {
    name: "the library: a passkey is removed",
    send: ({ browser, passkeyId }, more) =>
      browser.post("/api/auth/passkey/delete-passkey", { id: passkeyId, ...more }),
  },
  {
    name: "the library: a service is joined",
    send: ({ browser }, more) =>
      browser.post("/api/auth/link-social", { provider: "github", callbackURL: "/", ...more }),
  },
  {
    name: "the library: a service is removed",
    send: ({ browser, accountId }, more) =>
      browser.post("/api/auth/unlink-account", { accountId, ...more }),
  },
  {
    name: "the library: another password",
    asksAlways: true,
    send: ({ browser }, more) =>
      browser.post("/api/auth/change-password", {
        newPassword: "an entirely different one",
        currentPassword: more.password,
      }),
  },
];

const mailsOf = async ({ email, further }: Person) =>
  (await Promise.all([email, further].map((each) => mailsTo(stack, each)))).flat().length;

test.each(doors)(
  "$name: not in a browser that was left alone, but with the password",
  async (door) => {
    const person = await furnished();
    const prepared = await door.before?.(person);
    await provenMinutesAgo(person.userId, 11);
    const [before, mails] = [await stateOf(person.userId), await mailsOf(person)];
    const refused = await door.send(person, {}, prepared);
    expect([refused.status, await refused.json()]).toMatchObject(
      door.refusal ?? [403, { detail: expect.stringContaining("sign in again first") }],
    );
    expect([await stateOf(person.userId), await mailsOf(person)]).toEqual([before, mails]);
    if (door.hasNoBody) return;
    const wrong = await door.send(person, { password: "not this one" }, prepared);
    expect([wrong.status, await stateOf(person.userId)]).toEqual([400, before]);
    const right = await door.send(person, { password }, prepared);
    expect([right.ok, right.ok || (await right.text())]).toEqual([true, true]);
  },
);

test.each(doors)("$name: after a sign-in of the last minutes", async (door) => {
  const person = await furnished();
  const prepared = await door.before?.(person);
  await provenMinutesAgo(person.userId, 9);
  const opened = await door.send(person, door.asksAlways ? { password } : {}, prepared);
  expect([opened.ok, opened.ok || (await opened.text())]).toEqual([true, true]);
});

test("every documented door of the library is known to change nothing about signing in, or is guarded", async () => {
  const harmless = [
    "POST /sign-up/email",
    "POST /sign-in/email",
    "POST /sign-in/social",
    "GET /callback/{provider}",
    "POST /sign-out",
    "GET /get-session",
    "GET /list-sessions",
    "POST /revoke-session",
    "POST /revoke-other-sessions",
    "POST /request-password-reset",
    // By a link from a mail, and a code that lets nobody in who is not asked for one.
    "POST /reset-password",
    "POST /send-verification-email",
    "POST /two-factor/verify-backup-code",
    "GET /passkey/generate-authenticate-options",
    "POST /passkey/verify-authentication",
    "GET /passkey/list-user-passkeys",
    "GET /list-accounts",
  ];
  const documented = operationsIn(await servedDocument(stack)).flatMap(({ method, path }) =>
    path.startsWith("/api/auth/") ? [[method, path.slice("/api/auth".length)]] : [],
  );
  const unguarded = documented.filter(([method = "", path = ""]) => !sensitiveDoorOf(method, path));
  expect(unguarded.map((each) => each.join(" ")).toSorted()).toEqual(harmless.toSorted());
});
