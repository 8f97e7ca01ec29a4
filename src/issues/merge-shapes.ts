import { z } from "@hono/zod-openapi";
import { jobKinds, jobStates } from "../../drizzle/schema/jobs";
import type { ChangeTask } from "./change-steps";
import { speakOfEvent, toEventRow } from "./event-shapes";
import type { LeadingHash } from "./hashes";
import { changedIn, type JobRow } from "./job-queries";
import { jobPath } from "./jobs";
import type { Merged } from "./merge";
import { Event, EventRow } from "./schemas";
import { trimMicros } from "./shapes";
import { shortIdOf } from "./short-id";

export const IssueJob = z
  .object({
    id: z.string(),
    kind: z.enum(jobKinds),
    state: z.enum(jobStates),
    done: z.number().int().describe("Of a merge: events that were moved; else issues"),
    total: z.number().int().describe("How many there were when it began"),
    changed: z.number().int().describe("Of done those issues that were not so already"),
    undoId: z.string().nullable().describe("Of a change or a merge: takes it back"),
    url: z.url().describe("Where to ask for it again"),
    issueIds: z.array(z.string()),
    error: z.string().nullable().describe("Why the last step failed; it is tried again"),
    dateCreated: z.iso.datetime(),
    dateFinished: z.iso.datetime().nullable(),
  })
  .openapi("IssueJob");
type IssueJob = z.infer<typeof IssueJob>;

export const IssueMerge = {
  merge: z
    .object({ parent: z.string(), children: z.array(z.string()) })
    .optional()
    .describe("The issue that stays, and those that lead to it now"),
  job: IssueJob.optional().describe(
    "Of a merge: moves what the issues consist of. Of a change of more than 1000 issues: changes them",
  ),
};

export const IssueUnmerge = IssueJob.extend({
  issue: z.string().describe("The issue that gets the events"),
}).openapi("IssueUnmerge");

export const IssueHash = z
  .object({
    id: z.string().describe("The hash"),
    latestEvent: z.union([Event, EventRow]).nullable().describe("With full=false without entries"),
    count: z.number().int().describe("Events that found the issue by it, of the newest 100 000"),
    isCapped: z.boolean().describe("The issue has older events, which are not counted"),
    firstSeen: z.iso.datetime().nullable(),
    lastSeen: z.iso.datetime().nullable(),
    formerIssue: z
      .object({ id: z.string(), shortId: z.string(), title: z.string() })
      .nullable()
      .describe("The merged issue that it led to before"),
    mergedBySeer: z.literal(false),
    seerMatchDistance: z.null(),
  })
  .openapi("IssueHash");
type IssueHash = z.infer<typeof IssueHash>;

type Where = { publicUrl: string; orgSlug: string };

function undoIdIn({ id, kind, task }: JobRow): string | null {
  if (kind === "merge") return id;
  return kind === "change" ? (task as ChangeTask).undoId : null;
}

export const toJob =
  ({ publicUrl, orgSlug }: Where) =>
  (job: JobRow): IssueJob => ({
    id: job.id,
    kind: job.kind,
    state: job.state,
    done: job.done,
    total: job.total,
    changed: changedIn(job),
    undoId: undoIdIn(job),
    url: publicUrl + jobPath(orgSlug, job.id),
    issueIds: job.issueIds.map(String),
    error: job.error,
    dateCreated: job.createdAt.toISOString(),
    dateFinished: job.finishedAt?.toISOString() ?? null,
  });

/** What a change answers that merged issues. */
export const toMerge = (where: Where, { parent, children, job }: Merged) => ({
  merge: { parent: String(parent), children: children.map(String) },
  job: toJob(where)(job),
  changed: children.length,
  undoId: job.id,
});

export const toHash =
  (speaking: Parameters<typeof speakOfEvent>[0], isThin: boolean) =>
  ({ hash, latest, former, count, isCapped, firstSeenAt, lastSeenAt }: LeadingHash): IssueHash => ({
    id: hash,
    latestEvent: latest && (isThin ? toEventRow(latest) : speakOfEvent(speaking, latest)),
    count,
    isCapped,
    firstSeen: firstSeenAt && trimMicros(firstSeenAt),
    lastSeen: lastSeenAt && trimMicros(lastSeenAt),
    formerIssue: former && {
      id: former.id,
      shortId: shortIdOf({ slug: former.projectSlug, number: former.shortNumber }),
      title: former.title,
    },
    mergedBySeer: false,
    seerMatchDistance: null,
  });
