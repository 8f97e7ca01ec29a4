import type { Deps } from "../deps";
import { InboundFilters } from "../protocol/inbound-filters";
import { selectRules } from "./queries";
import { ProjectSettings } from "./schemas";

/** What the digest follows of a project's settings; of one that is gone there is nothing to follow. */
export async function readRules(
  deps: Deps,
  projectId: number,
): Promise<{
  version: number;
  filters: InboundFilters;
  fingerprintRules: string;
  stackRules: string;
}> {
  const [row] = await selectRules(deps.db, projectId);
  const { fingerprintingRules, groupingEnhancements } = settingsOf(row?.settings);
  return {
    version: row?.version ?? 0,
    filters: filtersOf(row?.filters),
    fingerprintRules: fingerprintingRules ?? "",
    stackRules: groupingEnhancements ?? "",
  };
}

/** Likewise. */
export const settingsOf = (kept: unknown): ProjectSettings =>
  ProjectSettings.safeParse(kept).data ?? {};

/** What is kept in the words of this release; what is not understood is off. */
export const filtersOf = (kept: unknown): InboundFilters =>
  InboundFilters.safeParse(kept).data ?? {};
