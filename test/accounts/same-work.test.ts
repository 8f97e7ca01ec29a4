import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { drizzle } from "drizzle-orm/node-postgres";
import { afterAll, expect, test } from "vitest";
import type { Deps } from "../../src/deps";
import { useStack } from "../harness";

const stack = useStack();

const { scrypt } = crypto;
afterAll(() => {
  crypto.scrypt = scrypt;
  syncBuiltinESMExports();
});

// The time of an answer would tell who has an account, if only known addresses cost a hash.
test("a sign-in hashes the password once, whether the address is known or not", async () => {
  const hashes = { count: 0 };
  crypto.scrypt = ((...parameters: Parameters<typeof scrypt>) => {
    hashes.count++;
    scrypt(...parameters);
  }) as typeof scrypt;
  syncBuiltinESMExports();
  const { signInOf } = await import("../../src/accounts/sign-in");
  const publicUrl = "https://brinkwatch.example";
  const deps = {
    db: drizzle(stack.sql),
    redis: { pipeline: () => ({ incrby() {}, expire() {}, exec: async () => [0, 0] }) },
    mailer: { isConfigured: false, send: async () => {} },
    config: { publicUrl, socialProviders: [], isRegistrationOpen: true },
    log: () => {},
    now: () => new Date(),
  } as unknown as Deps;
  const post = (path: string, body: object) =>
    signInOf(deps, "0123456789abcdef0123456789abcdef").handler(
      new Request(`${publicUrl}/api/auth${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: publicUrl },
        body: JSON.stringify(body),
      }),
    );
  const known = "known@example.com";
  const signedUp = await post("/sign-up/email", {
    email: known,
    password: "correct horse",
    name: "",
  });
  expect(signedUp.status).toBe(200);
  const costOf = async (email: string) => {
    hashes.count = 0;
    const response = await post("/sign-in/email", { email, password: "not the password" });
    return [response.status, hashes.count];
  };
  expect(await costOf(known)).toEqual([401, 1]);
  expect(await costOf("unknown@example.com")).toEqual([401, 1]);
});
