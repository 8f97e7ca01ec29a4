import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { openBrowser } from "./browser";
import { commandLine } from "./command-line";
import { useStack } from "./harness";

const stack = useStack();
const root = join(import.meta.dirname, "..");
const run = promisify(execFile);

/** A script of the project against the stack's database, as an operator would run it. */
async function script(name: string, variables: Record<string, string>, ...args: string[]) {
  const env = { ...process.env, DATABASE_URL: stack.databaseUrl, ...variables };
  try {
    const running = run(process.execPath, [...commandLine(name), ...args], {
      cwd: root,
      env,
    });
    running.child.stdin?.end();
    return { code: 0, output: (await running).stdout };
  } catch (error) {
    const { code, stderr, stdout } = error as { code: number; stderr: string; stdout: string };
    return { code, output: stderr + stdout };
  }
}

const api = (token: string, path: string) =>
  fetch(stack.url + path, { headers: { authorization: `Bearer ${token}` } });

// Each starts a process of its own and is about people of its own.
describe.concurrent("create-user", () => {
  const password = "an operator's passphrase";

  test("makes a superuser with a token of all scopes, who can sign in", async () => {
    const made = await script(
      "create-user",
      { INITIAL_USER_PASSWORD: password },
      "--email",
      "Ada@Example.com",
      "--superuser",
      "--token",
    );
    expect(made).toEqual({
      code: 0,
      output: expect.stringMatching(/^ada@example\.com was made\.\nAPI token {2}[0-9a-f]{64}\n/),
    });
    const [token = ""] = /[0-9a-f]{64}/.exec(made.output) ?? [];
    const me = await api(token, "/api/0/users/me/");
    expect(await me.json()).toMatchObject({ email: "ada@example.com", isSuperuser: true });
    const browser = openBrowser(stack);
    expect((await browser.signIn("ada@example.com", password)).status).toBe(200);
    const sentry = await script(
      "create-user",
      {},
      "--email",
      "ada@example.com",
      "--token",
      "--sentry",
    );
    expect(sentry.output).toMatch(
      /^ada@example\.com was changed\.\nAPI token {2}sntryu_[0-9a-f]{64}\n/,
    );

    const changed = await script(
      "create-user",
      { INITIAL_USER_PASSWORD: "quite another one" },
      "--email",
      "ada@example.com",
    );
    expect(changed.output).toBe("ada@example.com was changed.\n");
    expect(await browser.isSignedIn()).toBe(false);
    expect((await openBrowser(stack).signIn("ada@example.com", "quite another one")).status).toBe(
      200,
    );
  });

  test("only --internal makes a token that opens a superuser's doors; the API makes none", async () => {
    const made = async (...flags: string[]) => {
      const variables = { INITIAL_USER_PASSWORD: password };
      const args = ["--email", "boss@example.com", "--superuser", "--token", ...flags];
      const { output } = await script("create-user", variables, ...args);
      return /[0-9a-f]{64}/.exec(output)?.[0] ?? output;
    };
    const [ordinary, operating] = [await made(), await made("--internal")];
    expect((await api(ordinary, "/api/0/internal/users/")).status).toBe(403);
    expect((await api(operating, "/api/0/internal/users/")).status).toBe(200);
    const browser = openBrowser(stack);
    await browser.signIn("boss@example.com", password);
    const wanted = { scopes: ["internal:admin"], label: "mine" };
    expect((await browser.post("/api/0/api-tokens/", wanted)).status).toBe(422);
    const mask = { scopes: 2 ** 16, label: "mine" };
    expect((await browser.post("/api/0/api-tokens/", mask)).status).toBe(422);
  });

  test.each([
    [["--email", "nobody"], {}, "is not an e-mail address"],
    [["--email", "b@example.com"], { INITIAL_USER_PASSWORD: "password" }, "too common"],
    [["--email", "b@example.com"], {}, "A new user needs a password"],
    [
      ["--email", "b@example.com"],
      { INITIAL_USER_PASSWORD: password, INITIAL_USER_AUTH_TOKEN: "x" },
      "64 lower-case hex",
    ],
    [[], {}, "npm run create-user -- --email"],
    [["--nonsense"], {}, "--nonsense"],
  ])("says what is wrong: %j %j", async (args, variables, message) => {
    const result = await script("create-user", variables as Record<string, string>, ...args);
    expect(result).toEqual({ code: 1, output: expect.stringContaining(message) });
  });
});

describe("INITIAL_USER_*", () => {
  const empty = useStack({ fresh: true });

  test("a database without users gets its first superuser with the migration, once", async () => {
    const token = randomBytes(32).toString("hex");
    const variables = {
      DATABASE_URL: empty.databaseUrl,
      INITIAL_USER_EMAIL: "first@example.com",
      INITIAL_USER_PASSWORD: "a first passphrase",
      INITIAL_USER_AUTH_TOKEN: token,
    };
    const first = await script("migrate", variables);
    expect(first.output).toContain("The first user is first@example.com");
    expect((await script("migrate", variables)).output).toBe("The database is up to date.\n");
    const me = await fetch(`${empty.url}/api/0/`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await me.json()).toMatchObject({
      user: { email: "first@example.com", isSuperuser: true },
      auth: { scopes: expect.arrayContaining(["org:admin", "member:admin"]) },
    });
  });
});
