import { expect, test } from "vitest";
import { retryAfterSeconds } from "../../src/ingest/throttle";
import { eventEnvelope, eventually, makeTenant, useStack } from "../harness";

const stack = useStack();

test.each([
  [1, 1],
  [10, 4],
  [50, 162],
  [99, 779],
  [100, 600],
])("at %i percent a sender waits %i s", (rate, seconds) => {
  expect(retryAfterSeconds(rate)).toBe(seconds);
});

test("100 percent turns everything away and counts it; the project's rate and the organization's both hold", async () => {
  for (const target of ["organization", "project"]) {
    const tenant = await makeTenant(stack);
    const path =
      target === "project"
        ? `/api/0/projects/${tenant.slug}/shop/`
        : `/api/0/organizations/${tenant.slug}/`;
    await tenant.call("PUT", path, { eventThrottleRate: 100 });
    const response = await tenant.send(eventEnvelope());
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "600"]);
    await eventually(async () =>
      expect(await tenant.outcomes()).toEqual({ "error rate_limited throttled": 1 }),
    );
  }
});

test("half is about half: nothing is lost silently", async () => {
  const tenant = await makeTenant(stack);
  await tenant.call("PUT", `/api/0/projects/${tenant.slug}/shop/`, { eventThrottleRate: 50 });
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => tenant.send(eventEnvelope())),
  );
  const accepted = answers.filter(({ status }) => status === 200).length;
  const refused = answers.filter(({ status }) => status === 429).length;
  expect(accepted + refused).toBe(200);
  // Off by more than 45 once in ten billion runs.
  expect(Math.abs(accepted - 100)).toBeLessThan(45);
  await eventually(async () =>
    expect(await tenant.outcomes()).toEqual({
      "error accepted": accepted,
      "error rate_limited throttled": refused,
    }),
  );
});

test("an organization that accepts no events, and origins that a project does not allow, are refused", async () => {
  const tenant = await makeTenant(stack);
  await tenant.call("PUT", `/api/0/projects/${tenant.slug}/shop/`, {
    allowedDomains: ["*.example.com"],
  });
  const from = async (origin: string) =>
    (await tenant.send(eventEnvelope(), { headers: { origin } })).status;
  expect([await from("https://shop.example.com"), await from("https://evil.example")]).toEqual([
    200, 403,
  ]);
  const closed = await makeTenant(stack);
  await closed.call("PUT", `/api/0/organizations/${closed.slug}/`, { isAcceptingEvents: false });
  expect((await closed.send(eventEnvelope())).status).toBe(403);
});
