import { beforeAll, expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, useStack } from "../harness";

const stack = useStack();
let tenant: Tenant;

const event = (change: { line: number; plan: string; crumbs: string[]; frames?: string[] }) =>
  eventEnvelope({
    release: "1.0",
    fingerprint: ["one"],
    tags: { plan: change.plan, lane: "slow" },
    contexts: { order: { id: change.line, currency: "EUR" } },
    request: { url: "https://shop.example/pay", method: "GET", headers: { accept: "*/*" } },
    breadcrumbs: { values: change.crumbs.map((message) => ({ category: "ui", message })) },
    exception: {
      values: [
        {
          type: "Broken",
          value: "x",
          stacktrace: {
            frames: (change.frames ?? ["main", "pay"]).map((name) => ({
              function: name,
              filename: "/app/shop.js",
              lineno: name === "pay" ? change.line : 1,
              in_app: true,
            })),
          },
        },
      ],
    },
  });

beforeAll(async () => {
  tenant = await makeTenant(stack);
  const now = Date.now();
  const sent = [
    event({ line: 10, plan: "free", crumbs: ["a", "b"] }),
    event({ line: 12, plan: "pro", crumbs: ["a", "c"], frames: ["main", "retry", "pay"] }),
  ];
  await deliverTo(
    stack,
    sent.map((body, index) => messageOf(tenant, body, { receivedAt: now - 1000 + index * 100 })),
  );
});

test("two events differ in what was changed, and in nothing else", async () => {
  const found = await tenant.get(
    `/api/0/organizations/${tenant.slug}/issues/SHOP-1/events/oldest/diff/latest/`,
  );
  expect(found).toEqual({
    facts: [],
    tags: [{ name: "plan", kind: "changed", before: "free", after: "pro" }],
    user: [],
    request: [],
    contexts: [{ name: "order.id", kind: "changed", before: "10", after: "12" }],
    extra: [],
    packages: [],
    exceptions: [
      {
        title: { name: "exception", kind: "same", before: "Broken: x", after: "Broken: x" },
        frames: [
          {
            kind: "changed",
            text: "pay in /app/shop.js",
            changes: [{ name: "lineno", kind: "changed", before: "10", after: "12" }],
          },
          { kind: "added", text: "retry in /app/shop.js", changes: [] },
        ],
      },
    ],
    breadcrumbs: [
      { kind: "removed", text: "ui info b", changes: [] },
      { kind: "added", text: "ui info c", changes: [] },
    ],
  });
  const same = await tenant.get<object>("/api/0/issues/SHOP-1/events/latest/diff/latest/");
  expect(Object.values(same)).toEqual(Object.values(same).map(() => []));
});

test("an event is read as it is stored in every spelling, and what is not there is 404", async () => {
  const [id] = (await tenant.get<{ eventID: string }[]>("/api/0/issues/SHOP-1/events/")).map(
    ({ eventID }) => eventID,
  );
  const paths = [
    `/api/0/issues/SHOP-1/events/${id}/json/`,
    `/api/0/organizations/${tenant.slug}/issues/SHOP-1/events/${id}/json/`,
    `/api/0/projects/${tenant.slug}/shop/events/${id}/json/`,
  ];
  const bodies = await Promise.all(paths.map((path) => tenant.get<{ event_id: string }>(path)));
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  const missing = "0".repeat(32);
  const other = await makeTenant(stack);
  const statuses = await Promise.all([
    tenant.call("GET", `/api/0/issues/SHOP-1/events/${missing}/diff/latest/`),
    tenant.call("GET", `/api/0/issues/SHOP-1/events/latest/diff/${missing}/`),
    tenant.call("GET", `/api/0/projects/${tenant.slug}/shop/events/${missing}/json/`),
    tenant.call("GET", "/api/0/issues/SHOP-1/markdown/", undefined, other.token),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
});

test("an issue reads as Markdown with its numbers, its tags and its latest event", async () => {
  const answer = await tenant.call("GET", "/api/0/issues/SHOP-1/markdown/");
  expect(answer.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
  const text = await answer.text();
  expect(text).toMatch(/^# SHOP-1 Broken: x\n\n- Link: /);
  expect(text).toContain("- Status: unresolved\n");
  expect(text).toContain("- Events: 2\n");
  expect(text).toMatch(/- plan: (?:free|pro) \(1 of 2\), (?:free|pro) \(1 of 2\)/);
  expect(text).toContain("\n\n---\n\n# Broken: x");
});
