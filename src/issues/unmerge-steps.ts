import { z } from "zod";
import type { Deps } from "../deps";
import type { StoredEvent } from "../events/payload";
import { commit, type Db, type Statement } from "../platform/database";
import { lockProjectsOf } from "./delete-queries";
import { labelOf } from "./event-group";
import { selectEvents } from "./event-queries";
import { hashNumber } from "./hash-number";
import type { JobRow } from "./job-queries";
import {
  countPeopleOf,
  forgetPeopleOf,
  type MoveChunk,
  moveBetween,
  type Named,
  nameAnew,
} from "./move-queries";
import { levelsOf, tagsBetween, textsFor } from "./moving";
import { searchTextOf } from "./prepared-event";
import { type ReadEvent, readEvents } from "./read-events";
import { finishUnmerge, selectChunkEnd, selectFormer, selectFoundBy } from "./unmerge-queries";

const Part = z.object({ targetId: z.number(), hashes: z.array(z.string()) });
const Source = z.object({ projectId: z.number(), sourceId: z.number() });
/** One issue that gets events, or several that get theirs one after the other. */
const Task = z.union([
  Source.extend(Part.shape).transform(({ targetId, hashes, ...task }) => ({
    ...task,
    parts: [{ targetId, hashes }],
  })),
  Source.extend({ parts: z.array(Part) }),
]);
/** What of it is at work. */
type UnmergeTask = z.infer<typeof Source> &
  z.infer<typeof Part> & { /** Of all issues that get events. */ allHashes: string[] };
const Edge = z.object({ receivedAt: z.string(), eventId: z.string() });

/** Events go first, the newest before all others; then people are counted anew, who may be of both issues. */
const part = z.number().int().optional();
const At = z.discriminatedUnion("phase", [
  z.object({
    phase: z.literal("events"),
    edge: Edge.optional(),
    isNamed: z.boolean().optional(),
    part,
  }),
  z.object({ phase: z.literal("forget"), part }),
  z.object({ phase: z.literal("people"), after: z.string(), part }),
  z.object({ phase: z.literal("end"), part }),
]);
type At = z.infer<typeof At>;
export const unmergeBegins: At = { phase: "events" };

/** Payloads of a chunk are in memory together; readEvents takes fewer where they are large. */
const eventsMax = 300;
const peopleEventsMax = 5000;
/** After a chunk, for batches of the project that wait for its lock. */
const pauseMs = 50;

/** Does the next chunk of an unmerge, under the digest's lock: what is read is in the bucket and not in its way. */
export async function unmergeStep(deps: Deps, job: JobRow): Promise<void> {
  const { db } = deps;
  const { parts, ...source } = Task.parse(job.task);
  const at = At.parse(job.at);
  const index = at.part ?? 0;
  const working = parts[index];
  if (!working) throw new Error("a job works on one of its parts");
  const allHashes = parts.flatMap(({ hashes }) => hashes);
  const then: At | undefined =
    index + 1 < parts.length ? { phase: "events", part: index + 1 } : undefined;
  const statements = await chunkOf(deps, job, { ...source, ...working, allHashes }, at, then);
  await commit(db, [lockProjectsOf(db, [job.orgId], [source.sourceId]), ...statements]);
  await scheduler.wait(pauseMs);
}

async function chunkOf(
  deps: Deps,
  job: JobRow,
  task: UnmergeTask,
  at: At,
  then: At | undefined,
): Promise<Statement[]> {
  const { db } = deps;
  const { sourceId, targetId } = task;
  const common = (next: At) => ({
    sourceId,
    targetId,
    orgId: job.orgId,
    step: { id: job.id, at },
    next: { ...next, ...(at.part !== undefined && { part: at.part }) },
    now: deps.now(),
  });
  switch (at.phase) {
    case "events":
      return partingOf(deps, task, at, common);
    case "forget":
      return [
        forgetPeopleOf(db, {
          ...common({ phase: "people", after: "1970-01-01T00:00:00Z" }),
          others: [targetId],
        }),
      ];
    case "people": {
      const [end] = (await selectChunkEnd(db, sourceId, at.after, peopleEventsMax)).rows;
      const next: At = end ? { phase: "people", after: end.at } : { phase: "end" };
      const span = { from: at.after, to: end?.at ?? "infinity" };
      return [countPeopleOf(db, { ...common(next), ...span, others: [targetId] })];
    }
    case "end": {
      const first = { limit: 1, cursor: undefined };
      const { rows } = await selectEvents(db, { issueId: sourceId }, task.projectId, first);
      const [newest] = await readEvents(deps, rows.slice(0, 1));
      return [
        finishUnmerge(db, { ...common(at), next: then }),
        ...namedAfter(db, sourceId, newest),
      ];
    }
  }
}

type Common = (
  next: At,
) => Pick<MoveChunk, "orgId" | "step" | "next" | "now"> & { sourceId: number; targetId: number };

async function partingOf(
  deps: Deps,
  task: UnmergeTask,
  at: Extract<At, { phase: "events" }>,
  common: Common,
): Promise<Statement[]> {
  const { db } = deps;
  const { sourceId, targetId, hashes } = task;
  const numbers = hashes.map(hashNumber);
  const { rows } = await selectFoundBy(db, sourceId, numbers, at.edge, eventsMax);
  const read = await readEvents(deps, rows);
  const isOurs = await belonging(deps, task, rows);
  const ours = read.filter(({ row, event }) =>
    isOurs(rows.find((each) => each === row)?.hash, event),
  );
  const last = read.at(-1)?.row;
  const isEnd = rows.length < eventsMax && read.length === rows.length;
  const newest = at.isNamed ? undefined : ours.find(({ event }) => event);
  const isNamed = at.isNamed || newest !== undefined;
  const edge = last && { receivedAt: last.receivedAt, eventId: last.eventId };
  const moving = ours.map((each) => ({ ...each, targetId }));
  const texts = await textsFor(deps, task.projectId, moving);
  return [
    moveBetween(db, {
      ...common(isEnd ? { phase: "forget" } : { phase: "events", edge, isNamed }),
      events: ours.map(({ row }) => ({
        projectId: row.projectId,
        eventId: row.eventId,
        receivedAt: row.receivedAt,
        sourceId: String(sourceId),
        targetId: String(targetId),
        hash: rows.find((each) => each === row)?.hash ?? null,
      })),
      tags: tagsBetween(moving),
      texts,
      levels: levelsOf(moving),
    }),
    ...namedAfter(db, targetId, newest),
  ];
}

const namedAfter = (db: Db, issueId: number, newest: ReadEvent | undefined): Statement[] =>
  newest?.event ? [nameAnew(db, [{ issueId, ...namedBy(newest.row, newest.event) }])] : [];

/** By the hash on its row; older rows have none: there it is the first of the event's own that leads to either issue. */
async function belonging({ db }: Deps, task: UnmergeTask, rows: { hash: string | null }[]) {
  const { projectId, sourceId, hashes, allHashes } = task;
  const numbers = new Set(hashes.map(hashNumber));
  const chosen = new Set(hashes);
  const isOld = rows.some(({ hash }) => hash === null);
  const found = isOld ? (await selectFormer(db, projectId, sourceId, [])).rows : [];
  const known = new Set([...allHashes, ...found.map(({ hash }) => hash)]);
  return (number: string | null | undefined, event: StoredEvent | undefined): boolean => {
    if (number !== null && number !== undefined) return numbers.has(number);
    const leading = event?.hashes.find((hash) => known.has(hash));
    return leading !== undefined && chosen.has(leading);
  };
}

/** What an issue is called by an event. */
export function namedBy({ receivedAt }: { receivedAt: string }, event: StoredEvent): Named {
  const { type, title, culprit, metadata } = event;
  return {
    type,
    title,
    culprit,
    metadata,
    label: labelOf({ type, title, culprit, metadata }),
    searchText: searchTextOf(event, title, culprit),
    receivedAt,
  };
}
