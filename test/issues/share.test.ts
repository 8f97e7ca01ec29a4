import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { scopes } from "../../src/access/schemas";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, untilHandled, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();
let tenant: Tenant;
let issueId: string;

const planted = "planted-word";
const event = {
  message: "ignored beside an exception",
  tags: { plan: planted },
  user: { id: planted, email: `${planted}@example.com` },
  extra: { order: planted },
  request: { url: `https://shop.example/${planted}`, headers: { "X-Plan": planted } },
  contexts: { order: { id: planted } },
  breadcrumbs: [{ message: planted }],
  server_name: planted,
  environment: planted,
  release: planted,
  exception: {
    values: [
      { type: "KeyError", value: "first" },
      {
        type: "DbDown",
        value: "no answer",
        stacktrace: {
          frames: [
            { function: "main", filename: "lib/run.js", lineno: 3, in_app: false },
            {
              function: "pay",
              filename: "app/shop.js",
              lineno: 7,
              in_app: true,
              context_line: planted,
              vars: { card: planted },
            },
          ],
        },
      },
    ],
  },
};

beforeEach(async () => {
  tenant = await makeTenant(stack);
  await deliverTo(stack, [messageOf(tenant, eventEnvelope(event))]);
  issueId = (await tenant.issues())[0]?.id ?? "";
  // Nothing of it is to come later, when it would look like the work of a door.
  await untilHandled(stack, tenant);
});

type Answer = { shareId: string | null; detail?: string };
const issue = () => `/api/0/organizations/${tenant.slug}/issues/${issueId}/`;
const put = async (body: object, path = issue()) => {
  const answer = await tenant.call("PUT", path, body);
  return { status: answer.status, answer: (await answer.json()) as Answer };
};
const share = async (): Promise<string> => (await put({ isPublic: true })).answer.shareId ?? "";
const see = (path: string) => fetch(stack.url + path, { redirect: "manual" });
const seen = async (shareId: string) => {
  const answer = await see(`/api/0/shared/issues/${shareId}/`);
  return { status: answer.status, answer: (await answer.json()) as Answer };
};

test("an issue that is public is seen by anybody who has its address, and of its events no more than what failed", async () => {
  const shareId = await share();
  expect(shareId).toMatch(/^[\da-f]{32}$/);
  const { status, answer } = await seen(shareId);
  expect(status).toBe(200);
  expect(answer).toMatchObject({
    groupID: issueId,
    shareId,
    isPublic: true,
    shortId: "SHOP-1",
    title: "DbDown: no answer",
    count: "1",
    project: { slug: "shop" },
    latestEvent: {
      exceptions: [
        {
          type: "DbDown",
          value: "no answer",
          frames: [
            { function: "pay", filename: "app/shop.js", lineNo: 7, inApp: true },
            { function: "main", filename: "lib/run.js", lineNo: 3, inApp: false },
          ],
        },
        { type: "KeyError", value: "first", frames: [] },
      ],
    },
  });
  const page = await see(`/shared/issues/${shareId}`);
  const html = await page.text();
  expect([page.status, page.headers.get("x-robots-tag")]).toEqual([200, "noindex"]);
  expect(html).toContain("DbDown: no answer");
  expect(html).toContain("app/shop.js:7");
  expect(html).toMatch(/<time datetime="[^"]+Z">\d+ [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC<\/time>/);
  for (const text of [JSON.stringify(answer), html]) expect(text).not.toContain(planted);
  const old = await see(`/share/issue/${shareId}/`);
  expect(old.headers.get("location")).toBe(`/shared/issues/${shareId}/`);
});

test("what is public twice stays where it is; what is not public any more is seen nowhere, and has another address the next time", async () => {
  const shareId = await share();
  expect((await put({ isPublic: true })).answer.shareId).toBe(shareId);
  expect((await put({ isPublic: false })).answer.shareId).toBeNull();
  expect(await seen(shareId)).toEqual({ status: 404, answer: { detail: "Not Found" } });
  expect((await see(`/shared/issues/${shareId}`)).status).toBe(404);
  expect(await share()).not.toBe(shareId);
  const { activity } = await tenant.get<{ activity: { type: string }[] }>(`${issue()}activities/`);
  expect(activity.map(({ type }) => type)).toEqual([
    "set_public",
    "set_private",
    "set_public",
    "first_seen",
  ]);
});

test("all that match are made public at once, each at its own address", async () => {
  await deliverTo(stack, [
    messageOf(tenant, eventEnvelope({ exception: { values: [{ type: "Other", value: "x" }] } })),
  ]);
  const all = `/api/0/organizations/${tenant.slug}/issues/?query=level:error`;
  expect((await put({ isPublic: true }, all)).answer).toMatchObject({ isPublic: true, changed: 2 });
  const shared = (await tenant.issues()).map((each) => (each as { shareId?: string }).shareId);
  expect(new Set(shared).size).toBe(2);
  const sentry = `sntryu_${randomBytes(32).toString("hex")}`;
  await tenant.addToken(sentry, scopes);
  const answer = await tenant.call("GET", issue(), undefined, sentry);
  expect(await answer.json()).toMatchObject({ isPublic: true, shareId: shared[1] });
});

test.each(["", "x", "0".repeat(32), "F".repeat(31), "../../issues"])(
  "the address %j leads nowhere",
  async (shareId) => {
    await share();
    const path = `/api/0/shared/issues/${encodeURIComponent(shareId)}/`;
    expect((await see(path)).status).toBe(404);
  },
);

test("a project that is deleted, and an issue that went into another one, is public no more", async () => {
  const shareId = await share();
  await stack.sql.query("update projects set deleted_at = now() where id = $1", [tenant.projectId]);
  expect((await seen(shareId)).status).toBe(404);
  await stack.sql.query("update projects set deleted_at = null where id = $1", [tenant.projectId]);
  expect((await seen(shareId)).status).toBe(200);
});

test("another organization's issue is not made public", async () => {
  const other = await makeTenant(stack);
  const { status } = await changingNothing(stack.sql, "sharing", () =>
    other.call("PUT", `/api/0/issues/${issueId}/`, { isPublic: true }),
  );
  expect(status).toBe(404);
});
