import { expect, test } from "vitest";
import { changeOfAnswers } from "../../../src/web/issues/status-choices";
import { statusWords } from "../../../src/web/issues/status-words";

const actor = { id: "1", name: "Anna", email: "anna@example.com" };

test("a status is said in a sentence, with what ends it and whose doing it was", () => {
  const table: [Parameters<typeof statusWords>[0], string | undefined][] = [
    [{ status: "unresolved", substatus: "new", statusDetails: {} }, undefined],
    [
      { status: "unresolved", substatus: "regressed", statusDetails: {} },
      "Came back after it was resolved",
    ],
    [
      { status: "unresolved", substatus: "escalating", statusDetails: { actor } },
      "Has become much more than it was",
    ],
    ...(
      [
        [{}, "Resolved"],
        [{ actor }, "Resolved by Anna"],
        [{ inRelease: "2.4.0", actor }, "Resolved in 2.4.0 by Anna"],
        [
          { inNextRelease: true, currentRelease: "2.4.0", actor },
          "Resolved in the release after 2.4.0 by Anna",
        ],
        [{ inCommit: { commit: "abc", repository: null } }, "Resolved in the commit abc"],
        [{ inRelease: "{who}", actor }, "Resolved in {who} by Anna"],
      ] as const
    ).map(([statusDetails, words]): [Parameters<typeof statusWords>[0], string] => [
      { status: "resolved", substatus: null, statusDetails },
      words,
    ]),
    ...(
      [
        [{}, "Muted for good"],
        [
          { ignoreCount: 100, eventsSince: 7, actor },
          "Muted until 100 more events, 7 so far (by Anna)",
        ],
        [{ ignoreCount: 1, eventsSince: 0 }, "Muted until 1 more event, 0 so far"],
        [{ ignoreCount: 5, ignoreWindow: 60 }, "Muted until 5 events within 1 h"],
        [{ ignoreUserCount: 10 }, "Muted until 10 people have it"],
        [
          { ignoreUserCount: 10, ignoreUserWindow: 5 },
          "Muted until 10 people have it within 5 min",
        ],
        [{ ignoreUntil: "2026-01-01T00:00:00Z" }, "Muted for a time"],
        [{ ignoreUntilNext: true }, "Muted until it happens again"],
        [{ ignoreUntilEscalating: true, actor }, "Muted until it escalates (by Anna)"],
      ] as const
    ).map(([statusDetails, words]): [Parameters<typeof statusWords>[0], string] => [
      { status: "ignored", substatus: null, statusDetails },
      words,
    ]),
  ];
  for (const [issue, words] of table) expect(statusWords(issue)).toBe(words);
});

test("what somebody asks for in the dialog is a change", () => {
  const resolved = (statusDetails: object) => ({ status: "resolved", statusDetails });
  const ignored = (statusDetails: object) => ({ status: "ignored", statusDetails });
  const table: [Parameters<typeof changeOfAnswers>[0], object][] = [
    [{ kind: "release", value: "2.4", within: "" }, resolved({ inRelease: "2.4" })],
    [{ kind: "commit", value: "abc", within: "" }, resolved({ inCommit: { commit: "abc" } })],
    [
      { kind: "commit", value: "abc", within: "acme/shop" },
      resolved({ inCommit: { commit: "abc", repository: "acme/shop" } }),
    ],
    [
      { kind: "moment", value: "2026-12-24T18:00:00Z", within: "" },
      ignored({ ignoreUntil: "2026-12-24T18:00:00.000Z" }),
    ],
    [{ kind: "events", value: "50", within: "" }, ignored({ ignoreCount: 50 })],
    [{ kind: "events", value: "50", within: "5" }, ignored({ ignoreCount: 50, ignoreWindow: 5 })],
    [
      { kind: "people", value: "3", within: "60" },
      ignored({ ignoreUserCount: 3, ignoreUserWindow: 60 }),
    ],
  ];
  for (const [answers, change] of table) expect(changeOfAnswers(answers)).toEqual(change);
});
