import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Activity } from "../../../src/web/issues/activity-queries";
import { activityWords } from "../../../src/web/issues/activity-words";
import { assigneeRows, teamsOf } from "../../../src/web/issues/assignee-choice";
import { markdownBlocks } from "../../../src/web/issues/markdown";
import { mentionAt, mentionsIn, withMention } from "../../../src/web/issues/mention";

const ada = { id: "7", name: "Ada", email: "ada@acme.test" };
const happened = (type: string, data = {}, user: Activity["user"] = ada): Activity => ({
  id: "1",
  type: type as Activity["type"],
  dateCreated: "2026-11-01T00:00:00Z",
  dateEdited: null,
  user,
  data,
});

test.each<[string, object, string]>([
  ["set_resolved", {}, "Ada resolved it"],
  ["set_ignored", { undo: true }, "Ada muted it, taking a change back"],
  [
    "assigned",
    { assigneeType: "user", assigneeEmail: "bob@acme.test" },
    "Ada assigned it to bob@acme.test",
  ],
  ["assigned", { assigneeType: "team", assigneeName: "core" }, "Ada assigned it to #core"],
  ["assigned", {}, "Ada assigned it to somebody who is gone"],
  [
    "assigned",
    { assigneeType: "team", assigneeName: "core", rule: "path:src #core" },
    "Assigned to #core by the rule path:src #core",
  ],
  ["unassigned", {}, "Ada assigned it to nobody"],
  ["set_regression", { event_id: "1", version: "2.0" }, "Came back in 2.0"],
  ["set_regression", {}, "Came back"],
  ["set_resolved_in_release", { version: "2.0" }, "Ada resolved it in 2.0"],
  ["set_resolved_in_release", { version: "" }, "Ada resolved it in the next release"],
  ["set_resolved_in_commit", { commit: "abc" }, "Ada resolved it by the commit abc"],
  ["set_ignored", { ignoreCount: 1 }, "Ada muted it until 1 more event"],
  ["set_ignored", { ignoreUserCount: 10 }, "Ada muted it until 10 people have it"],
  ["set_ignored", { ignoreUntilNext: true }, "Ada muted it until it happens again"],
  ["set_ignored", { ignoreUntilEscalating: true }, "Ada muted it until it escalates"],
  ["set_ignored", { ignoreUntil: "2026-01-01T00:00:00Z" }, "Ada muted it for a time"],
  ["set_unresolved", { ignoreUntil: "2026-01-01" }, "Open again: it was muted until now"],
  ["set_escalating", { ignoreCount: 5 }, "Open again: it was muted until 5 more events"],
  ["set_escalating", { forecast: 2 }, "Came much more often than before"],
  ["auto_set_ongoing", { after_days: 1 }, "As usual again"],
  ["set_priority", { priority: "high" }, "Ada set the priority to high"],
  ["set_priority", {}, "Ada let the priority follow from its events"],
  ["of_a_newer_server", {}, "Ada changed it"],
  ["constructor", {}, "Ada changed it"],
])("what happened, %s %j, is said as %j", (type, data, said) => {
  expect(activityWords(happened(type, data))).toBe(said);
});

test("what no person did has no person in it", () => {
  expect(activityWords(happened("set_resolved", {}, null))).toBe("A rule or a token resolved it");
});

const text = (words: string) => ({ kind: "text", text: words });
const line = (...pieces: object[]) => [{ kind: "paragraph", lines: [pieces] }];

describe("comments", () => {
  test.each<[string, object[]]>([
    ["plain words", line(text("plain words"))],
    ["a **b** c", line(text("a "), { kind: "strong", pieces: [text("b")] }, text(" c"))],
    ["*a*", line({ kind: "emphasis", pieces: [text("a")] })],
    ["snake_case_name 2*3*4", line(text("snake_case_name 2*3*4"))],
    ["`x * y`", line({ kind: "code", text: "x * y" })],
    ["**open", line(text("**open"))],
    ["<b>a</b>", line(text("<b>a</b>"))],
    [
      "see https://a.test/b. Then",
      line(
        text("see "),
        { kind: "link", text: "https://a.test/b", href: "https://a.test/b" },
        text(". Then"),
      ),
    ],
    ["[x](https://a.test)", line({ kind: "link", text: "x", href: "https://a.test/" })],
    ["[x](javascript:alert(1))", line(text("[x](javascript:alert(1))"))],
    ["- a\n- b", [{ kind: "list", isOrdered: false, items: [[text("a")], [text("b")]] }]],
    ["1. a", [{ kind: "list", isOrdered: true, items: [[text("a")]] }]],
    ["> a\n> b", [{ kind: "quote", lines: [[text("a")], [text("b")]] }]],
    [
      "```js\nlet a;\n\n# b\n```\nc",
      [{ kind: "code", language: "js", text: "let a;\n\n# b" }, ...line(text("c"))],
    ],
    ["```\nopen", [{ kind: "code", language: "", text: "open" }]],
    ["", []],
  ])("%j is read as Markdown", (written, blocks) => {
    expect(markdownBlocks(written)).toEqual(blocks);
  });

  test("of any text no letter is lost, and none takes long", () => {
    const signs = fc.constantFrom(..."ab *_`[](>-#@1.\n:/h".split(""), "https://a.t", "```");
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 60 }), (given) => {
        const written = given.join("");
        const shown = JSON.stringify(markdownBlocks(written));
        for (const letter of written.match(/[ab]/g) ?? []) expect(shown).toContain(letter);
      }),
    );
    for (const sign of ["*", "_", "`", "[", "**a", "h", "[](", "> "]) {
      expect(markdownBlocks(sign.repeat(10_000 / sign.length))).not.toBeNull();
    }
  });
});

describe("somebody who is named in a comment", () => {
  test.each<[string, ReturnType<typeof mentionAt>]>([
    ["@", { at: 0, words: "" }],
    ["ask @ad", { at: 4, words: "ad" }],
    ["ask @Ada L", { at: 4, words: "Ada L" }],
    ["ada@acme", undefined],
    ["ask @ now", undefined],
    ["@Ada L is one", undefined],
    ["@a\nb", undefined],
    ["nobody", undefined],
  ])("typed as %j", (typed, expected) => {
    expect(mentionAt(typed, typed.length)).toEqual(expected);
  });

  test("stands where one was typing, and one types on behind it", () => {
    const named = withMention("ask @ad please", 7, { id: "user:7", name: "Ada" });
    expect(named).toEqual({ text: "ask @Ada please", caret: 9 });
  });

  test.each<[string, string[], string[]]>([
    ["@Ada and @core", [], ["user:7", "team:2"]],
    ["@core", [], ["team:2"]],
    // Whose name is not known here stays; who was named and is not any more goes.
    ["@core", ["user:9", "user:7"], ["user:9", "team:2"]],
  ])("in %j, after %j, are %j", (written, before, expected) => {
    const chosen = [
      { id: "user:7", name: "Ada" },
      { id: "team:2", name: "core" },
    ];
    expect(mentionsIn(written, chosen, before)).toEqual(expected);
  });
});

describe("whom an issue can be given to", () => {
  const bob = { id: "8", name: "", email: "bob@acme.test" };
  const given = { me: ada, teams: [{ id: "2", slug: "core" }], members: [ada, bob] };
  test.each<[string, string[]]>([
    ["", ["Me", "Nobody", "#core", "bob@acme.test"]],
    ["ada", ["Me"]],
    ["cor", ["#core"]],
    ["no", ["Nobody"]],
    ["acme bob", ["bob@acme.test"]],
  ])("of %j, with the members that the server found", (words, names) => {
    expect(assigneeRows(words, given).map(({ name }) => name)).toEqual(names);
  });

  test("teams that have all of the projects", () => {
    const [core, web] = [
      { id: "2", slug: "core" },
      { id: "3", slug: "web" },
    ];
    const projects = [
      { id: "1", teams: [core, web] },
      { id: "5", teams: [web] },
    ];
    const having = (...ids: string[]) => teamsOf(projects, [core, web], new Set(ids));
    expect(having("1")).toEqual([core, web]);
    expect(having("1", "5")).toEqual([web]);
    expect(teamsOf(projects, [core, web], undefined)).toEqual([core, web]);
  });
});
