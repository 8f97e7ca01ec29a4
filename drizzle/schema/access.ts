import { index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, identity, moment, reference } from "../columns";
import { users } from "./accounts";
import { organizations } from "./orgs";

/** A bearer token. Only its SHA-256 (hex) is kept. Belongs to a user, or to an organization alone. */
export const apiTokens = pgTable(
  "api_tokens",
  {
    id: identity(),
    tokenHash: text("token_hash").notNull(),
    userId: reference("user_id").references(() => users.id, { onDelete: "cascade" }),
    orgId: reference("org_id").references(() => organizations.id, { onDelete: "cascade" }),
    label: text("label").notNull().default(""),
    /** First and last characters, so that people can tell their tokens apart. */
    hint: text("hint").notNull().default(""),
    scopes: text("scopes").array().notNull(),
    expiresAt: moment("expires_at"),
    lastUsedAt: moment("last_used_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("api_tokens_hash").on(t.tokenHash),
    index("api_tokens_user").on(t.userId, t.id),
    index("api_tokens_org").on(t.orgId, t.id),
  ],
);
