import type { organizations } from "../../drizzle/schema/orgs";
import type { Organization } from "./schemas";

export const toOrganization = (row: typeof organizations.$inferSelect): Organization => ({
  id: String(row.id),
  name: row.name,
  slug: row.slug,
  dateCreated: row.createdAt.toISOString(),
  status: { id: "active", name: "active" },
  avatar: { avatarType: "", avatarUuid: null },
  isEarlyAdopter: false,
  require2fa: false,
  require2FA: false,
  requireEmailVerification: false,
  features: [],
  isAcceptingEvents: row.isAcceptingEvents,
  eventThrottleRate: 0,
});
