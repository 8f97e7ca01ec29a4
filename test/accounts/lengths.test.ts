import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openBrowser } from "../browser";
import { useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack({ bindings: { ENABLE_USER_REGISTRATION: "true" } });
const password = "correct horse battery";
const newAddress = () => `${randomBytes(5).toString("hex")}@example.com`;

test.each([
  ["name", 256],
  ["email", 255],
  ["image", 2001],
  ["callbackURL", 2001],
])("a %s of %i characters signs nobody up", async (field, length) => {
  const long = field === "callbackURL" ? `/${"x".repeat(length)}` : "x".repeat(length);
  const sent = { email: newAddress(), password, name: "Ada", [field]: long };
  const ask = () => openBrowser(stack).post("/api/auth/sign-up/email", sent);
  const { status } = await changingNothing(stack.sql, field, ask);
  expect(status).toBe(422);
});

test("what a browser calls itself is kept as far as it helps to recognise it", async () => {
  const browser = openBrowser(stack);
  const sent = { email: newAddress(), password, name: "x".repeat(255) };
  const agent = { "user-agent": "y".repeat(5000) };
  const made = await browser.post("/api/auth/sign-up/email", sent, agent);
  expect(made.status).toBe(200);
  const { rows } = await stack.sql.query(
    `select length(s.user_agent) as agent, length(u.name) as name
       from sessions s join users u on u.id = s.user_id where u.email = $1`,
    [sent.email],
  );
  expect(rows).toEqual([{ agent: 512, name: 255 }]);
});
