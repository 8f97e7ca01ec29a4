import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { scopes } from "../../src/access/schemas";
import { deliverTo, messageOf } from "../deliver";
import {
  eventEnvelope,
  makeMember,
  makeTenant,
  newToken,
  type Tenant,
  untilHandled,
  useStack,
} from "../harness";
import { changingNothing } from "../state";

const stack = useStack();
let tenant: Tenant;
let issueId: string;

beforeEach(async () => {
  tenant = await makeTenant(stack);
  await seen(tenant);
  issueId = (await tenant.issues())[0]?.id ?? "";
});

/** An event, of which nothing is to come later, when it would look like the work of a door. */
async function seen(by: Tenant) {
  await deliverTo(stack, [messageOf(by, eventEnvelope())]);
  await untilHandled(stack, by);
}

type Item = {
  id: string;
  type: string;
  dateCreated: string;
  dateEdited: string | null;
  user: { id: string; name: string; email: string } | null;
  data: Record<string, unknown>;
};
const issue = () => `/api/0/organizations/${tenant.slug}/issues/${issueId}/`;
const ask = async (method: string, path: string, body?: unknown, bearer?: string) => {
  const answer = await tenant.call(method, path, body, bearer);
  const text = await answer.text();
  return { status: answer.status, answer: text === "" ? undefined : JSON.parse(text) };
};
const activity = async (): Promise<Item[]> =>
  (await ask("GET", `${issue()}activities/`)).answer.activity;
const me = () => ({ id: String(tenant.userId) });
const noted = async (text: string, bearer?: string): Promise<string> =>
  (await ask("POST", `${issue()}notes/`, { text }, bearer)).answer.id;

describe("what happened to an issue", () => {
  test("begins when it was seen first", async () => {
    const [first] = await tenant.issues();
    expect(await activity()).toEqual([
      {
        id: "0",
        type: "first_seen",
        dateCreated: first?.firstSeen,
        dateEdited: null,
        user: null,
        sentry_app: null,
        data: {},
      },
    ]);
  });

  test("has each change of its status with who made it, of one issue and of all that match", async () => {
    await tenant.call("PUT", issue(), { status: "resolved" });
    await tenant.call("PUT", `/api/0/issues/${issueId}/`, { status: "ignored" });
    const all = `/api/0/organizations/${tenant.slug}/issues/?query=level:error`;
    const { undoId } = (await ask("PUT", all, { status: "unresolved" })).answer;
    await ask("POST", `/api/0/organizations/${tenant.slug}/issues/undo/`, { undoId });
    expect(await activity()).toMatchObject([
      { type: "set_ignored", user: me(), data: { undo: true } },
      { type: "set_unresolved", user: me(), data: {} },
      { type: "set_ignored", user: me() },
      { type: "set_resolved", user: me(), dateCreated: expect.stringMatching(/^\d{4}-.*Z$/) },
      { type: "first_seen", user: null },
    ]);
  });

  test("is part of the issue for Sentry's clients", async () => {
    const sentry = `sntryu_${randomBytes(32).toString("hex")}`;
    await tenant.addToken(sentry, scopes);
    await noted("Seen before");
    const { answer } = await ask("GET", issue(), undefined, sentry);
    expect(answer.activity).toEqual(await activity());
    expect((await ask("GET", issue())).answer).not.toHaveProperty("activity");
  });

  test("has nothing of a status that it had already", async () => {
    await changingNothing(stack.sql, "the same status", () =>
      tenant.call("PUT", issue(), { status: "unresolved" }),
    );
  });

  test("has the event that brought it back, and nothing of events of an open issue", async () => {
    await deliverTo(stack, [messageOf(tenant, eventEnvelope())]);
    await tenant.call("PUT", issue(), { status: "resolved" });
    await deliverTo(stack, [messageOf(tenant, eventEnvelope())]);
    const events = (await ask("GET", `${issue()}events/`)).answer;
    const [came] = await activity();
    expect(came).toMatchObject({ type: "set_regression", user: null });
    expect(events.map(({ id }: Item) => id)).toContain(came?.data["event_id"]);
    expect((await activity()).map(({ type }) => type)).toEqual([
      "set_regression",
      "set_resolved",
      "first_seen",
    ]);
  });

  test("keeps the newest five hundred changes, and every comment", async () => {
    const oldest = await noted("I was first");
    await stack.sql.query(
      `insert into issue_activities (issue_id, kind, created_at)
       select $1, 'set_resolved', now() + n * interval '1 second' from generate_series(1, 510) n`,
      [issueId],
    );
    const { rows } = await stack.sql.query(
      `select kind, count(*)::int as n, min(created_at) > now() + interval '5 seconds' as "areNewest"
         from issue_activities where issue_id = $1 group by kind order by kind`,
      [issueId],
    );
    expect(rows).toEqual([
      { kind: "note", n: 1, areNewest: false },
      { kind: "set_resolved", n: 500, areNewest: true },
    ]);
    const shown = await activity();
    expect([shown.length, shown.at(-1)?.type]).toEqual([100, "set_resolved"]);
    expect((await ask("GET", `${issue()}notes/`)).answer).toMatchObject([{ id: oldest }]);
  });

  test("goes with the issue", async () => {
    await noted("Gone soon");
    await tenant.call("DELETE", issue());
    const { rows } = await stack.sql.query("select 1 from issue_activities where issue_id = $1", [
      issueId,
    ]);
    expect(rows).toEqual([]);
  });
});

describe("comments", () => {
  test("both dialects show the same, each in its form", async () => {
    const older = `/api/0/issues/${issueId}/comments/`;
    const first = await ask("POST", `${issue()}notes/`, { text: "Seen before" });
    expect(first).toMatchObject({
      status: 201,
      answer: { type: "note", user: me(), sentry_app: null, data: { text: "Seen before" } },
    });
    const second = await ask("POST", older, { data: { text: "Me too" } });
    expect(second).toEqual({
      status: 201,
      answer: {
        id: expect.any(Number),
        type: "note",
        dateCreated: expect.any(String),
        user: { ...me(), email: expect.stringContaining("@") },
        data: { text: "Me too" },
      },
    });
    const [notes, comments] = [await ask("GET", `${issue()}notes/`), await ask("GET", older)];
    expect(notes.answer.map(({ id }: Item) => id)).toEqual([
      String(second.answer.id),
      first.answer.id,
    ]);
    expect(comments.answer).toMatchObject([
      { id: second.answer.id, data: { text: "Me too" } },
      { id: Number(first.answer.id), data: { text: "Seen before" } },
    ]);
    expect((await activity()).map(({ type }) => type)).toEqual(["note", "note", "first_seen"]);
    expect((await ask("GET", issue())).answer.numComments).toBe(2);
    expect((await tenant.issues())[0]).toMatchObject({ numComments: 2 });
  });

  test("are a list of pages", async () => {
    for (const text of ["one", "two", "three"]) await noted(text);
    const page = await tenant.call("GET", `${issue()}notes/?per_page=2`);
    const cursor = /results="true"; cursor="([^"]+)"/.exec(page.headers.get("Link") ?? "")?.[1];
    const texts = (items: Item[]) => items.map(({ data }) => data["text"]);
    expect(texts((await page.json()) as Item[])).toEqual(["three", "two"]);
    expect(texts((await ask("GET", `${issue()}notes/?cursor=${cursor}`)).answer)).toEqual(["one"]);
  });

  test("are changed and deleted by their author, which they say", async () => {
    const author = await makeMember(stack, tenant, "member");
    const id = await noted("Frist", author.token);
    const edited = await ask("PUT", `${issue()}notes/${id}/`, { text: "First" }, author.token);
    expect(edited).toMatchObject({
      status: 200,
      answer: { id, data: { text: "First" }, dateEdited: expect.any(String) },
    });
    expect((await ask("GET", `${issue()}notes/`)).answer).toEqual([edited.answer]);
    const path = `/api/0/issues/${issueId}/comments/${id}/`;
    expect((await ask("DELETE", path, undefined, author.token)).status).toBe(204);
    expect((await ask("DELETE", path, undefined, author.token)).status).toBe(404);
    expect((await ask("GET", issue())).answer.numComments).toBe(0);
  });

  test("of others are an admin's to change, with a token that was made for it", async () => {
    const id = await noted("Mine");
    const admin = await makeMember(stack, tenant, "admin");
    const change = (bearer: string) =>
      ask("PUT", `${issue()}notes/${id}/`, { text: "Ours" }, bearer);
    expect(await change(admin.token)).toMatchObject({ status: 200, answer: { user: me() } });
    const narrow = newToken();
    await stack.sql.query("update issue_activities set user_id = null where id = $1", [id]);
    await tenant.addToken(narrow, ["event:write"]);
    const refused = await changingNothing(stack.sql, "a narrow token", () => change(narrow));
    expect(refused).toEqual({
      status: 403,
      answer: { detail: "Only its author or an admin changes a comment" },
    });
  });

  test("name whom they are for, who must be in the organization", async () => {
    const other = await makeTenant(stack);
    const person = `user:${tenant.userId}`;
    const note = { text: "Look", mentions: [person, person] };
    const { answer } = await ask("POST", `${issue()}notes/`, note);
    expect(answer.data).toEqual({ text: "Look", mentions: [person] });
    for (const stranger of [`user:${other.userId}`, "team:999999999"]) {
      const refused = await changingNothing(stack.sql, stranger, () =>
        ask("POST", `${issue()}notes/`, { text: "Look", mentions: [stranger] }),
      );
      expect(refused).toEqual({
        status: 400,
        answer: { detail: `${stranger} is not in the organization` },
      });
    }
  });

  test.each([
    ["nothing", { text: "" }, 400],
    ["blanks", { text: " \n" }, 400],
    ["no text", {}, 422],
    ["too much", { text: "x".repeat(10_001) }, 422],
    ["somebody without an id", { text: "x", mentions: ["@ada"] }, 422],
  ])("that say %s are refused", async (what, body, status) => {
    const id = await noted("There");
    await changingNothing(stack.sql, what, async () => {
      expect((await ask("POST", `${issue()}notes/`, body)).status).toBe(status);
      expect((await ask("PUT", `${issue()}notes/${id}/`, body)).status).toBe(status);
      const comment = `/api/0/issues/${issueId}/comments/`;
      expect((await ask("POST", comment, { data: body })).status).toBe(status);
    });
  });

  test("of another organization's issue, or under another issue, are not there", async () => {
    const id = await noted("Secret");
    const stranger = await makeTenant(stack);
    await seen(stranger);
    const theirs = (await stranger.issues())[0]?.id;
    await changingNothing(stack.sql, "a stranger", async () => {
      for (const [method, path, body] of [
        ["GET", `/api/0/issues/${issueId}/activities/`],
        ["GET", `/api/0/issues/${issueId}/comments/`],
        ["POST", `/api/0/issues/${issueId}/notes/`, { text: "x" }],
        ["PUT", `/api/0/issues/${theirs}/notes/${id}/`, { text: "x" }],
        ["DELETE", `/api/0/issues/${theirs}/notes/${id}/`],
        ["DELETE", `/api/0/issues/${theirs}/notes/none/`],
      ] as const) {
        expect((await stranger.call(method, path, body)).status).toBe(404);
      }
    });
  });

  test("are at most a thousand of an issue, also when several write at once", async () => {
    await stack.sql.query(
      `insert into issue_activities (issue_id, kind, data, created_at)
       select $1, 'note', '{"text": "x"}', now() from generate_series(1, 998)`,
      [issueId],
    );
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask("POST", `${issue()}notes/`, { text: "One more" })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 422, 422, 422]);
    expect(answers.find(({ status }) => status === 422)?.answer).toEqual({
      detail: "There can be at most 1000 comments of an issue",
    });
  });
});
