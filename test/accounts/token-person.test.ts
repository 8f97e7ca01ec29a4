import { expect, test } from "vitest";
import { personOfToken } from "../../src/accounts/token-person";

const tokenOf = (claims: unknown) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.x`;

test("a claim that the operator names holds the address", () => {
  const claims = { sub: "7", upn: "ada@example.com", name: "Ada" };
  expect(personOfToken(tokenOf(claims), "upn")).toEqual({
    id: "7",
    email: "ada@example.com",
    emailVerified: false,
    name: "Ada",
  });
  expect(personOfToken(tokenOf({ ...claims, email_verified: true }), "upn")?.emailVerified).toBe(
    true,
  );
});

test.each([
  ["no token", undefined],
  ["no JSON", "a.b.c"],
  ["no object", tokenOf("ada@example.com")],
  ["no such claim", tokenOf({ sub: "7" })],
  ["what the claim inherits", tokenOf({ sub: "7", constructor: 1 })],
  ["no address", tokenOf({ sub: "7", upn: "ada" })],
  ["a list", tokenOf({ sub: "7", upn: ["ada@example.com"] })],
  ["nobody", tokenOf({ upn: "ada@example.com" })],
])("%s is nobody", (_, token) => {
  expect(personOfToken(token, "upn")).toBeNull();
});
