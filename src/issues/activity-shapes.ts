import { z } from "@hono/zod-openapi";
import { activityKinds } from "../../drizzle/schema/activity";
import { idIn } from "../protocol/row-id";
import type { Shown } from "./activity";
import type { WatcherRow } from "./mark-queries";
import { trimMicros } from "./shapes";

const textCharsMax = 10_000;
const mentionsMax = 50;

const text = z.string().max(textCharsMax).describe("Markdown");
const isMention = (name: string) =>
  /^(?:user|team):/.test(name) && idIn(name.slice("user:".length)) !== undefined;
const mentions = z
  .array(z.string().max(40).refine(isMention, "is not user:<id> or team:<id>"))
  .max(mentionsMax)
  .default([])
  .describe("Whom it is for: user:<id> and team:<id> of the organization");

export const NoteWritten = z.object({ text, mentions }).openapi("NoteWritten");
export const CommentWritten = z
  .object({ data: z.object({ text, mentions }) })
  .openapi("CommentWritten");

export const IssueActivity = z
  .object({
    id: z.string(),
    type: z.enum(["first_seen", ...activityKinds]),
    dateCreated: z.iso.datetime(),
    dateEdited: z.iso.datetime().nullable().describe("Of a comment: when it was changed last"),
    user: z
      .object({ id: z.string(), name: z.string(), email: z.string() })
      .nullable()
      .describe("null: an event, a rule, a token of an organization, or somebody who is gone"),
    sentry_app: z.null(),
    data: z
      .record(z.string(), z.unknown())
      .describe("Of a comment text and mentions; of others what is known besides"),
  })
  .openapi("IssueActivity");
type IssueActivity = z.infer<typeof IssueActivity>;

export const IssueActivities = z
  .object({ activity: z.array(IssueActivity) })
  .openapi("IssueActivities");

export const IssueComment = z
  .object({
    id: z.number().int(),
    type: z.literal("note"),
    dateCreated: z.iso.datetime(),
    user: z.object({ id: z.string(), email: z.string() }).nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi("IssueComment");
type IssueComment = z.infer<typeof IssueComment>;

/** As Sentry's clients read it; without a name people are called by their address. */
export const toActivity = (row: Shown): IssueActivity => ({
  id: row.id,
  type: row.kind,
  dateCreated: trimMicros(row.createdAt),
  dateEdited: row.editedAt && trimMicros(row.editedAt),
  user: toPerson(row),
  sentry_app: null,
  data: row.data,
});

/** Who looked at an issue and who follows it, as Sentry's clients read it. */
export const toWatchers = (rows: WatcherRow[]) => ({
  seenBy: rows.flatMap(({ seenAt, ...row }) =>
    seenAt ? [{ ...toWatcher(row), lastSeen: trimMicros(seenAt) }] : [],
  ),
  participants: rows.filter(({ follows }) => follows).map(toWatcher),
});

const toWatcher = ({ id, name, email }: Omit<WatcherRow, "seenAt">) => ({
  id,
  name: name || email,
  email,
});

function toPerson({ userId, userName, userEmail }: Shown): IssueActivity["user"] {
  if (userId === null) return null;
  const email = userEmail ?? "";
  return { id: userId, name: userName || email, email };
}

/** A comment as GlitchTip's clients read it. */
export const toComment = (row: Shown): IssueComment => ({
  id: Number(row.id),
  type: "note",
  dateCreated: trimMicros(row.createdAt),
  user: row.userId === null ? null : { id: row.userId, email: row.userEmail ?? "" },
  data: row.data,
});
