import { describe, expect, test } from "vitest";
import { newIp, openBrowser } from "../browser";
import { type Stack, startStack, useStack } from "../harness";
import { noteSecret } from "../secrets";
import { changingNothing } from "../state";

/** The first user of an installation: made once, by whoever operates it. */
const path = "/api/0/internal/first-user/";
const setupToken = "the-setup-token-of-the-operator";
const publicUrl = "http://localhost:8000";
const account = { name: "Ada", email: "Ada@Example.com", password: "correct horse battery" };
const wanted = { ...account, organization: "Search", project: { name: "Shop", platform: "node" } };

const ask = (stack: Stack, body: object, headers: Record<string, string> = {}) => {
  noteSecret(account.password, setupToken);
  return fetch(stack.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", "cf-connecting-ip": newIp(), ...headers },
    body: JSON.stringify(body),
  });
};
const doorOf = async (stack: Stack) => {
  const settings = await fetch(`${stack.url}/api/settings/`);
  return ((await settings.json()) as { firstUser: string }).firstUser;
};
const countOf = async (stack: Stack, table: string) =>
  (await stack.sql.query(`select count(*)::int as n from ${table}`)).rows[0].n as number;

async function withStack<T>(bindings: Record<string, string>, run: (stack: Stack) => Promise<T>) {
  const stack = await startStack({ bindings });
  try {
    return await run(stack);
  } finally {
    await stack.dispose();
  }
}

test("on the machine itself whoever asks first becomes a superuser with organization, team and project; nobody after", () =>
  withStack({ PUBLIC_URL: publicUrl }, async (stack) => {
    expect(await doorOf(stack)).toBe("open");
    const made = await ask(stack, wanted, { origin: publicUrl });
    expect([made.status, await made.json()]).toEqual([
      201,
      { organization: "search-1", team: "core", project: "shop" },
    ]);
    expect(await doorOf(stack)).toBe("exists");
    const again = await changingNothing(stack.sql, "again", () =>
      ask(stack, { ...wanted, email: "eve@example.com" }, { origin: publicUrl }),
    );
    expect([again.status, await again.json()]).toEqual([
      409,
      { detail: "There is a user already. Sign in." },
    ]);
    const { rows } = await stack.sql.query(
      "select actor, event, target from audit_log order by id",
    );
    expect(rows).toEqual([
      { actor: "Ada@Example.com", event: "org.create", target: "search-1" },
      { actor: "Ada@Example.com", event: "team.create", target: "core" },
      { actor: "Ada@Example.com", event: "project.create", target: "shop" },
    ]);
    const signedIn = await fetch(`${stack.url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: publicUrl },
      body: JSON.stringify({ email: "ada@example.com", password: account.password }),
    });
    expect(signedIn.status).toBe(200);
    const [cookie = ""] = signedIn.headers.getSetCookie().map((each) => each.split(";", 1)[0]);
    noteSecret(...cookie.split(/[=.]/));
    const me = await fetch(`${stack.url}/api/0/users/me/`, { headers: { cookie } });
    expect(await me.json()).toMatchObject({ email: "ada@example.com", isSuperuser: true });
    const project = await fetch(`${stack.url}/api/0/projects/search-1/shop/`, {
      headers: { cookie },
    });
    expect(await project.json()).toMatchObject({
      platform: "node",
      isMember: true,
      teams: [{ slug: "core" }],
    });
  }));

test("of many at once one becomes the first user, and the others leave nothing behind", () =>
  withStack({ PUBLIC_URL: publicUrl }, async (stack) => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        ask(stack, { ...wanted, email: `a${n % 2}@example.com`, organization: `Org ${n}` }),
      ),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409]);
    for (const table of [
      "users",
      "accounts",
      "organizations",
      "organization_members",
      "projects",
    ]) {
      expect([table, await countOf(stack, table)]).toEqual([table, 1]);
    }
  }));

describe("an installation that others can reach", () => {
  const closed = useStack({ fresh: true });
  const guarded = useStack({ fresh: true, bindings: { SETUP_TOKEN: setupToken } });

  test("has no such door without a setup token", async () => {
    expect(await doorOf(closed)).toBe("closed");
    const refused = await changingNothing(closed.sql, "closed", () => ask(closed, wanted));
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { detail: "Set SETUP_TOKEN to make the first user here." },
    ]);
  });

  test.each<[why: string, body: object, headers: Record<string, string>, status: number]>([
    ["no token", {}, {}, 403],
    ["a wrong token", { setupToken: `${setupToken}!` }, {}, 403],
    ["a page of another site", { setupToken }, { origin: "https://evil.example" }, 403],
    ["a weak password", { setupToken, password: "password" }, {}, 422],
    ["no address", { setupToken, email: "ada" }, {}, 422],
    ["no organization", { setupToken, organization: " " }, {}, 422],
  ])("refuses %s, and changes nothing", async (why, body, headers, status) => {
    expect(await doorOf(guarded)).toBe("token");
    const refused = await changingNothing(guarded.sql, why, () =>
      ask(guarded, { ...wanted, ...body }, headers),
    );
    expect([why, refused.status]).toEqual([why, status]);
  });

  test("names the field of a weak password, and of a wrong token a word for programs", async () => {
    const weak = await ask(guarded, { ...wanted, setupToken, password: "password" });
    expect(await weak.json()).toEqual({
      detail: [{ type: "custom", loc: ["body", "password"], msg: "The password is too common." }],
    });
    const wrong = await ask(guarded, { ...wanted, setupToken: "another token than the one" });
    expect(await wrong.json()).toEqual({
      detail: "The setup token is not the one in SETUP_TOKEN.",
      code: "WRONG_SETUP_TOKEN",
    });
  });

  test("counts guesses at the token by network", async () => {
    const ip = newIp();
    const guesses = await Promise.all(
      Array.from({ length: 55 }, () => ask(guarded, wanted, { "cf-connecting-ip": ip })),
    );
    const statuses = guesses.map(({ status }) => status);
    // Fifty, and what the limiter may be off by when all come at once.
    const looked = statuses.filter((status) => status === 403).length;
    expect(looked).toBeLessThanOrEqual(52);
    expect(looked).toBeGreaterThan(40);
    expect(statuses.filter((status) => status !== 403 && status !== 429)).toEqual([]);
    const late = await ask(guarded, { ...wanted, setupToken }, { "cf-connecting-ip": ip });
    expect(late.status).toBe(429);
  });

  test("opens with the token, also without a project; somebody who signed up closes it", async () => {
    const made = await ask(guarded, { ...account, organization: "Acme", setupToken });
    expect([made.status, await made.json()]).toEqual([
      201,
      { organization: "acme", team: "core", project: null },
    ]);
    const browser = openBrowser(closed);
    expect((await browser.signUp("first@example.com", account.password)).status).toBe(200);
    expect(await doorOf(closed)).toBe("exists");
  });
});
