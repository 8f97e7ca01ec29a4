import { beforeEach, describe, expect, test } from "vitest";
import { normalizeEvent } from "../../src/events/normalize";
import { ownedPartOf, owningRules } from "../../src/events/owners";
import { whoseOf } from "../../src/issues/whose";
import type { JsonObject } from "../../src/protocol/json";
import { parseOwnershipRules } from "../../src/protocol/ownership-rules";
import { isFault, wordsOfFault } from "../../src/protocol/rule-text";
import { deliverTo, messageOf } from "../deliver";
import {
  eventEnvelope,
  makeMember,
  makeTenant,
  type Tenant,
  untilHandled,
  useStack,
} from "../harness";
import { changingNothing } from "../state";

const rulesOf = (text: string) => {
  const rules = parseOwnershipRules(text);
  if (isFault(rules)) throw new Error(wordsOfFault(rules));
  return rules;
};
const frame = (filename: string, more: JsonObject = {}): JsonObject => ({
  filename,
  function: "f",
  in_app: true,
  ...more,
});
const eventWith = (given: JsonObject) =>
  normalizeEvent(
    {
      platform: "python",
      request: { url: "https://shop.example/checkout/pay" },
      tags: { region: "eu-west" },
      exception: { values: [{ type: "E", stacktrace: { frames: [frame("src/billing/pay.py")] } }] },
      ...given,
    },
    { eventId: "a".repeat(32), receivedAt: 1_795_500_000, connection: {} },
  ).event;
const stack = (...frames: JsonObject[]): JsonObject => ({
  exception: { values: [{ type: "E", stacktrace: { frames } }] },
});

describe("whose an event is", () => {
  test.each<[string, JsonObject, string[] | undefined]>([
    ["path:src/billing #a", {}, ["#a"]],
    ["path:billing #a", {}, ["#a"]],
    ["path:src/bill #a", {}, undefined],
    ["path:src/billing/*.py #a", {}, ["#a"]],
    ["path:src/*.py #a", {}, undefined],
    ["path:src/**.py #a", {}, ["#a"]],
    ["path:SRC\\billing #a", {}, ["#a"]],
    // The last one decides.
    ["path:src/* #x\npath:src/billing/* #y #z", {}, ["#y", "#z"]],
    ["path:src/billing/* #y\npath:src/** #x", {}, ["#x"]],
    ["path:lib #a", stack(frame("lib/run.py", { in_app: false })), undefined],
    ["module:shop.* #a", stack(frame("x.py", { module: "Shop.Cart" })), ["#a"]],
    ["url:*/checkout/* #a", {}, ["#a"]],
    ["url:*/cart/* #a", {}, undefined],
    ["tags.region:eu-* Ada@Example.com", {}, ["ada@example.com"]],
    ["tags.region:us-* #a", {}, undefined],
    ['# a comment\n\ntags."x y":1 #b\nurl:* #a', {}, ["#a"]],
  ])("by %j", (rules, given, owners) => {
    const [rule] = owningRules(ownedPartOf(eventWith(given)), rulesOf(rules), { left: 1e6 });
    expect(rule?.owners).toEqual(owners);
  });

  test("is nobody's where to find out would take too long", () => {
    const part = ownedPartOf(eventWith({}));
    expect(owningRules(part, rulesOf("path:src/billing #a"), { left: 3 })).toEqual([]);
  });

  test("is of all whom rules name, those of the last rule first, each once", () => {
    const rules = rulesOf("url:* #x\npath:src/** #x #w\npath:src/billing/* #y #z\npath:lib #v");
    const owner = (name: string) => ({
      name,
      type: "team" as const,
      memberId: null,
      teamId: String(name.charCodeAt(1)),
      id: "1",
    });
    const named = new Map(rules.map((rule) => [rule, rule.owners.map(owner)]));
    const event = eventWith({});
    const asked = whoseOf(event, { rules: named, assigns: true, otherwise: [] }, { left: 1e6 });
    const { assigns, owners } = asked();
    expect(owners.map(({ teamId, rule }) => [String.fromCharCode(teamId ?? 0), rule])).toEqual([
      ["y", "path:src/billing/* #y #z"],
      ["z", "path:src/billing/* #y #z"],
      ["x", "path:src/** #x #w"],
      ["w", "path:src/** #x #w"],
    ]);
    expect([assigns, asked()]).toEqual([true, { assigns, owners }]);
    const nobody = { rules: new Map(), assigns: true, otherwise: [owner("#o")] };
    expect(whoseOf(event, nobody, { left: 1e6 })()).toMatchObject({
      assigns: false,
      owners: [{ teamId: "o".charCodeAt(0), rule: "" }],
    });
  });

  test.each([
    [
      "path:src #a\nfile:x #b",
      "line 2, column 1: a rule begins with path:, module:, url: or tags.name:",
    ],
    ["path:src", "line 1, column 1: a rule names somebody behind its pattern"],
    ["path:src core", "line 1, column 10: an owner is #team or an address"],
    ["path: #a", "line 1, column 1: path needs a pattern"],
    ["tags.:x #a", "line 1, column 1: a rule begins with path:, module:, url: or tags.name:"],
    ['\npath:"a b #a', 'line 2, column 6: a " is not closed'],
    ["path:{a #b", "line 1, column 1: the pattern has a { that is not closed"],
    [`url:* ${"#a ".repeat(11)}`, "line 1, column 37: more than 10 owners"],
    ["url:* #a\n".repeat(501), "line 501, column 1: more than 500 rules"],
  ])("%j is refused with the place", (rules, words) => {
    const fault = parseOwnershipRules(rules);
    expect(isFault(fault) && wordsOfFault(fault)).toBe(words);
  });
});

describe("in a project", () => {
  const stacked = useStack();
  let tenant: Tenant;
  let ada: Awaited<ReturnType<typeof makeMember>>;
  const path = () => `/api/0/projects/${tenant.slug}/shop/ownership/`;
  const put = async (body: object) => {
    const answer = await tenant.call("PUT", path(), body);
    return { status: answer.status, answer: await answer.json() };
  };
  /** The messages of a project whose rules changed once say so. */
  const send = async (filename: string, type: string, rulesVersion: number) => {
    const envelope = eventEnvelope({
      exception: { values: [{ type, stacktrace: { frames: [frame(filename)] } }] },
    });
    await deliverTo(stacked, [messageOf(tenant, envelope, { rulesVersion })]);
    await untilHandled(stacked, tenant);
  };
  const having = async () =>
    Object.fromEntries(
      (await tenant.issues()).map((issue) => {
        const { title, assignedTo } = issue as unknown as {
          title: string;
          assignedTo: { name: string } | null;
        };
        return [title, assignedTo?.name ?? null];
      }),
    );

  beforeEach(async () => {
    tenant = await makeTenant(stacked);
    ada = await makeMember(stacked, tenant, "member");
    await stacked.sql.query(
      `with team as (insert into teams (org_id, slug) values ($1, 'core'), ($1, 'other') returning id, slug)
       insert into project_teams (project_id, team_id) select $2, id from team where slug = 'core'`,
      [tenant.orgId, tenant.projectId],
    );
  });

  test("new issues are given to whom the last rule names first, and say by which", async () => {
    const raw = `path:src #core\npath:src/billing ${ada.email} #core`;
    expect(await put({ raw })).toMatchObject({
      status: 202,
      answer: { raw, autoAssignment: "Auto Assign to Issue Owner", isActive: true },
    });
    await send("src/billing/pay.js", "Bill", 1);
    await send("src/cart.js", "Cart", 1);
    await send("lib/x.js", "Lib", 1);
    expect(await having()).toEqual({ Bill: "member", Cart: "core", Lib: null });
    const bill = (await tenant.issues()).find(({ title }) => title === "Bill");
    const issue = `/api/0/organizations/${tenant.slug}/issues/${bill?.id}/`;
    const { activity } = await tenant.get<{ activity: { user: null; data: object }[] }>(
      `${issue}activities/`,
    );
    expect(activity[0]).toMatchObject({
      type: "assigned",
      user: null,
      data: { assigneeEmail: ada.email, rule: `path:src/billing ${ada.email} #core` },
    });
    // What somebody gave back stays so, whatever comes.
    await tenant.call("PUT", issue, { assignedTo: "" });
    await send("src/billing/pay.js", "Bill", 1);
    expect(await having()).toMatchObject({ Bill: null });
  });

  test("rules that are switched off, and whoever left, get nothing", async () => {
    await put({ raw: `url:* #core\npath:src ${ada.email}`, autoAssignment: false });
    await send("src/a.js", "Off", 1);
    await put({ autoAssignment: "Auto Assign to Issue Owner" });
    await send("src/b.js", "On", 2);
    expect(await having()).toEqual({ Off: null, On: "member" });
    await stacked.sql.query("delete from organization_members where id = $1", [ada.memberId]);
    await send("src/c.js", "Gone", 2);
    expect(await having()).toEqual({ Off: null, On: null, Gone: null });
  });

  test("whom rules name is suggested, found while nobody has it, and gone with the membership", async () => {
    const raw = `path:src #core\npath:src/billing ${ada.email} #core`;
    const changed = await put({ raw, autoAssignment: false, fallthrough: true });
    expect(changed.answer).toMatchObject({ fallthrough: true });
    await send("src/billing/pay.js", "Bill", 1);
    await send("src/cart.js", "Cart", 1);
    await send("lib/x.js", "Lib", 1);
    const suggested = async () =>
      Object.fromEntries(
        (await tenant.issues()).map((issue) => [
          issue.title,
          (issue["suggestedOwners"] as { name: string; rule: string }[]).map(({ name, rule }) => [
            name,
            rule,
          ]),
        ]),
      );
    const [first, second] = raw.split("\n");
    expect(await suggested()).toEqual({
      Bill: [
        ["member", second],
        ["core", second],
      ],
      Cart: [["core", first]],
      Lib: [["core", ""]],
    });
    expect(await having()).toEqual({ Bill: null, Cart: null, Lib: null });
    const found = async (query: string) => {
      const path = `/api/0/organizations/${tenant.slug}/issues/?query=${encodeURIComponent(query)}`;
      return (await tenant.get<{ title: string }[]>(path)).map(({ title }) => title).toSorted();
    };
    expect(await found(`assigned_or_suggested:${ada.email}`)).toEqual(["Bill"]);
    expect(await found("assigned_or_suggested:#core")).toEqual(["Bill", "Cart", "Lib"]);
    expect(await found("!assigned_or_suggested:#core")).toEqual([]);
    expect(await found("assigned_or_suggested:#core Cart")).toEqual(["Cart"]);
    expect(await found("assigned_or_suggested:none")).toEqual([]);
    const bill = (await tenant.issues()).find(({ title }) => title === "Bill");
    const issue = `/api/0/organizations/${tenant.slug}/issues/${bill?.id}/`;
    await tenant.call("PUT", issue, { assignedTo: ada.email });
    expect(await found("assigned_or_suggested:#core")).toEqual(["Cart", "Lib"]);
    expect(await found(`assigned_or_suggested:[${ada.email}, none]`)).toEqual(["Bill"]);
    await stacked.sql.query("delete from organization_members where id = $1", [ada.memberId]);
    expect(await suggested()).toMatchObject({ Bill: [["core", second]] });
    expect(await found("assigned_or_suggested:#core")).toEqual(["Bill", "Cart", "Lib"]);
    await stacked.sql.query("delete from project_teams where project_id = $1", [tenant.projectId]);
    expect(await suggested()).toEqual({ Bill: [], Cart: [], Lib: [] });
  });

  test("a file of code owners becomes rules for those who have the project; nothing is kept", async () => {
    const raw = `* @acme/core\n/docs/ ${ada.email} @Grace @other\n/x/ @nobody`;
    const { status, answer } = await changingNothing(stacked.sql, "code owners", async () => {
      const names = [{ name: "@grace", owner: ada.email.toUpperCase() }];
      const sent = await tenant.call("POST", `${path()}codeowners/`, { raw, names, root: "/app/" });
      return { status: sent.status, answer: await sent.json() };
    });
    expect([status, answer]).toEqual([
      200,
      {
        raw: `path:**/* #core\npath:{docs/**,/app/docs/**} ${ada.email}`,
        rules: 2,
        unmapped: [
          { name: "@other", lines: [2] },
          { name: "@nobody", lines: [3] },
        ],
        skipped: [{ line: 3, reason: "nobody whom it names is here" }],
      },
    ]);
    const { raw: rules } = answer as { raw: string };
    expect(await put({ raw: rules })).toMatchObject({ status: 202, answer: { raw: rules } });
    const much = await tenant.call("POST", `${path()}codeowners/`, { raw: "\n".repeat(6000) });
    expect([much.status, await much.text()]).toEqual([
      422,
      expect.stringContaining("more than 5000 lines"),
    ]);
  });

  test.each<[object, string]>([
    [{ raw: "path:src #core\nfile:x #core" }, "line 2, column 1"],
    [{ raw: "path:src #other" }, "#other is no team that has the project"],
    [{ raw: "path:src nobody@example.com" }, "nobody@example.com is no member"],
    [{ raw: "a".repeat(50_001) }, "50000"],
    [{ autoAssignment: "Sometimes" }, "autoAssignment"],
    [{ fallthrough: "sometimes" }, "fallthrough"],
  ])("%j is refused, and nothing is changed", async (body, words) => {
    await put({ raw: "path:src #core" });
    const { status, answer } = await changingNothing(stacked.sql, "ownership", () => put(body));
    expect([status, JSON.stringify(answer)]).toEqual([422, expect.stringContaining(words)]);
  });
});
