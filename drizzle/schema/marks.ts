import { sql } from "drizzle-orm";
import { boolean, index, pgTable, primaryKey } from "drizzle-orm/pg-core";
import { moment, reference } from "../columns";
import { issues } from "./issues";
import { organizationMembers } from "./orgs";

/** What an issue is to one member: looked at, remembered, followed. Gone with the membership. */
export const issueMarks = pgTable(
  "issue_marks",
  {
    memberId: reference("member_id")
      .notNull()
      .references(() => organizationMembers.id, { onDelete: "cascade" }),
    issueId: reference("issue_id")
      .notNull()
      .references(() => issues.id, { onDelete: "cascade" }),
    /** When the member looked at it last. */
    seenAt: moment("seen_at"),
    isBookmarked: boolean("is_bookmarked").notNull().default(false),
    /** What the member chose; null: as it follows from what the member has to do with the issue. */
    isSubscribed: boolean("is_subscribed"),
  },
  (t) => [
    primaryKey({ columns: [t.memberId, t.issueId] }),
    index("issue_marks_issue").on(t.issueId),
    index("issue_marks_seen")
      .on(t.memberId, t.seenAt)
      .where(sql`not ${t.isBookmarked} and ${t.isSubscribed} is null`),
    index("issue_marks_kept")
      .on(t.memberId, t.issueId)
      .where(sql`${t.isBookmarked} or ${t.isSubscribed} is not null`),
  ],
);
