import { beforeEach, describe, expect, test } from "vitest";
import { normalizeEvent } from "../../src/events/normalize";
import { owningRule } from "../../src/events/owners";
import type { JsonObject } from "../../src/protocol/json";
import { parseOwnershipRules } from "../../src/protocol/ownership-rules";
import { isFault, wordsOfFault } from "../../src/protocol/rule-text";
import { deliverTo, messageOf } from "../deliver";
import {
  eventEnvelope,
  eventually,
  makeMember,
  makeTenant,
  type Tenant,
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
    const rule = owningRule(eventWith(given), rulesOf(rules), { left: 1e6 });
    expect(rule?.owners).toEqual(owners);
  });

  test("is nobody's where to find out would take too long", () => {
    expect(owningRule(eventWith({}), rulesOf("path:src/billing #a"), { left: 3 })).toBeUndefined();
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
    await eventually(async () => {
      const { rows } = await stacked.sql.query(
        "select 1 from issue_changes where handled_at is null",
      );
      expect(rows).toEqual([]);
    });
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

  test.each<[object, string]>([
    [{ raw: "path:src #core\nfile:x #core" }, "line 2, column 1"],
    [{ raw: "path:src #other" }, "#other is no team that has the project"],
    [{ raw: "path:src nobody@example.com" }, "nobody@example.com is no member"],
    [{ raw: "a".repeat(50_001) }, "50000"],
    [{ autoAssignment: "Sometimes" }, "autoAssignment"],
  ])("%j is refused, and nothing is changed", async (body, words) => {
    await put({ raw: "path:src #core" });
    const { status, answer } = await changingNothing(stacked.sql, "ownership", () => put(body));
    expect([status, JSON.stringify(answer)]).toEqual([422, expect.stringContaining(words)]);
  });
});
