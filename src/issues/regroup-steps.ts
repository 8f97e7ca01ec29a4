import { z } from "zod";
import type { Deps } from "../deps";
import { commit } from "../platform/database";
import { hourMs } from "../protocol/durations";
import { type GroupingRules, groupingStepsMax } from "./grouping/group-event";
import { groupingRulesOf } from "./grouping/grouping-rules";
import { regroupEvent } from "./grouping/regroup-event";
import type { JobRow } from "./job-queries";
import { assertNoJobOf } from "./job-queries";
import { countPeopleOf, forgetPeopleOf, moveBetween, nameAnew } from "./move-queries";
import { levelsOf, type Moving, tagsBetween, textsFor } from "./moving";
import { overflowIssue } from "./overflow";
import { type PlannedGroup, planRegroup } from "./plan-regroup";
import { readEvents } from "./read-events";
import {
  forgetFormerRegroups,
  giveUp,
  goOn,
  leadAnew,
  lockGrouping,
  makeIssues,
  moveHappenings,
  noteLooked,
  passOn,
  rehashEvents,
  selectCombinations,
  selectEventsToMove,
  selectLookedEnd,
  selectMoves,
  takeIds,
} from "./regroup-job-queries";
import {
  endRegroup,
  hideEmpty,
  seeAnew,
  selectEmpty,
  selectNewestOf,
} from "./regroup-move-queries";
import { selectEventsToRegroup, selectMergedHashes } from "./regroup-queries";
import { selectChunkEnd } from "./unmerge-queries";
import { namedBy } from "./unmerge-steps";

const Task = z.object({
  projectId: z.number(),
  /** Received from then on. */
  since: z.string(),
  /** What is older than that may not be kept any more. */
  keptSince: z.string(),
  fingerprintRules: z.string().default(""),
  stackRules: z.string().default(""),
  /** Of an undo: the job whose work it takes back. */
  undoOf: z.string().optional(),
});
export type RegroupTask = z.infer<typeof Task>;

const Edge = z.object({ receivedAt: z.string(), eventId: z.string() });
const At = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("look"), edge: Edge.optional() }),
  z.object({ phase: z.literal("plan") }),
  /** What was stored while it was planned. */
  z.object({ phase: z.literal("late"), edge: Edge.optional() }),
  z.object({ phase: z.literal("move"), edge: Edge.optional() }),
  z.object({ phase: z.literal("rehash"), after: z.string() }),
  z.object({ phase: z.literal("people"), of: z.number(), after: z.string().optional() }),
  z.object({ phase: z.literal("name"), of: z.number() }),
  z.object({ phase: z.literal("end"), hidden: z.array(z.number()).optional() }),
]);
type At = z.infer<typeof At>;
type Phase<P extends At["phase"]> = Extract<At, { phase: P }>;

export const regroupBegins: At = { phase: "look" };
export const undoBegins: At = { phase: "move" };

/** Payloads of a chunk are in memory together; readEvents takes fewer where they are large. */
const eventsMax = 300;
const rehashedMax = 5000;
const peopleEventsMax = 5000;
const namedIssues = 100;
/** Before that, nothing that is still on a queue was received. */
const lateMs = hourMs;
/** What a job may make of a project. */
const jobEventsMax = 1_000_000;
const combinationsMax = 20_000;
const newIssuesMax = 1000;
const epoch = "1970-01-01T00:00:00Z";
/** After a chunk under the lock, for batches of the project that wait for it. */
const pauseMs = 5;

type Work = { deps: Deps; job: JobRow; task: RegroupTask; isBack: boolean; logOf: string };

/** Does the next chunk of grouping a project's events anew, or of taking that back. */
export async function regroupStep(deps: Deps, job: JobRow): Promise<void> {
  const task = Task.parse(job.task);
  const { undoOf } = task;
  const work = { deps, job, task, isBack: undoOf !== undefined, logOf: undoOf ?? job.id };
  const at = At.parse(job.at);
  switch (at.phase) {
    case "look":
    case "late":
      return look(work, at);
    case "plan":
      return plan(work, at);
    case "move":
      return move(work, at);
    case "rehash":
      return rehash(work, at);
    case "people":
      return countAnew(work, at);
    case "name":
      return name(work, at);
    case "end":
      return end(work, at);
  }
}

const stepOf = ({ job }: Work, at: At) => ({ id: job.id, at });

/** By which hashes events would be found. Nothing is locked: that is most of the work. */
async function look(work: Work, at: Phase<"look"> | Phase<"late">): Promise<void> {
  const { deps, job, task } = work;
  if (job.done > jobEventsMax) {
    const words = `There are more than ${jobEventsMax} events: choose a shorter time`;
    await commit(deps.db, [giveUp(deps.db, job.id, words, deps.now())]);
    return;
  }
  const isLate = at.phase === "late";
  const lateSince = new Date(+job.createdAt - lateMs).toISOString();
  const { rows } = await selectEventsToRegroup(deps.db, task.projectId, overflowIssue.hash, {
    limit: eventsMax,
    since: isLate && lateSince > task.since ? lateSince : task.since,
    before: at.edge,
    ...(isLate && { unseenBy: job.id }),
  });
  const read = await readEvents(deps, rows);
  const rules = rulesOfTask(task);
  const looked = read.flatMap(({ row, event }) => {
    if (!event) return [];
    const { hashes, isExact } = regroupEvent(event, "g2", rules, { left: groupingStepsMax });
    const hash = rows.find((each) => each === row)?.hash ?? null;
    const { eventId, receivedAt, issueId } = row;
    return isExact ? [{ eventId, receivedAt, issueId, hash, hashes }] : [];
  });
  const last = read.at(-1)?.row;
  const isEnd = rows.length < eventsMax && read.length === rows.length;
  const edge = last && { receivedAt: last.receivedAt, eventId: last.eventId };
  const then: At = isLate ? { phase: "move" } : { phase: "plan" };
  const next: At = isEnd ? then : { phase: at.phase, edge };
  const now = deps.now();
  await commit(deps.db, [
    noteLooked(deps.db, {
      step: stepOf(work, at),
      next,
      rows: looked,
      looked: isLate ? 0 : read.length,
      now,
    }),
  ]);
}

/** Compiled once for a run of steps: the same task comes again and again. */
let compiled: { of: string; rules: GroupingRules } | undefined;
function rulesOfTask(task: RegroupTask): GroupingRules {
  const of = `${task.fingerprintRules}\n\n${task.stackRules}`;
  if (compiled?.of !== of) compiled = { of, rules: groupingRulesOf(task) };
  return compiled.rules;
}

/** Which issue each hash leads to from now on, in one commit under the digest's lock. */
async function plan(work: Work, at: Phase<"plan">): Promise<void> {
  const { deps, job, task } = work;
  const { db } = deps;
  const { projectId } = task;
  const { rows } = await selectCombinations(db, job.id, combinationsMax + 1);
  const issueIds = [...new Set(rows.map(({ issueId }) => Number(issueId)))];
  const merged = (await selectMergedHashes(db, projectId, issueIds)).rows;
  const { groups } = planRegroup(
    rows.map(({ hashes, issueId, count }) => ({ hashes, issueId: Number(issueId), count })),
    new Map(merged.map(({ hash, issueId }) => [hash, Number(issueId)])),
  );
  const homeless = groups.filter(({ issueId, count }) => issueId === undefined && count > 0);
  const tooMuch =
    rows.length > combinationsMax
      ? `There would be more than ${combinationsMax} groups: choose a shorter time`
      : homeless.length > newIssuesMax
        ? `It would make ${homeless.length} new issues, and may make ${newIssuesMax}`
        : undefined;
  if (tooMuch) {
    await commit(db, [giveUp(db, job.id, tooMuch, deps.now())]);
    return;
  }
  const ids = homeless.length > 0 ? (await takeIds(db, homeless.length)).rows : [];
  const made = homeless.flatMap((group, index) => {
    const id = Number(ids[index]?.id);
    group.issueId = id;
    return { id, sourceId: mostOf(group) };
  });
  const leads = groups.flatMap(({ hashes, issueId, count }) =>
    issueId === undefined || count === 0 ? [] : hashes.map((hash) => ({ hash, issueId })),
  );
  const moved = groups.flatMap(({ from, issueId }) =>
    [...from].flatMap(([sourceId, count]) =>
      issueId !== undefined && sourceId !== issueId ? [{ sourceId, issueId, count }] : [],
    ),
  );
  const affected = [...new Set(moved.flatMap(({ sourceId, issueId }) => [sourceId, issueId]))];
  await commit(db, [
    lockGrouping(db, projectId),
    goOn(db, {
      step: stepOf(work, at),
      next: { phase: "late" },
      issueIds: affected,
      total: moved.reduce((sum, { count }) => sum + count, 0),
    }),
    ...(affected.length > 0 ? [assertNoOthers(work, affected)] : []),
    ...(made.length > 0 ? [makeIssues(db, projectId, made)] : []),
    ...(leads.length > 0 ? [leadAnew(db, job.id, projectId, leads)] : []),
  ]);
}

const assertNoOthers = ({ deps, job }: Work, issueIds: number[]) =>
  assertNoJobOf(deps.db, job.orgId, issueIds, job.id);

const mostOf = ({ from }: PlannedGroup): number => {
  const [most] = [...from].toSorted(([, a], [, b]) => b - a);
  if (!most) throw new Error("a group has events");
  return most[0];
};

/** Moves a chunk of events with all that is counted of them, under the digest's lock. */
async function move(work: Work, at: Phase<"move">): Promise<void> {
  const { deps, job, task, isBack, logOf } = work;
  const { db } = deps;
  const { projectId } = task;
  const of = { jobId: logOf, projectId, isBack, before: at.edge };
  const { rows } = await selectEventsToMove(db, of, eventsMax);
  const read = await readEvents(deps, rows);
  const moving: Moving[] = read.map((each) => {
    const row = rows.find((one) => one === each.row);
    return { ...each, targetId: Number(row?.targetId) };
  });
  const last = read.at(-1)?.row;
  const isEnd = rows.length < eventsMax && read.length === rows.length;
  const edge = last && { receivedAt: last.receivedAt, eventId: last.eventId };
  const named = new Map<number, Moving>();
  for (const each of moving)
    if (each.event && !named.has(each.targetId)) named.set(each.targetId, each);
  const texts = await textsFor(deps, projectId, moving);
  await commit(db, [
    lockGrouping(db, projectId),
    moveBetween(db, {
      step: stepOf(work, at),
      next: isEnd ? { phase: "rehash", after: epoch } : { phase: "move", edge },
      now: deps.now(),
      orgId: job.orgId,
      events: moving.map(({ row, targetId }) => ({
        projectId: row.projectId,
        eventId: row.eventId,
        receivedAt: row.receivedAt,
        sourceId: row.issueId,
        targetId: String(targetId),
        hash: rows.find((one) => one === row)?.newHash ?? null,
      })),
      tags: tagsBetween(moving),
      texts,
      levels: levelsOf(moving),
    }),
    ...(named.size > 0
      ? [
          nameAnew(
            db,
            [...named].flatMap(([issueId, { row, event }]) =>
              event ? { issueId, ...namedBy(row, event) } : [],
            ),
          ),
        ]
      : []),
  ]);
  await scheduler.wait(pauseMs);
}

/** Events that stay where they are are found by another hash, too. */
async function rehash(work: Work, at: Phase<"rehash">): Promise<void> {
  const { deps, task, isBack, logOf } = work;
  const { db } = deps;
  const [end] = (await selectLookedEnd(db, logOf, at.after, rehashedMax)).rows;
  const next: At = end ? { phase: "rehash", after: end.at } : { phase: "people", of: 0 };
  await commit(db, [
    rehashEvents(db, {
      step: stepOf(work, at),
      projectId: task.projectId,
      jobId: logOf,
      isBack,
      from: at.after,
      to: end?.at ?? "infinity",
      next,
      now: deps.now(),
    }),
  ]);
}

/** Whose people are counted anew, and which issues got events of it. */
async function partedOf({ deps, isBack, logOf }: Work) {
  const { rows } = await selectMoves(deps.db, logOf, isBack);
  const parted = new Map<number, number[]>();
  for (const { sourceId, targetId } of rows) {
    const targets = parted.get(Number(sourceId)) ?? [];
    targets.push(Number(targetId));
    parted.set(Number(sourceId), targets);
  }
  return [...parted].toSorted(([a], [b]) => a - b);
}

/** People may be of several issues: those of an issue that gave events away are counted by the events that it has. */
async function countAnew(work: Work, at: Phase<"people">): Promise<void> {
  const { deps, task } = work;
  const { db } = deps;
  const parted = await partedOf(work);
  const [found] = parted.filter(([issueId]) => issueId > at.of || (at.after && issueId === at.of));
  const [step, now] = [stepOf(work, at), deps.now()];
  if (!found) {
    await commit(db, [passOn(db, step, { phase: "name", of: 0 } satisfies At, now)]);
    return;
  }
  const [sourceId, others] = found;
  const lock = lockGrouping(db, task.projectId);
  const common = { step, now, sourceId, others };
  if (!at.after) {
    const next: At = { phase: "people", of: sourceId, after: epoch };
    await commit(db, [lock, forgetPeopleOf(db, { ...common, next })]);
    return;
  }
  const [end] = (await selectChunkEnd(db, sourceId, at.after, peopleEventsMax)).rows;
  const next: At = { phase: "people", of: sourceId, ...(end && { after: end.at }) };
  const [from, to] = [at.after, end?.at ?? "infinity"];
  await commit(db, [lock, countPeopleOf(db, { ...common, next, from, to })]);
}

/** What gave its newest event away is called by the newest that it has. */
async function name(work: Work, at: Phase<"name">): Promise<void> {
  const { deps, task } = work;
  const { db } = deps;
  const sources = (await partedOf(work)).map(([id]) => id).filter((id) => id > at.of);
  const chunk = sources.slice(0, namedIssues);
  const rows = chunk.length > 0 ? (await selectNewestOf(db, chunk)).rows : [];
  const read = await readEvents(deps, rows);
  const isWhole = read.length === rows.length;
  const done = isWhole ? chunk.at(-1) : Number(read.at(-1)?.row.issueId);
  const isEnd = isWhole && chunk.length === sources.length;
  const next: At = isEnd ? { phase: "end" } : { phase: "name", of: done ?? at.of };
  const named = read.flatMap(({ row, event }) =>
    event ? [{ issueId: Number(row.issueId), ...namedBy(row, event) }] : [],
  );
  await commit(db, [
    lockGrouping(db, task.projectId),
    passOn(db, stepOf(work, at), next, deps.now()),
    ...(chunk.length > 0 ? [seeAnew(db, chunk, task.keptSince)] : []),
    ...(named.length > 0 ? [nameAnew(db, named)] : []),
  ]);
}

/** Issues were seen when their events were; those that have none lead to the one that got most of them. */
async function end(work: Work, at: Phase<"end">): Promise<void> {
  const { deps, task, isBack, logOf, job } = work;
  const { db } = deps;
  const { rows } = await selectMoves(db, logOf, isBack);
  const sources = [...new Set(rows.map(({ sourceId }) => Number(sourceId)))];
  const all = [...new Set([...sources, ...rows.map(({ targetId }) => Number(targetId))])];
  const empty = new Set(
    sources.length > 0 ? (await selectEmpty(db, sources)).rows.map(({ id }) => Number(id)) : [],
  );
  const hidden = sources.flatMap((from) => {
    // The first one got most.
    const into = rows.find(
      ({ sourceId, targetId }) => Number(sourceId) === from && !empty.has(Number(targetId)),
    );
    return empty.has(from) && into ? [{ from, into: Number(into.targetId) }] : [];
  });
  await commit(db, [
    lockGrouping(db, task.projectId),
    endRegroup(db, stepOf(work, at), hidden, deps.now()),
    ...(all.length > 0 ? [seeAnew(db, all, task.keptSince)] : []),
    ...(hidden.length > 0
      ? [hideEmpty(db, job.id, task.projectId, hidden), moveHappenings(db, hidden)]
      : []),
  ]);
  // Without the lock: there may be a million of them.
  if (isBack) await commit(db, [forgetFormerRegroups(db, job.orgId, task.projectId)]);
}
