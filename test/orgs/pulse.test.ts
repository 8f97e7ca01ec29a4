import fc from "fast-check";
import { expect, test } from "vitest";
import { mintPulseTicket, orgIdOfTicket } from "../../src/protocol/pulse-ticket";
import {
  eventEnvelope,
  eventually,
  makeTenant,
  type Stack,
  signIn,
  startStack,
  type Tenant,
  useStack,
} from "../harness";
import { authSecret } from "../stack";

const stack = useStack();
const now = new Date("2026-11-26T12:00:00Z");
const later = (seconds: number) => new Date(+now + seconds * 1000);

type Numbers = { issues: number; projects: Record<string, number>; lagSeconds: number | null };

/** Where a browser that is signed in asks. */
async function pulseUrl(of: Stack, tenant: Tenant): Promise<string> {
  const headers = await signIn(of, tenant.userId);
  const path = `/api/0/organizations/${tenant.slug}/`;
  const detail = (await (await fetch(of.url + path, { headers })).json()) as {
    pulse: { url: string; expiresAt: string };
  };
  expect(+new Date(detail.pulse.expiresAt) - Date.now()).toBeGreaterThan(14 * 60_000);
  return of.url + new URL(detail.pulse.url).pathname;
}
const read = async (url: string) => (await (await fetch(url)).json()) as Numbers;

test("a ticket opens the organization that it was made for, until it ends, and nothing else", () => {
  const ids = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 900 }), fc.nat(99), (orgId, seconds, place) => {
      const ticket = mintPulseTicket(authSecret, orgId, later(seconds));
      expect(orgIdOfTicket(authSecret, ticket, later(seconds - 1))).toBe(orgId);
      expect(orgIdOfTicket(authSecret, ticket, later(seconds))).toBeUndefined();
      expect(orgIdOfTicket(`${authSecret}!`, ticket, now)).toBeUndefined();
      const at = place % ticket.length;
      const other = ticket[at] === "1" ? "2" : "1";
      const forged = ticket.slice(0, at) + other + ticket.slice(at + 1);
      expect(orgIdOfTicket(authSecret, forged, now)).toBeUndefined();
    }),
  );
  for (const wrong of ["", ".", "..", "a.b.c", "__proto__"]) {
    expect([wrong, orgIdOfTicket(authSecret, wrong, now)]).toEqual([wrong, undefined]);
  }
});

test("what is no ticket is 404, and a program by token is given none", async () => {
  const tenant = await makeTenant(stack);
  const over = mintPulseTicket(authSecret, tenant.orgId, new Date(Date.now() - 1000));
  for (const ticket of [over, "x", `${over}x`]) {
    const response = await fetch(`${stack.url}/api/pulse/${ticket}/`);
    expect([response.status, await response.json()]).toEqual([404, { detail: "Not Found" }]);
  }
  expect(await tenant.get(`/api/0/organizations/${tenant.slug}/`)).not.toHaveProperty("pulse");
});

test("a new event is another number of its organization and its project, and of no other", async () => {
  const tenant = await makeTenant(stack);
  const neighbour = await makeTenant(stack);
  const [url, other] = [await pulseUrl(stack, tenant), await pulseUrl(stack, neighbour)];
  const nothing = { issues: 0, projects: {}, lagSeconds: null };
  expect([await read(url), await read(other)]).toEqual([nothing, nothing]);

  expect((await tenant.send(eventEnvelope())).status).toBe(200);
  await eventually(async () =>
    expect(await read(url)).toEqual({
      issues: 1,
      projects: { [tenant.projectId]: 1 },
      lagSeconds: expect.any(Number),
    }),
  );
  // What changed is there to be read.
  expect(await tenant.countEvents()).toBe(1);
  expect(await read(other)).toEqual(nothing);
});

test("a change of one issue, and of all that a filter finds, and a deleted one, is another number", async () => {
  const tenant = await makeTenant(stack);
  const url = await pulseUrl(stack, tenant);
  await tenant.send(eventEnvelope());
  await eventually(async () => expect(await tenant.issues()).toHaveLength(1));
  await eventually(async () => expect((await read(url)).issues).toBe(1));
  const [issue] = await tenant.issues();
  const base = `/api/0/organizations/${tenant.slug}/issues/`;
  for (const [path, status] of [
    [`${base}${issue?.id}/`, "resolved"],
    [`${base}?query=is:resolved`, "ignored"],
  ] as const) {
    const { issues, projects } = await read(url);
    expect((await tenant.call("PUT", path, { status })).status).toBe(200);
    await eventually(async () =>
      expect(await read(url)).toMatchObject({
        issues: issues + 1,
        projects: { [tenant.projectId]: (projects[tenant.projectId] ?? 0) + 1 },
      }),
    );
  }
  const before = (await read(url)).issues;
  expect((await tenant.call("DELETE", `${base}${issue?.id}/`)).ok).toBe(true);
  await eventually(async () => expect((await read(url)).issues).toBe(before + 1));
});

test("a page that has the numbers already is answered 304, until they change", async () => {
  const tenant = await makeTenant(stack);
  const url = await pulseUrl(stack, tenant);
  const first = await fetch(url);
  expect(first.headers.get("cache-control")).toBe("private, no-cache");
  const headers = { "if-none-match": first.headers.get("etag") ?? "" };
  const second = await fetch(url, { headers });
  expect([second.status, await second.text()]).toEqual([304, ""]);
  await tenant.send(eventEnvelope());
  await eventually(async () => expect((await fetch(url, { headers })).status).toBe(200));
});

test("without Redis a page hears when to come back, events are taken and issues change", async () => {
  const own = await startStack();
  try {
    const tenant = await makeTenant(own);
    const url = await pulseUrl(own, tenant);
    await own.closeRedis();
    const response = await fetch(url);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "10"]);
    await tenant.send(eventEnvelope());
    await eventually(async () => expect(await tenant.issues()).toHaveLength(1));
    const [issue] = await tenant.issues();
    const path = `/api/0/issues/${issue?.id}/`;
    expect((await tenant.call("PUT", path, { status: "resolved" })).status).toBe(200);
  } finally {
    await own.dispose();
  }
});
