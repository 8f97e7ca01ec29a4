import type { Store } from "../item-type";
import type { Db } from "../platform/database";
import { firstEventStatements } from "../projects/first-event";
import { hourOf } from "../protocol/durations";
import { firstSightStatements, seenStatement, unseenOf } from "../releases/first-sight";
import { countRows, type OutcomeRow } from "../stats/outcomes";
import type { KnownHashRow } from "./digest-queries";
import { type Busy, escalateBusy } from "./escalate";
import { type KnownHash, planIssues } from "./plan";
import { knownTextsOf } from "./plan-texts";
import type { PreparedEvent } from "./prepared-event";
import { type ChangeRow, publishChanges } from "./publish-changes";
import { readStatements, storeStatements } from "./store";

const reads = (db: Db, events: PreparedEvent[], now: Date) =>
  [...readStatements(db, events, now), seenStatement(db, events)] as const;

/**
 * Events become issues, with the releases and environments that they name. Whatever is there already is left out, so
 * the same event any number of times leaves the same state.
 */
export const eventStore: Store<PreparedEvent, ReturnType<typeof reads>> = {
  read: reads,

  write(events, [known, hashes, live, seen], { db, config, now, segment }) {
    const newInHour = new Map(live.rows.map(({ id, newInHour }) => [Number(id), newInHour]));
    const { fresh, outcomes } = freshOf(events, known.rows, newInHour);
    if (fresh.length === 0) return { projectIds: [], statements: [], outcomes };

    const knownHashes = new Map(
      hashes.rows.map((row) => [`${row.project_id}:${row.hash}`, knownHashOf(row)]),
    );
    const projectsOnG1 = new Set(
      live.rows.flatMap(({ id, isOnG1 }) => (isOnG1 ? [Number(id)] : [])),
    );
    const plan = planIssues(fresh, segment, { knownHashes, projectsOnG1 });
    const projectIds = [...new Set(fresh.map(({ projectId }) => projectId))];
    const { newIssuesPerHour, newReleasesPerDay, newEnvironmentsPerDay } = config;
    const count = countRows;
    const about = { newIssuesPerHour, newInHour, projectsOnG1, now, count };
    const stored = storeStatements(db, plan, fresh, about);
    return {
      projectIds,
      statements: [
        ...stored,
        ...firstSightStatements(db, unseenOf(fresh, seen.rows), {
          newReleasesPerDay,
          newEnvironmentsPerDay,
          now,
          count,
        }),
        ...firstEventStatements(db, projectIds, now),
      ],
      outcomes,
      publish: async (deps, answers) => {
        plan.texts.remember();
        const rows = rowsOf(answers.slice(0, stored.length));
        const isChange = (row: Answered): row is ChangeRow => Boolean(row.change);
        const isBusy = (row: Answered): row is Busy => typeof row.count === "number";
        await publishChanges(deps, rows.filter(isChange));
        await escalateBusy(deps, rows.filter(isBusy));
      },
    };
  },
};

function knownHashOf({
  project_id,
  hash,
  issue_id,
  label,
  isOpen,
  since,
  texts,
}: KnownHashRow): KnownHash {
  const read = texts && {
    since: +new Date(since),
    hashes: new Set(texts.flatMap(({ hashes }) => hashes)),
    textChars: sumOf(texts, false),
    factChars: sumOf(texts, true),
  };
  const known = knownTextsOf(Number(project_id), hash, issue_id, read ?? undefined);
  return { issueId: issue_id, label, isOpen, texts: known };
}

const sumOf = (texts: KnownHashRow["texts"], isFact: boolean) =>
  (texts ?? []).reduce((sum, { fact, chars }) => sum + (fact === isFact ? chars : 0), 0);

/** Leaves out what is stored already, doubles within the batch, and projects that are gone. */
function freshOf(
  events: PreparedEvent[],
  known: { project_id: string; event_id: string; received_at: string }[],
  live: ReadonlyMap<number, unknown>,
): { fresh: PreparedEvent[]; outcomes: OutcomeRow[] } {
  const receivedAtOf = new Map<string, number[]>();
  for (const row of known) {
    const key = `${row.project_id}:${row.event_id.replaceAll("-", "")}`;
    receivedAtOf.set(key, [...(receivedAtOf.get(key) ?? []), +new Date(row.received_at)]);
  }
  const fresh: PreparedEvent[] = [];
  const duplicates: OutcomeRow[] = [];
  const accepted = new Map<string, OutcomeRow>();
  for (const event of events) {
    const { messageId, projectId, eventId, receivedAt, category } = event;
    if (!live.has(projectId)) continue;
    const key = `${projectId}:${eventId}`;
    const storedAt = receivedAtOf.get(key);
    const row = { projectId, receivedAt, hour: hourOf(receivedAt), category };
    if (storedAt === undefined) {
      receivedAtOf.set(key, [receivedAt]);
      fresh.push(event);
      const id = `${projectId}:${row.hour}:${category}`;
      const sum = accepted.get(id) ?? { ...row, outcome: "accepted", reason: "", quantity: 0 };
      sum.quantity++;
      accepted.set(id, sum);
    } else if (!storedAt.includes(receivedAt)) {
      // Another request brought the same event; the same request again is a redelivery and counts as nothing.
      duplicates.push({
        ...row,
        messageId,
        outcome: "filtered",
        reason: "duplicate",
        quantity: 1,
      });
    }
  }
  return { fresh, outcomes: [...duplicates, ...accepted.values()] };
}

/** What the statements that store a plan answer with, those that answer at all: a change of an issue, or one that is busy. */
type Answered = Partial<Omit<ChangeRow, "change">> & {
  change?: ChangeRow["change"] | null;
  count?: number | null;
};

const rowsOf = (answers: unknown[]) =>
  (answers as { rows: Answered[] }[]).flatMap(({ rows }) => rows);
