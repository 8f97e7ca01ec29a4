import { expect, test } from "vitest";
import { makeTenant, useStack } from "../harness";

const stack = useStack();
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

test("the audit log tells who did what, to what, from where, when, and is filtered; never a secret", async () => {
  const tenant = await makeTenant(stack);
  const headers = {
    authorization: `Bearer ${tenant.token}`,
    "content-type": "application/json",
    "cf-connecting-ip": "203.0.113.9",
  };
  const send = (method: string, path: string, body: object) =>
    fetch(stack.url + path, { method, headers, body: JSON.stringify(body) });
  const org = `/api/0/organizations/${tenant.slug}/`;
  await send("POST", `${org}teams/`, { slug: "core" });
  const invited = await send("POST", `${org}members/`, { email: "x@example.com" });
  const { inviteLink } = (await invited.json()) as { inviteLink: string };
  const minted = await send("POST", `${org}org-auth-tokens/`, {
    name: "CI",
    scopes: ["org:read"],
  });
  const { token } = (await minted.json()) as { token: string };
  await send("PUT", `/api/0/projects/${tenant.slug}/shop/`, { name: "Store" });
  type Entry = { event: string };
  const read = (query = "") => tenant.get<Entry[]>(`${org}audit-logs/${query}`);
  const all = await read();
  expect(all.map(({ event }) => event)).toEqual([
    "project.edit",
    "org-token.create",
    "member.invite",
    "team.create",
  ]);
  expect(all[2]).toEqual({
    id: expect.any(String),
    event: "member.invite",
    actor: { id: String(tenant.userId), name: `${tenant.slug}@example.com` },
    ipAddress: "203.0.113.9",
    target: "x@example.com",
    data: { role: "member", teams: [] },
    dateCreated: time,
  });
  const text = JSON.stringify(all);
  expect([text.includes(token), text.includes(inviteLink.split("/").at(-1) ?? "")]).toEqual([
    false,
    false,
  ]);
  const events = (entries: Entry[]) => entries.map(({ event }) => event);
  expect(events(await read("?event=team.create"))).toEqual(["team.create"]);
  expect(events(await read("?event=team.create&event=member.invite&limit=1"))).toEqual([
    "member.invite",
  ]);
  expect(await read(`?actor=${tenant.userId + 1}`)).toEqual([]);
  expect(await read("?end=2020-01-01T00:00:00Z")).toEqual([]);
  expect((await tenant.call("GET", `${org}audit-logs/?event=nonsense`)).status).toBe(422);
});

test("an entry of a change of fields says what they were and what they are, of those that are different alone", async () => {
  const tenant = await makeTenant(stack);
  const org = `/api/0/organizations/${tenant.slug}/`;
  const project = `/api/0/projects/${tenant.slug}/shop/`;
  const json = async <T>(answer: Response) => (await answer.json()) as T;
  await tenant.call("POST", `${org}teams/`, { slug: "core" });
  const member = await json<{ id: string }>(
    await tenant.call("POST", `${org}members/`, { email: "x@example.com", teamRoles: ["core"] }),
  );
  const key = await json<{ id: string }>(await tenant.call("POST", `${project}keys/`, {}));
  const alert = await json<{ id: number }>(
    await tenant.call("POST", `${project}alerts/`, { name: "Spike", quantity: 20 }),
  );
  const before = await tenant.get<{ name: string }>(project);
  const changes: [path: string, body: object, data: object][] = [
    [
      org,
      { eventThrottleRate: 7, isAcceptingEvents: true },
      { before: { throttleRate: 0 }, after: { throttleRate: 7 } },
    ],
    [
      `${org}members/${member.id}/`,
      { orgRole: "admin", teamRoles: [] },
      { before: { role: "member", teams: ["core"] }, after: { role: "admin", teams: [] } },
    ],
    [
      `/api/0/teams/${tenant.slug}/core/`,
      { slug: "base" },
      { before: { slug: "core" }, after: { slug: "base" } },
    ],
    [
      project,
      { name: "Store", allowedDomains: ["a.example"], subjectPrefix: "[shop]" },
      {
        before: { name: before.name, allowedOrigins: [] },
        after: { name: "Store", allowedOrigins: ["a.example"] },
        settings: ["subjectPrefix"],
      },
    ],
    [
      `${project}keys/${key.id}/`,
      { rateLimit: { window: 60, count: 5 }, isActive: true },
      {
        id: key.id,
        before: { rateLimitCount: null, rateLimitWindowSeconds: null },
        after: { rateLimitCount: 5, rateLimitWindowSeconds: 60 },
      },
    ],
    [
      `${project}alerts/${alert.id}/`,
      {
        quantity: 30,
        alertRecipients: [{ recipientType: "webhook", url: "https://a.example/s3cret" }],
      },
      {
        id: alert.id,
        before: { quantity: 20 },
        after: { quantity: 30 },
        recipients: ["webhook"],
      },
    ],
  ];
  for (const [path, body, data] of changes) {
    const answer = await tenant.call("PUT", path, body);
    expect([path, answer.status]).toEqual([path, 200]);
    const [newest] = await tenant.get<{ data: object }[]>(`${org}audit-logs/?limit=1`);
    expect([path, newest?.data]).toEqual([path, data]);
  }
});
