import { and, eq, isNull, sql } from "drizzle-orm";
import { organizations } from "../../drizzle/schema/orgs";
import { projectKeys, projects } from "../../drizzle/schema/projects";
import { anyOf } from "../platform/any-of";
import type { Db } from "../platform/database";

/** Which of these projects exist. Served by the primary key. */
export const selectProjectIds = (db: Db, projectIds: number[]) =>
  db
    .select({ id: projects.id })
    .from(projects)
    .where(and(anyOf(projects.id, projectIds), isNull(projects.deletedAt)));

/** Served by project_keys_public_key. The key is the tenant's own credential, so there is no other to check. */
export const selectKey = (db: Db, publicKey: string) =>
  db
    .select({
      keyId: projectKeys.id,
      isActive: projectKeys.isActive,
      rateLimitCount: projectKeys.rateLimitCount,
      rateLimitWindowSeconds: projectKeys.rateLimitWindowSeconds,
      projectId: projects.id,
      orgId: projects.orgId,
      allowedOrigins: projects.allowedOrigins,
      scrubDefaults: projects.scrubDefaults,
      scrubIpAddresses: projects.scrubIpAddresses,
      isOnG2Alone: sql<boolean>`${projects.groupingVersion} = 'g2' and ${projects.groupingSwitchedAt} is null`,
      rulesVersion: projects.rulesVersion,
      projectQuotas: projects.quotas,
      orgQuotas: organizations.quotas,
      isAcceptingEvents: organizations.isAcceptingEvents,
      orgThrottleRate: organizations.throttleRate,
      projectThrottleRate: projects.throttleRate,
    })
    .from(projectKeys)
    .innerJoin(projects, eq(projects.id, projectKeys.projectId))
    .innerJoin(organizations, eq(organizations.id, projects.orgId))
    .where(
      and(
        eq(projectKeys.publicKey, publicKey),
        isNull(projects.deletedAt),
        isNull(organizations.deletedAt),
      ),
    )
    .limit(1);
