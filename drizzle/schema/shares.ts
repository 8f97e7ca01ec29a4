import { pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment, reference } from "../columns";
import { issues } from "./issues";

/** Issues that anybody may see who knows the address, which nobody can guess. It ends when the row goes. */
export const issueShares = pgTable(
  "issue_shares",
  {
    issueId: reference("issue_id")
      .primaryKey()
      .references(() => issues.id, { onDelete: "cascade" }),
    /** 32 hexadecimal digits of chance. Shown to members again, so it is no secret that is hashed. */
    shareId: text("share_id").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (t) => [uniqueIndex("issue_shares_share").on(t.shareId)],
);
