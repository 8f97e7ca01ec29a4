import { randomBytes } from "node:crypto";
import { generateSignedCookie } from "hono/cookie";
import { describe, expect, test } from "vitest";
import { countGuess, forgiveGuesses, type Guesser } from "../../src/accounts/guessing";
import { deviceCookieOf, knownDeviceOf } from "../../src/accounts/known-device";
import type { Deps } from "../../src/deps";

/** Redis is away: what each isolate counts for itself. test/accounts/sign-in.test.ts has the way through the doors. */
function away() {
  const clock = { nowMs: Date.UTC(2026, 0, 1) };
  const pipeline = () => {
    throw new Error("Redis is away");
  };
  const deps = { redis: { pipeline }, log: () => {}, now: () => new Date(clock.nowMs) };
  return { clock, deps: deps as unknown as Deps };
}

const anybody = () => `${randomBytes(5).toString("hex")}@example.com`;
const anywhere = () => `10.${[...randomBytes(3)].join(".")}`;

/** How many of so many attempts may be made. */
async function passing(deps: Deps, attempts: number, guesser: () => Guesser, purpose = "password") {
  let passed = 0;
  for (let n = 0; n < attempts; n++) {
    if ((await countGuess(deps, purpose, guesser())) === undefined) passed++;
  }
  return passed;
}

describe("guesses are counted", () => {
  const [address, ip] = [anybody(), anywhere()];
  test.each<[string, () => Guesser, number, string?]>([
    ["by one session", () => ({ session: "s1" }), 5],
    ["at one address from one network", () => ({ address, ip }), 5],
    ["whatever the case of the address", () => ({ address: address.toUpperCase(), ip }), 0],
    ["at one address from a device it knows", () => ({ address, ip, device: "d1" }), 10],
    ["at any address from one network", () => ({ address: anybody(), ip: "10.9.9.9" }), 50],
    ["at one address from everywhere", () => ({ address: "a@example.com", ip: anywhere() }), 100],
    ["as mails to one address", () => ({ address: "m@example.com", ip: anywhere() }), 20, "reset"],
    ["from a network that is not known", () => ({ address: "b@example.com", ip: undefined }), 5],
    ["from nowhere at nobody", () => ({ address: undefined, ip: undefined }), 120],
  ])("%s", async (_, guesser, expected, purpose) => {
    expect(await passing(away().deps, 120, guesser, purpose)).toBe(expected);
  });
});

test("strangers who guess at an address from everywhere do not keep its own device out", async () => {
  const { deps } = away();
  const address = anybody();
  await passing(deps, 200, () => ({ address, ip: anywhere() }));
  expect(await countGuess(deps, "password", { address, ip: anywhere() })).toBe(3600);
  const own = { address, ip: anywhere(), device: "its own" };
  expect(await countGuess(deps, "password", own)).toBeUndefined();
});

test("a right guess starts the pair anew, and takes only itself back from what others share", async () => {
  const { deps } = away();
  const [address, ip] = [anybody(), anywhere()];
  for (let round = 0; round < 12; round++) {
    expect(await passing(deps, 4, () => ({ address, ip }))).toBe(round < 12 ? 4 : 0);
    expect(await countGuess(deps, "password", { address, ip })).toBeUndefined();
    await forgiveGuesses(deps, "password", { address, ip });
  }
  // Forty-eight wrong ones are counted against the network: two are left.
  expect(await passing(deps, 5, () => ({ address: anybody(), ip }))).toBe(2);
});

test("when the window is over, guessing begins anew", async () => {
  const { clock, deps } = away();
  const guesser = { address: anybody(), ip: anywhere() };
  expect(await passing(deps, 9, () => guesser)).toBe(5);
  clock.nowMs += 301_000;
  expect(await passing(deps, 9, () => guesser)).toBe(5);
});

test("any number of strangers' addresses leave what was counted of others in a bounded memory", async () => {
  const { deps } = away();
  const guesser = { session: "kept" };
  await passing(deps, 3, () => guesser);
  await passing(deps, 1000, () => ({ address: anybody(), ip: anywhere() }));
  expect(await passing(deps, 9, () => guesser)).toBe(2);
});

describe("the cookie of a known device", () => {
  const secret = "0123456789abcdef0123456789abcdef";
  const jarOf = (cookie: string) => cookie.split(";", 1)[0] ?? "";

  test("knows who signed in from it, and the last five only", async () => {
    const addresses = Array.from({ length: 6 }, anybody);
    let jar = "";
    for (const address of addresses) {
      jar = jarOf(await deviceCookieOf(jar, secret, address, true));
    }
    const known = await Promise.all(
      addresses.map((address) => knownDeviceOf(jar, secret, address.toUpperCase())),
    );
    expect(known.map((each) => each !== undefined)).toEqual([false, true, true, true, true, true]);
    expect(new Set(known.slice(1)).size).toBe(1);
    expect(jar).not.toContain(addresses[5]?.split("@")[0]);
  });

  test("is nobody's when it was made up, changed, or signed with another secret", async () => {
    const address = anybody();
    const cookie = await deviceCookieOf("", secret, address, true);
    const jar = jarOf(cookie);
    const text = decodeURIComponent(jar.slice("brinkwatch.device=".length)).replace(/\.[^.]*$/, "");
    const forged = [
      // The signature of one browser behind the name of another.
      jar.replace(/=[0-9a-f]{32}/, `=${"0".repeat(32)}`),
      // A signature of the same secret for something else.
      jarOf(await generateSignedCookie("brinkwatch.device", text, secret)),
      jarOf(await deviceCookieOf("", "another secret of thirty-two chars", address, true)),
      // As it was signed before: it is made anew with the next sign-in.
      `brinkwatch.device=${text}.${"0".repeat(64)}`,
      "brinkwatch.device=x",
      "",
    ];
    const found = await Promise.all(forged.map((each) => knownDeviceOf(each, secret, address)));
    expect(found).toEqual(forged.map(() => undefined));
    expect(await knownDeviceOf(jar, secret, address)).toMatch(/^[0-9a-f]{32}$/);
    expect(await knownDeviceOf(jar, undefined, address)).toBeUndefined();
    expect(cookie).toMatch(/; Max-Age=15552000; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });
});
