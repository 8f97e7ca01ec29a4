import { type SQL, sql } from "drizzle-orm";
import * as callers from "../src/access/queries";
import * as tokens from "../src/access/token-queries";
import * as people from "../src/accounts/account-queries";
import * as factors from "../src/accounts/factor-queries";
import * as users from "../src/accounts/user-queries";
import * as health from "../src/admin/health-queries";
import * as metrics from "../src/admin/metrics-queries";
import * as alerts from "../src/alerts/queries";
import * as entries from "../src/audit/entry-queries";
import * as audit from "../src/audit/queries";
import * as locks from "../src/digest/queries";
import * as ingest from "../src/ingest/queries";
import * as activity from "../src/issues/activity-queries";
import * as aged from "../src/issues/aged-queries";
import * as assignment from "../src/issues/assignment-queries";
import * as changeSlices from "../src/issues/change-slice-queries";
import * as deletions from "../src/issues/delete-queries";
import * as digest from "../src/issues/digest-queries";
import * as escalations from "../src/issues/escalation-queries";
import * as events from "../src/issues/event-queries";
import * as filters from "../src/issues/filter-queries";
import * as groupingContext from "../src/issues/grouping-queries";
import * as hashes from "../src/issues/hash-queries";
import * as jobs from "../src/issues/job-queries";
import * as marks from "../src/issues/mark-queries";
import * as merges from "../src/issues/merge-queries";
import * as moves from "../src/issues/move-queries";
import * as numbers from "../src/issues/number-queries";
import * as outbox from "../src/issues/outbox-queries";
import { overflowIssue } from "../src/issues/overflow";
import * as owned from "../src/issues/owned-queries";
import * as palette from "../src/issues/palette-queries";
import * as met from "../src/issues/people-queries";
import { planIssues } from "../src/issues/plan";
import * as priorities from "../src/issues/priority-queries";
import * as issues from "../src/issues/queries";
import * as ranks from "../src/issues/rank-queries";
import * as regroupJobs from "../src/issues/regroup-job-queries";
import * as regroupMoves from "../src/issues/regroup-move-queries";
import * as regroups from "../src/issues/regroup-queries";
import * as reopen from "../src/issues/reopen-queries";
import type { IssueFilter } from "../src/issues/search/condition";
import * as conditions from "../src/issues/search/condition-queries";
import * as shares from "../src/issues/share-queries";
import * as similar from "../src/issues/similar-queries";
import { plainCells } from "../src/issues/state-cells";
import * as states from "../src/issues/state-queries";
import type { WantedCells } from "../src/issues/status-details";
import * as store from "../src/issues/store-queries";
import * as suggestions from "../src/issues/suggestion-queries";
import * as tags from "../src/issues/tag-queries";
import * as takingBack from "../src/issues/take-back-queries";
import * as texts from "../src/issues/text-queries";
import * as undoMerges from "../src/issues/undo-merge-queries";
import * as undo from "../src/issues/undo-queries";
import * as unmerges from "../src/issues/unmerge-queries";
import * as views from "../src/issues/views/queries";
import * as members from "../src/orgs/member-queries";
import * as orgs from "../src/orgs/queries";
import * as teams from "../src/orgs/team-queries";
import type { Db } from "../src/platform/database";
import { newSegment } from "../src/platform/segment";
import * as aging from "../src/projects/aging-queries";
import * as keys from "../src/projects/key-queries";
import * as projects from "../src/projects/queries";
import * as subscriptions from "../src/projects/subscription-queries";
import * as environments from "../src/releases/environment-queries";
import * as releases from "../src/releases/queries";
import * as stats from "../src/stats/queries";

type Tail<F> = F extends (db: Db, ...rest: infer R) => unknown ? R : never;
type StatementNames<M> = {
  [N in keyof M]: M[N] extends (db: Db, ...rest: never[]) => unknown ? N : never;
}[keyof M];

/** A file of queries and, for every statement that it exports, what that may be called with: one list for each form. */
export type Sampled = {
  path: string;
  exported: object;
  names: string[];
  build(db: Db): { name: string; made: unknown }[];
};

/** A statement without samples is a type error. */
const sampled = <M extends object>(
  path: string,
  exported: M,
  samples: { [N in StatementNames<M>]: Tail<M[N]>[] },
): Sampled => ({
  path,
  exported,
  names: Object.keys(samples),
  build: (db) =>
    Object.entries<unknown[][]>(samples).flatMap(([name, calls]) =>
      calls.map((rest) => ({
        name: `${path} ${name}`,
        made: (exported as Record<string, (db: Db, ...rest: unknown[]) => unknown>)[name]?.(
          db,
          ...rest,
        ),
      })),
    ),
});

type Text = { sql: string; params: unknown[] };

/** What would be sent for a statement that nobody awaited. */
export function textOf(statement: unknown): Text {
  const { toSQL, getQuery } = statement as { toSQL?: () => Text; getQuery?: () => Text };
  const text = getQuery?.call(statement) ?? toSQL?.call(statement);
  if (!text) throw new Error("this is no statement");
  return text;
}

const now = new Date("2026-11-26T12:00:00Z");
const uuid = "019ab000-0000-7000-8000-000000000001";
const eventId = uuid.replaceAll("-", "");
const first = { limit: 50, cursor: undefined };
const [later, earlier] = [false, true].map((backward) => ({
  byNumber: { limit: 50, cursor: { backward, value: "7", id: "7" } },
  byText: { limit: 50, cursor: { backward, value: "shop", id: "7" } },
  byTime: { limit: 50, cursor: { backward, value: now.toISOString(), id: uuid } },
})) as [Pages, Pages];
type Pages = Record<
  "byNumber" | "byText" | "byTime",
  { limit: number; cursor: { backward: boolean; value: string; id: string } }
>;
const byNumber = [first, later.byNumber, earlier.byNumber];
const byText = [first, later.byText, earlier.byText];
const byTime = [first, later.byTime, earlier.byTime];

const job = {
  id: uuid,
  orgId: 1,
  kind: "merge" as const,
  issueIds: [1, 2],
  task: {},
  at: {},
  total: 2,
  userId: 1,
  createdAt: now,
};
const merging = { orgId: 1, projectId: 1, winnerId: 1, loserIds: [2] };
const chunk = {
  winnerId: 1,
  loserIds: [2],
  step: { id: uuid, at: { phase: "hours" } },
  next: { phase: "tags" },
  limit: 10,
  now,
};

const parting = { orgId: 1, projectId: 1, sourceId: 1, targetId: 2, hashes: ["a"] };
const part = { ...parting, step: chunk.step, next: {}, now };

const actor = { userId: 1, name: "ada@example.com", ip: null };
const note = { actor, event: "member.edit", target: "ada@example.com" };
const rule = { name: "many", timespanMinutes: 5, quantity: 100, uptime: false };
const recipients = [
  { type: "email", url: "", tags: [], config: null },
  { type: "webhook", url: "https://hooks.example.com", tags: ["env"], config: { secret: "x" } },
];
const invitation = { email: "ada@example.com", role: "member" as const, teams: ["core"] };
const messageId = { id: uuid, receivedAt: +now };
const outcome = {
  receivedAt: +now,
  projectId: 1,
  hour: +now,
  category: "error" as const,
  outcome: "filtered" as const,
  reason: "other" as const,
  quantity: 2,
};
const chosen = { from: now, to: now, stepSeconds: 3600, projectIds: [], categories: [] };
const sightings = { rows: "[]", from: now, to: now, windowSeconds: 60 };
const ofSome = { from: now, to: now, environments: ["production", "staging"] };
const everyEntry = { events: [], actorId: undefined, from: undefined, to: undefined };

const noFilter: IssueFilter = { conditions: [], isBroad: true };
const everyFilter: IssueFilter = {
  isBroad: false,
  conditions: [
    { on: "status", values: ["resolved", "ignored"], negated: false },
    { on: "assigned", to: { memberIds: [1], teamIds: [1] }, negated: false },
    { on: "assigned", to: "anybody", negated: true },
    { on: "marked", mark: "bookmarked", memberIds: [1], negated: false },
    { on: "marked", mark: "subscribed", memberIds: [1, 2], negated: true },
    { on: "priority", values: [2, 3], negated: false },
    { on: "level", values: [4], negated: true },
    { on: "project", values: [1, 2], negated: false },
    { on: "project", values: [3], negated: true },
    { on: "issue", values: [1], negated: false },
    { on: "number", column: "event_count", all: [{ sign: ">", value: 1 }], negated: false },
    { on: "moment", column: "last_seen_at", all: [{ sign: "<=", value: now }], negated: true },
    { on: "tag", key: "plan", values: [["pro"], ["team"], ["p", ""]], negated: false },
    { on: "seen", from: now, to: now, environments: [], negated: false },
    { on: "seen", from: now, to: now, environments: ["production"], negated: false },
    { on: "tagged", keys: ["plan"], negated: false },
    { on: "measured", key: "ms", all: [{ sign: ">", value: 250 }], negated: true },
    { on: "person", hashes: [1n], tags: [["user.id", "1"]], negated: false },
    { on: "anyone", negated: true },
    { on: "everything", negated: false },
    { on: "words", pattern: ["broke"], negated: false },
    { on: "words", pattern: ["it", "broke"], negated: true },
    { on: "column", column: "title", values: [["it ", ""]], negated: true },
    { on: "column", column: "platform", values: [["node"]], negated: false },
    { on: "field", fields: ["url", "title"], values: [["a", "b"]], negated: false },
    { on: "field", fields: ["sdk"], values: [["a"]], negated: true },
    { on: "fielded", fields: ["url", "sdk"], negated: false },
    {
      on: "substatus",
      values: ["new", "ongoing", "regressed", "escalating", "for_review"],
      newSince: now,
      negated: false,
    },
    {
      on: "any",
      negated: false,
      of: [
        { on: "words", pattern: ["a"], negated: false },
        { on: "tag", key: "plan", values: [["pro"]], negated: false },
        { on: "column", column: "culprit", values: [["a"]], negated: false },
        { on: "issue", values: [1], negated: false },
      ],
    },
    {
      on: "all",
      negated: true,
      of: [
        { on: "words", pattern: ["a"], negated: false },
        { on: "any", of: [], negated: false },
        { on: "all", of: [], negated: false },
      ],
    },
  ],
};
const view = {
  name: "Mine",
  query: "is:new",
  sort: "",
  columns: ["events"],
  visibility: "owner" as const,
  projectIds: [1],
  environments: ["production"],
  timeFilters: { period: "24h" },
};
const everyRank = [
  { by: "trend" as const, from: now, to: now, environments: [] },
  { by: "count" as const, from: now, to: now, environments: [] },
  { by: "count" as const, from: now, to: now, environments: ["production"] },
];
const everySort = (["last_seen", "first_seen", "count", "users", "priority", "trend"] as const).map(
  (by) => ({ by, descending: true }),
);

const inRelease: WantedCells = {
  ...plainCells("resolved"),
  rule: "release",
  release: "shop@1.4",
  order: { package: "shop", key: "1", build: "7" },
};

const explanation = { ...overflowIssue.grouping, algo: "g1", variant: "message" } as const;
const batch = planIssues(
  [
    {
      orgId: 1,
      projectId: 1,
      eventId,
      receivedAt: +now,
      happenedAt: +now,
      userHash: 1n,
      groupings: {
        g1: { primary: "a", secondary: [], explanation },
        g2: { primary: "b", secondary: [], explanation: { ...explanation, algo: "g2" } },
      },
      summary: {
        type: "error",
        title: "Error",
        culprit: "",
        metadata: {},
        level: "error",
        platform: "node",
        tags: [["plan", "pro"]],
        searchText: "error",
      },
      lines: [{ mark: "\u0001", text: "Error", hash: 1, isFact: false }],
      payload: new Uint8Array(4),
    },
  ],
  newSegment(uuid),
  { knownHashes: new Map(), projectsOnG1: new Set([1]) },
);
const count = (rows: SQL) => stats.addCounts(rows);
const bounds = { newIssuesPerHour: 10, hour: +now, overflow: overflowIssue, count };

export const samples: Sampled[] = [
  sampled("src/admin/health-queries.ts", health, { selectNothing: [[]] }),
  sampled("src/admin/metrics-queries.ts", metrics, {
    selectTotals: [[now]],
    selectSizes: [[]],
    selectReaderLags: [[["alerts"], now]],
    selectOutcomeSums: [[now]],
  }),
  sampled("src/alerts/queries.ts", alerts, {
    selectAlerts: byNumber.map((range) => [1, range]),
    selectAlertsOfOrganization: byText.map((range) => [1, range]),
    selectAlert: [[1, 1]],
    insertAlert: [
      [1, rule, recipients],
      [1, { ...rule, quantity: null }, []],
    ],
    updateAlert: [[1, 1, rule]],
    replaceRecipients: [[1, 1, recipients]],
    deleteAlert: [[1, 1]],
  }),
  sampled("src/accounts/account-queries.ts", people, {
    selectAnyUser: [[]],
    insertFirstUser: [[{ name: "Ada", email: "ada@example.com", passwordHash: "x:y" }]],
    selectIsActive: [[1]],
    touchLogin: [[1, now]],
    touchAuthentication: [[1, now]],
    endProofs: [[1]],
    endOthers: [
      [1, { sessionId: 1 }],
      [1, { sessionId: 1, token: "x" }, sql`exists (select 1)`],
    ],
    insertProof: [[{ identifier: "verify-email:x", userId: 1, expiresAt: now, now }]],
    verifyMainEmail: [["verify-email:x", now]],
    useTotpStep: [[1, 1]],
    selectInvited: [
      ["ada@example.com", undefined, now],
      ["ada@example.com", { memberId: 1, tokenHash: "x" }, now],
    ],
    selectIsVerified: [[1]],
    reclaimStatements: [[1]],
    deleteExpired: [[now]],
  }),
  sampled("src/accounts/factor-queries.ts", factors, {
    selectFactors: [[1]],
    selectSessions: [[1, now]],
    deleteSessions: [[1, [1, 2]]],
    selectAccountId: [[1, "github", "7"]],
    renamePasskey: [[1, 1, "laptop"]],
    selectProof: [[{ identifier: "verify-email:x", tokenHash: "x" }, now]],
  }),
  sampled("src/access/queries.ts", callers, {
    selectTokenCaller: [["x", now]],
    selectSessionCaller: [["x", now]],
    touchToken: [[1, now]],
  }),
  sampled("src/access/token-queries.ts", tokens, {
    selectTokens: [
      ...byNumber.map((range): Tail<typeof tokens.selectTokens> => [{ userId: 1 }, range]),
      [{ orgId: 1 }, first],
    ],
    selectToken: [[{ userId: 1 }, 1]],
    insertToken: [
      [{ userId: 1 }, { hash: "x", hint: "y", label: "", scopes: ["org:read"], expiresAt: null }],
      [{ orgId: 1 }, { hash: "x", hint: "y", label: "", scopes: [], expiresAt: now }],
    ],
    updateTokenLabel: [[{ orgId: 1 }, 1, "ci"]],
    deleteToken: [[{ orgId: 1 }, 1]],
    deleteTokensOf: [[1]],
  }),
  sampled("src/accounts/user-queries.ts", users, {
    selectIdentities: [[1]],
    updateUser: [
      [1, {}],
      [1, { name: "Ada", options: { language: "en" } }],
    ],
    deleteUser: [[1]],
    selectSubscribeByDefault: [[1]],
    updateSubscribeByDefault: [[1, true]],
    selectEmails: [[1]],
    selectTaken: [["ada@example.com"]],
    upsertEmail: [[1, "ada@example.com", "x", now]],
    verifyEmail: [["x", now]],
    makePrimary: [[1, "ada@example.com", 1]],
    deleteEmail: [[1, "ada@example.com"]],
    updateRecoveryCodes: [[1, "[]"]],
    selectUsers: byNumber.map((range) => ["ada", range]),
    updateManagedUser: [
      [1, {}],
      [1, { isActive: false, isSuperuser: true }],
    ],
  }),
  sampled("src/digest/queries.ts", locks, {
    lockProjects: [
      [[1, 2], "try"],
      [[1, 2], "wait"],
    ],
  }),
  sampled("src/ingest/queries.ts", ingest, {
    selectProjectIds: [[[]], [[1, 2]]],
    selectKey: [[uuid]],
  }),
  sampled("src/issues/activity-queries.ts", activity, {
    selectActivities: [
      ...byTime.map((range): Tail<typeof activity.selectActivities> => [1, "all", range]),
      [1, "notes", later.byTime],
    ],
    selectNote: [[1, 1]],
    selectIssuePlace: [[[1], 1]],
    selectMentionable: [[1, [1], [1, 2]]],
    insertNote: [[1, 1, { userId: null, data: { text: "Seen before" }, now }]],
    updateNote: [[1, 1, { text: "Seen before" }, now]],
    deleteNote: [[1, 1]],
  }),
  sampled("src/issues/assignment-queries.ts", assignment, {
    selectAssignablePerson: [
      [1, 1],
      [1, "ada@example.com"],
    ],
    selectAssignableTeam: [
      [1, 1],
      [1, "core"],
    ],
    assignIssues: [
      [
        [1],
        [1, 2],
        { type: "user", memberId: "1", id: "1", name: "Ada", email: "ada@example.com" },
        { userId: 1, now, undoId: uuid },
      ],
      [
        [1],
        [1, 2],
        { type: "team", id: "1", name: "core", projectIds: [1] },
        { userId: 1, now, undoId: null },
      ],
    ],
    selectAssigned: [
      [1, null, [], []],
      [1, 1, [1], ["core", "ada@example.com"]],
    ],
    unassignIssues: [[[1], [1, 2], { userId: null, now, undoId: uuid }]],
  }),
  sampled("src/issues/digest-queries.ts", digest, {
    selectKnownEvents: [[sightings]],
    selectKnownHashes: [
      ["[]", true],
      ["[]", false],
    ],
    assertKnownHashes: [["[]"]],
    selectLiveProjects: [[[1], now]],
    assertStillFresh: [[sightings, [1], [1]]],
    deleteIssuesOfProject: [[1, 10]],
    deleteStaleIssues: [[now]],
  }),
  sampled("src/issues/grouping-queries.ts", groupingContext, {
    selectGroupingContext: [[1, 1, ["a"]]],
  }),
  sampled("src/issues/hash-queries.ts", hashes, {
    selectHashes: byText.map((range) => [1, range]),
  }),
  sampled("src/issues/job-queries.ts", jobs, {
    insertJob: [[{ ...job, leasedUntil: now }]],
    selectJob: [[1, uuid]],
    selectJobs: [[1, 10]],
    selectJobOf: [[1, [1, 2]]],
    assertNoJobOf: [[1, [1, 2]]],
    claimJob: [[now, now]],
    releaseJob: [[uuid, now]],
    noteJobFailure: [3, null].map((failuresMax) => [
      uuid,
      { error: "it broke", nextAt: now, failuresMax, now },
    ]),
    sliceIssues: [noFilter, everyFilter].map((filter) => [
      uuid,
      1,
      filter,
      plainCells("resolved"),
      { size: 10, max: 100 },
    ]),
    selectSlice: [[uuid]],
    assertSlice: [[uuid, 0]],
    finishSlice: [[uuid, 0, now]],
    finishEmpty: [[uuid, now]],
    countChanged: [[uuid, 3]],
    cancelJob: [[1, uuid, ["change", "delete"], now]],
    selectJobUndoneBy: [[1, uuid]],
    deleteOldJobs: [[now]],
  }),
  sampled("src/issues/merge-queries.ts", merges, {
    selectMergeable: [[1, [1, 2]]],
    assertMergeable: [[merging]],
    countMerged: [[[1, 2]]],
    hideMerged: [[merging]],
    redirectHashes: [[merging]],
    moveActivities: [[merging]],
    nameWinner: [[merging]],
    noteMerge: [[1, { userId: 1, data: { issues: [] }, now }]],
    moveHours: [[chunk]],
    moveTags: [[chunk]],
    moveUsers: [[chunk]],
    moveTexts: [[chunk]],
    moveEvents: [[chunk]],
    finishMerge: [[chunk]],
  }),
  sampled("src/issues/regroup-queries.ts", regroups, {
    selectEventsToRegroup: [
      [1, "overflow", { limit: 10 }],
      [
        1,
        "overflow",
        {
          limit: 10,
          since: now.toISOString(),
          before: { receivedAt: now.toISOString(), eventId: uuid },
          unseenBy: uuid,
        },
      ],
    ],
    selectMergedHashes: [[1, [1, 2]]],
    selectNames: [[1, [1, 2]]],
  }),
  sampled("src/issues/regroup-job-queries.ts", regroupJobs, {
    selectRegroupOf: [[1, 1]],
    selectUndoable: [[1, 1, now]],
    forgetFormerRegroups: [[1, 1]],
    assertNoRegroupOf: [[1, 1]],
    lockGrouping: [[1]],
    noteLooked: [[{ ...chunk, rows: [], looked: 1 }]],
    selectCombinations: [[uuid, 10]],
    takeIds: [[2]],
    goOn: [[{ ...chunk, issueIds: [1, 2], total: 3 }]],
    passOn: [[chunk.step, {}, now]],
    giveUp: [[uuid, "too much", now]],
    makeIssues: [[1, [{ id: 3, sourceId: 1 }]]],
    leadAnew: [[uuid, 1, [{ hash: "a", issueId: 1 }]]],
    leadBack: [[uuid, 1]],
    showHidden: [[[1, 2]]],
    selectEventsToMove: [
      [{ jobId: uuid, projectId: 1, isBack: false }, 10],
      [
        {
          jobId: uuid,
          projectId: 1,
          isBack: true,
          before: { receivedAt: now.toISOString(), eventId: uuid },
        },
        10,
      ],
    ],
    selectMoves: [
      [uuid, false],
      [uuid, true],
    ],
    rehashEvents: [
      [{ ...chunk, projectId: 1, jobId: uuid, isBack: false, from: "epoch", to: "infinity" }],
      [{ ...chunk, projectId: 1, jobId: uuid, isBack: true, from: "epoch", to: "infinity" }],
    ],
    selectLookedEnd: [[uuid, "epoch", 10]],
    moveHappenings: [[[{ from: 1, into: 2 }]]],
  }),
  sampled("src/issues/move-queries.ts", moves, {
    moveBetween: [[{ ...chunk, orgId: 1, events: [], tags: [], texts: [], levels: [] }]],
    nameAnew: [[[]]],
    forgetPeopleOf: [[{ ...chunk, sourceId: 1, others: [2] }]],
    countPeopleOf: [[{ ...chunk, sourceId: 1, others: [2], from: "epoch", to: "infinity" }]],
    selectTextsOf: [[[1, 2]]],
  }),
  sampled("src/issues/regroup-move-queries.ts", regroupMoves, {
    seeAnew: [[[1, 2], now.toISOString()]],
    selectEmpty: [[[1, 2]]],
    selectNewestOf: [[[1, 2]]],
    hideEmpty: [[uuid, 1, [{ from: 1, into: 2 }]]],
    endRegroup: [[chunk.step, [{ from: 1, into: 2 }], now]],
  }),
  sampled("src/issues/unmerge-queries.ts", unmerges, {
    selectFormer: [[1, 1, ["a"]]],
    countFoundBy: [[1, ["7"], 10]],
    assertLeading: [[parting]],
    makeIssue: [[parting]],
    makeDetails: [[parting]],
    leadElsewhere: [[parting]],
    noteUnmerge: [[parting, "unmerge_source", { userId: null, now }]],
    selectFoundBy: [
      [1, ["7"], undefined, 10],
      [1, ["7"], { receivedAt: now.toISOString(), eventId: uuid }, 10],
    ],
    selectChunkEnd: [[1, now.toISOString(), 10]],
    finishUnmerge: [[part], [{ ...part, next: undefined }]],
  }),
  sampled("src/issues/event-queries.ts", events, {
    selectEvents: [
      ...byTime.map((range): Tail<typeof events.selectEvents> => [{ issueId: 1 }, 1, range]),
      [{ projectId: 1 }, 1, first, { ids: [eventId], from: now, to: now }],
      [{ issueId: 1 }, 1, later.byTime, ofSome],
    ],
    selectWalkEnd: [[{ issueId: 1 }, 1, later.byTime, ofSome]],
    selectEvent: [
      [{ issueId: 1 }, 1, "latest"],
      [{ issueId: 1 }, 1, "oldest", ofSome],
      [{ projectId: 1 }, 1, eventId],
    ],
  }),
  sampled("src/issues/filter-queries.ts", filters, {
    selectProjectNames: [[1]],
    selectTagKeys: [
      [1, [], ["plan"]],
      [1, [1], ["plan"]],
    ],
    selectIssuesOfEvents: [[1, [eventId]]],
    selectIssuesByShortId: [[[1], [{ slug: "shop", number: 1 }]]],
  }),
  sampled("src/issues/palette-queries.ts", palette, {
    selectProjectsCalled: [[1, "shop"]],
    selectTeamsCalled: [[1, "core"]],
    selectMembersCalled: [[1, "ada"]],
    selectIssuesTitled: [[1, "broke"]],
    selectIssueNumbered: [[1, { slug: "shop", number: 1 }]],
  }),
  sampled("src/issues/mark-queries.ts", marks, {
    markIssues: [
      [
        [1],
        [1, 2],
        { memberId: 1, hasSeen: true, isBookmarked: true, isSubscribed: false, now },
        uuid,
      ],
      [[1], [1, 2], { memberId: 1, hasSeen: false, now }, null],
      [[1], [1, 2], { memberId: 1, isBookmarked: true, now }, uuid],
    ],
    moveMarks: [[1, [2, 3]]],
    selectWatchers: [[1, 1]],
  }),
  sampled("src/issues/share-queries.ts", shares, {
    shareIssues: [[[1], [1, 2], ["a".repeat(32), "b".repeat(32)], { userId: 1, now }]],
    unshareIssues: [[[1], [1, 2], { userId: null, now }]],
    selectShared: [["a".repeat(32)]],
  }),
  sampled("src/issues/owned-queries.ts", owned, {
    assignOwned: [
      [
        [
          {
            project_id: 1,
            event_id: eventId,
            received_at: now.toISOString(),
            assigns: true,
            owners: [{ member_id: 1, team_id: null, rule: "path:src #core", data: {} }],
          },
        ],
        now,
      ],
    ],
    suggestOwners: [
      [
        [
          {
            project_id: 1,
            event_id: eventId,
            received_at: now.toISOString(),
            assigns: false,
            owners: [{ member_id: null, team_id: 1, rule: "", data: {} }],
          },
        ],
      ],
    ],
  }),
  sampled("src/issues/outbox-queries.ts", outbox, {
    selectChanges: [[[1, 2]]],
    selectUnhandledChanges: [[now, 10]],
    markChangesHandled: [[[1], now]],
    selectDueFailures: [["alerts", now, 10]],
    upsertFailures: [[[]]],
    deleteFailures: [["alerts", [1]]],
    deleteHandledChanges: [[now, 10]],
  }),
  sampled("src/issues/queries.ts", issues, {
    selectIssues: [
      ...everySort.flatMap((sort) =>
        byNumber.map(
          (range): Tail<typeof issues.selectIssues> => [
            ...([1, noFilter, sort] as const),
            ...([range, now, 100] as const),
          ],
        ),
      ),
      [1, everyFilter, { by: "count", descending: false }, later.byNumber, now, 100],
      ...everyRank.flatMap((rank) =>
        byNumber.map(
          (range): Tail<typeof issues.selectIssues> => [
            ...([1, everyFilter, { by: rank.by, descending: true }] as const),
            ...([range, now, 100, rank] as const),
          ],
        ),
      ),
    ],
    countIssues: everySort.map((sort) => [1, everyFilter, sort, 100]),
    countEach: [[1, [noFilter, everyFilter].map((filter) => ({ filter, max: 100 }))]],
    selectIssue: [
      [[1], 1, now],
      [[1], 1, now, [1, 2]],
    ],
    selectIssueIds: [
      [1, noFilter, plainCells("resolved"), 0, 10],
      [1, noFilter, inRelease, 0, 10],
      [1, everyFilter, undefined, 0, 10],
    ],
    selectProjectsOf: [noFilter, everyFilter].map((filter) => [1, filter]),
    selectIssueTags: [
      [1, []],
      [1, ["plan"]],
    ],
  }),
  sampled("src/issues/store-queries.ts", store, {
    storePlan: [
      [batch, { ...bounds, isCrowded: false }],
      [batch, { ...bounds, isCrowded: true }],
      [batch, { ...bounds, newIssuesPerHour: 0, isCrowded: false }],
    ],
  }),
  sampled("src/issues/people-queries.ts", met, {
    selectPeople: [
      ...(["count", "last", "first"] as const).map(
        (sort): Tail<typeof met.selectPeople> => [1, ["production"], sort, first],
      ),
      [1, [], "count", { limit: 50, cursor: { backward: false, value: "7", id: uuid } }],
      [1, [], "last", later.byTime, [1n]],
    ],
  }),
  sampled("src/issues/similar-queries.ts", similar, {
    selectTitled: [[1, 1, "it broke"]],
    selectFramed: [[{ orgId: 1, projectId: 1, issueId: 1 }, ["pay", "total"], ["total"]]],
  }),
  sampled("src/issues/rank-queries.ts", ranks, {}),
  sampled("src/issues/reopen-queries.ts", reopen, {
    reopenIssues: [[batch.arrivals, { overflowHash: "overflow", windowedMax: 10 }]],
  }),
  sampled("src/issues/escalation-queries.ts", escalations, {
    selectHours: [[[1], now, now]],
    escalateIssues: [[[{ id: 1, limit: 10, forecast: 1 }], now]],
    calmIssues: [[now, 10]],
  }),
  sampled("src/issues/priority-queries.ts", priorities, {
    setPriority: (["high", null] as const).map((priority) => [
      [1],
      [1],
      priority,
      { userId: 1, now, undoId: uuid },
    ]),
  }),
  sampled("src/issues/state-queries.ts", states, {
    openDue: [[now, 10]],
  }),
  sampled("src/issues/search/condition-queries.ts", conditions, {}),
  sampled("src/issues/tag-queries.ts", tags, {}),
  sampled("src/issues/text-queries.ts", texts, {}),
  sampled("src/issues/delete-queries.ts", deletions, {
    lockProjectsOf: [[[1], [1, 2]]],
    deleteChosenIssues: [undefined, "SHOP-1"].map((shortId) => [
      [1],
      [1, 2],
      now,
      shortId,
      () => sql`select 1 from gone`,
    ]),
    selectDeletedIssues: [[10]],
    removeRowsOfIssues: [[[1, 2], 10]],
    forgetDeletedIssues: [[[1, 2]]],
  }),
  sampled("src/issues/suggestion-queries.ts", suggestions, {
    selectFrequentKeys: [noFilter, everyFilter].map((filter) => [1, filter, 10]),
    selectFrequentValues: ["", "pro"].map((prefix) => [1, everyFilter, "plan", prefix, 10]),
    selectTagValues: [
      [1, "plan", "", first],
      [1, "plan", "pro", first],
      [1, "plan", "", { limit: 5, cursor: { backward: false, value: "7", id: uuid } }],
    ],
  }),
  sampled("src/issues/number-queries.ts", numbers, {
    selectNumbers: [[], ["production"]].map((environments) => [
      [1],
      [1, 2],
      { from: now, to: now, environments, stepSeconds: 3600, walkedMax: 100 },
    ]),
  }),
  sampled("src/issues/views/queries.ts", views, {
    selectViews: [
      ...byText.map((range): Tail<typeof views.selectViews> => [1, 1, "", range]),
      [1, null, "shop", first],
    ],
    selectStarred: [[1, 1, 10]],
    selectView: [
      [1, 1, 1],
      [1, null, 1],
    ],
    selectDefault: [[1, 1]],
    insertView: [1, null].map((memberId) => [1, memberId, view, now]),
    updateView: [[1, 1, view, now]],
    deleteView: [[1, 1]],
    markView: [
      { position: "last" as const },
      { position: 1, isDefault: true },
      { visitedAt: now },
    ].map((mark) => [1, 1, mark]),
    forgetDefault: [[1]],
    orderTabs: [[1, [1, 2]]],
    selectRecent: ["", "shop"].map((text) => [1, text, 10]),
    noteRecent: [[1, "is:new", now]],
  }),
  sampled("src/issues/undo-merge-queries.ts", undoMerges, {
    selectMergedBefore: [[[1, 2]]],
    showAgain: [[1, [2, 3]]],
    leadMergedBack: [[1, [{ id: 3, into: 2 }]]],
    leadHashesBack: [[1, 1, [{ targetId: 2, hashes: ["a"] }]]],
    noteTakenApart: [[1, [2, 3], { userId: null, now }]],
  }),
  sampled("src/issues/change-slice-queries.ts", changeSlices, {}),
  sampled("src/issues/take-back-queries.ts", takingBack, {
    takeBackAssignees: [[{ orgId: 1, changeId: uuid, userId: 1, now }]],
    takeBackPriorities: [[{ orgId: 1, changeId: uuid, userId: null, now }]],
    takeBackMarks: [[{ orgId: 1, changeId: uuid, userId: 1, now }]],
  }),
  sampled("src/issues/undo-queries.ts", undo, {
    changeStatus: [plainCells("resolved"), plainCells("unresolved"), inRelease].map((cells) => [
      [1],
      [1],
      { id: uuid, cells, happening: { kind: "set_resolved" as const }, userId: 1, now },
    ]),
    forgetBeyond: [[[1], { changesMax: 10, issuesMax: 10 }]],
    selectStatusChange: [[1, uuid, now]],
    takeBackSlice: [[{ orgId: 1, changeId: uuid, userId: null, now }]],
    forgetStatusChange: [[1, uuid]],
    deleteOldStatusChanges: [[now]],
  }),
  sampled("src/audit/entry-queries.ts", entries, {
    insertAudit: [[1, actor, "org.edit", "acme", { name: "Acme" }]],
    insertAuditOfChange: [
      [1, actor, "key.edit", "shop", keys.auditedKey(1, uuid), { isActive: false }, { id: uuid }],
      [1, actor, "team.edit", "core", teams.auditedTeam(1, 1), { slug: "base" }, {}],
      [1, actor, "org-token.edit", "ci", tokens.shownToken({ orgId: 1 }, 1), { label: "x" }, {}],
      [1, actor, "org.edit", "acme", orgs.auditedOrganization(1), { name: "Acme" }, {}],
      [1, actor, "project.edit", "shop", projects.auditedProject(1, 1), { name: "Shop" }, {}],
      [
        1,
        actor,
        "project.edit",
        "shop",
        projects.auditedProject(1, 1),
        { "filters:localhost": true },
        {},
      ],
      [1, actor, "alert.edit", "shop", alerts.auditedAlert(1, 1), {}, { id: 1 }],
    ],
    noted: [
      [1, sql`update organizations set name = name where id = ${1} returning id`, note],
      [
        1,
        sql`update organization_members set role = role where id = ${1} returning id`,
        { ...note, changes: { row: members.auditedMember(1, 1), changes: { teams: ["core"] } } },
      ],
    ],
  }),
  sampled("src/audit/queries.ts", audit, {
    selectAudit: [
      ...byNumber.map((range): Tail<typeof audit.selectAudit> => [1, everyEntry, range]),
      [1, { events: ["org.edit", "key.edit"], actorId: 1, from: now, to: now }, first],
    ],
    deleteOldAudit: [[now]],
  }),
  sampled("src/orgs/member-queries.ts", members, {
    selectMembers: [
      ...byNumber.map((range): Tail<typeof members.selectMembers> => [1, range]),
      [1, first, ["ada"], 1],
    ],
    selectMember: [[1, 1]],
    selectInvitee: [[1, "ada@example.com"]],
    upsertInvitation: [[1, { ...invitation, tokenHash: "x", expiresAt: now }, actor]],
    selectInvitation: [[1, "x", now]],
    acceptInvitation: [[1, 1, "x", 1, note]],
    removePendingInvitation: [[1, 1, "x", note]],
    updateMemberRole: [
      [1, 1, { role: "admin", reach: ["member"] }, note],
      [1, 1, { role: undefined, reach: ["member"] }, note],
    ],
    deleteMember: [[1, 1, ["member"], note]],
    clearPrimary: [[1, 1]],
    setPrimary: [[1, 1]],
    setMemberTeams: [[1, 1, ["core"]]],
  }),
  sampled("src/orgs/queries.ts", orgs, {
    selectOrganizations: [
      ...byText.map((range): Tail<typeof orgs.selectOrganizations> => [[1], range, []]),
      [[], first, ["acme"]],
    ],
    selectOrganization: [[1]],
    selectAnyOrganization: [[]],
    selectAllOrganizations: [
      ...byNumber.map((range): [string, typeof range] => ["", range]),
      ...byNumber.map((range): [string, typeof range] => ["acme", range]),
    ],
    insertOrganization: [
      ["Acme", "acme", 1, actor],
      ["Acme", "acme", { email: "ada@example.com" }, actor],
    ],
    updateOrganization: [[1, { name: "Acme", throttleRate: 5 }]],
    markOrganizationDeleted: [[1, now]],
    selectDeletedOrganizations: [[now, 10]],
    removeOrganization: [[1]],
  }),
  sampled("src/orgs/team-queries.ts", teams, {
    selectAllTeams: [
      [1, 1],
      [1, null],
    ],
    selectTeams: [
      ...byNumber.map((range): Tail<typeof teams.selectTeams> => [1, 1, range]),
      [1, null, first, ["core"], 1],
    ],
    selectTeam: [
      [1, "core", 1],
      [1, "7", null],
    ],
    insertTeam: [[1, { slug: "core", name: null }, 1, actor]],
    updateTeam: [
      [1, 1, { slug: "core" } as Tail<typeof teams.updateTeam>[2]],
      [1, 1, { name: "Core" } as Tail<typeof teams.updateTeam>[2]],
    ],
    selectTeamSlugs: [[1, ["core"]]],
    deleteTeam: [[1, 1]],
    addTeamMember: [[1, 1, 1]],
    removeTeamMember: [[1, 1, 1]],
  }),
  sampled("src/projects/key-queries.ts", keys, {
    selectKeys: [
      ...byTime.map((range): Tail<typeof keys.selectKeys> => [1, range]),
      [1, first, true],
    ],
    selectKey: [[1, uuid]],
    insertKey: [[1, { id: uuid, label: "web" }]],
    updateKey: [[1, uuid, { isActive: false, rateLimitCount: null }]],
    deleteKey: [[1, uuid]],
  }),
  sampled("src/projects/aging-queries.ts", aging, {
    selectAgingProjects: [[now, 30, 10]],
    updateAged: [[1, now.toISOString()]],
  }),
  sampled("src/issues/aged-queries.ts", aged, {
    resolveAged: [
      [1, { after: null, before: now, hours: 24, now }, 10],
      [1, { after: now.toISOString(), before: now, hours: 24, now }, 10],
    ],
  }),
  sampled("src/projects/queries.ts", projects, {
    setFirstEvents: [[[1, 2], now]],
    selectAcceptedErrors: [[[1, 2], now, 3600]],
    selectLastEvents: [[[1, 2]]],
    selectProjects: [
      ...byText.map((range): Tail<typeof projects.selectProjects> => [[1], null, range]),
      [
        [],
        1,
        first,
        [projects.hasTeam("core"), projects.hasTeamOf([1]), ...projects.isCalled(["shop"])],
      ],
    ],
    selectTeam: [
      [1, "core"],
      [1, "7"],
    ],
    selectProject: [
      [1, "shop", 1],
      [1, "7", null],
    ],
    insertProject: [
      [
        1,
        1,
        (rows, slug) => entries.insertAuditOfEach(rows, 1, actor, "project.create", slug, {}),
        { name: "Shop", slug: "shop", platform: null, throttleRate: 0 },
      ],
    ],
    lockProject: [[1]],
    selectRules: [[1]],
    selectTeamsOf: [[1, 10]],
    selectOwners: [[1, ["#core", "ada@example.com"]]],
    updateProject: [
      [1, 1, { name: "Shop", allowedOrigins: ["*"] }, { subjectPrefix: "x" }],
      [1, 1, {}, {}, { localhost: true, releases: ["1.*"] }],
      [1, 1, {}, {}],
    ],
    markProjectsDeleted: [
      [1, 1, now],
      [1, undefined, now],
    ],
    selectDeletedProjects: [[now, 10]],
    removeProject: [[1]],
    attachTeam: [[1, 1, 1]],
    detachTeam: [[1, 1, 1]],
    renewRulesOf: [[1]],
  }),
  sampled("src/projects/subscription-queries.ts", subscriptions, {
    selectSubscriptions: [
      [1, [1, 2]],
      [1, []],
    ],
    upsertSubscription: [[1, [1], 1, 1]],
    deleteSubscription: [[1, 1]],
  }),
  sampled("src/releases/environment-queries.ts", environments, {
    selectEnvironments: [
      ...byText.map(
        (range): Tail<typeof environments.selectEnvironments> => [
          ...([1, 1, "visible"] as const),
          range,
        ],
      ),
      [1, undefined, "hidden", first],
      [1, undefined, "all", first],
    ],
    setHidden: [[1, 1, "production", true]],
  }),
  sampled("src/releases/queries.ts", releases, {
    selectNewestOfEach: [[], [1, 2]].map((projectIds) => [1, projectIds, 100]),
    selectSeen: [[[{ kind: "release", orgId: 1, projectId: 1, name: "shop@1" }]]],
    insertMissing: (["release", "environment"] as const).map((kind) => [
      kind,
      [{ orgId: 1, projectId: 1, name: "shop@1", hour: +now, events: 1 }],
      { perDay: 10, inAll: 10, day: +now, count },
    ]),
    selectNewestReleases: [[1, 1, 10]],
    selectRelease: [[1, "shop@1"]],
  }),
  sampled("src/stats/queries.ts", stats, {
    addOutcomeRows: [[[outcome, { ...outcome, messageId: uuid }]]],
    insertCountedMessages: [[[messageId]]],
    selectCountedMessage: [[messageId]],
    ensurePartitions: [["events", now, 2, 1]],
    dropOldPartitions: [["events", now]],
    selectOutcomeSeries: [
      [1, { ...chosen, outcomes: [], reasons: [], groupBy: [] }],
      [
        1,
        {
          ...chosen,
          projectIds: [1],
          categories: ["error"],
          outcomes: ["filtered"],
          reasons: ["other"],
          groupBy: ["outcome", "category", "reason", "project"],
        },
      ],
    ],
  }),
];
