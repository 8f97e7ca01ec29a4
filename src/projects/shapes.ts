import { dsnsOf } from "../protocol/dsn";
import type { KeyRow } from "./key-queries";
import type { ProjectRow } from "./queries";
import type { Project, ProjectKey } from "./schemas";

export const toProject = ({ project, isMember }: ProjectRow): Project => ({
  id: String(project.id),
  name: project.name,
  slug: project.slug,
  avatar: { avatarType: "", avatarUuid: null },
  color: "",
  features: [],
  hasAccess: true,
  isBookmarked: false,
  isInternal: false,
  isMember,
  isPublic: false,
  scrubIPAddresses: project.scrubIpAddresses,
  dateCreated: project.createdAt.toISOString(),
  platform: project.platform,
  firstEvent: project.firstEventAt?.toISOString() ?? null,
  eventThrottleRate: project.throttleRate,
});

export const toKey =
  (publicUrl: string) =>
  (row: KeyRow): ProjectKey => ({
    id: row.id,
    name: row.label,
    label: row.label,
    isActive: row.isActive,
    rateLimit:
      row.rateLimitCount !== null && row.rateLimitWindowSeconds !== null
        ? { window: row.rateLimitWindowSeconds, count: row.rateLimitCount }
        : null,
    dateCreated: row.createdAt.toISOString(),
    dsn: dsnsOf(publicUrl, row.publicKey, row.projectId),
    public: row.publicKey,
    projectID: row.projectId,
  });
