import type { Deps } from "../deps";
import type { FieldSettings } from "../events/field-rules";
import type { Db, Statement } from "../platform/database";
import { InboundFilters } from "../protocol/inbound-filters";
import { type Ownership, ownershipOf } from "./ownership";
import { renewRulesOf, selectRules } from "./queries";
import { ProjectSettings } from "./schemas";

/** What the digest follows of a project's settings; of one that is gone there is nothing to follow. */
export async function readRules(
  deps: Deps,
  projectId: number,
): Promise<{
  version: number;
  filters: InboundFilters;
  fields: FieldSettings;
  fingerprintRules: string;
  stackRules: string;
  ownership: Ownership;
}> {
  const [row] = await selectRules(deps.db, projectId);
  const { fingerprintingRules, groupingEnhancements } = settingsOf(row?.settings);
  return {
    version: row?.version ?? 0,
    filters: filtersOf(row?.filters),
    fields: { sensitiveFields: row?.sensitiveFields ?? [], safeFields: row?.safeFields ?? [] },
    fingerprintRules: fingerprintingRules ?? "",
    stackRules: groupingEnhancements ?? "",
    ownership: ownershipOf(row?.settings),
  };
}

/** Likewise. */
export const settingsOf = (kept: unknown): ProjectSettings =>
  ProjectSettings.safeParse(kept).data ?? {};

/** Lets the digest read the rules of all projects of an organization anew. */
export const renewRules = (db: Db, orgId: number): Statement => renewRulesOf(db, orgId);

/** What is kept in the words of this release; what is not understood is off. */
export const filtersOf = (kept: unknown): InboundFilters =>
  InboundFilters.safeParse(kept).data ?? {};
