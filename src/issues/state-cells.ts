import type { Caller } from "../access/caller";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { isRelease, readLatestRelease } from "../releases/latest-release";
import { releaseOrder } from "../releases/release-order";
import { needsRelease } from "./shapes";
import type { Rule, WantedCells, WantedState } from "./status-details";

/** Projects of the issues that are to be changed; of several two are enough. */
export type ProjectIds = () => Promise<number[]>;

/** A status that nothing ends but people and, of a resolved issue, events. */
export const plainCells = (
  status: WantedCells["status"],
  substatus: WantedCells["substatus"] = null,
): WantedCells => ({
  status,
  substatus,
  rule: null,
  release: null,
  order: null,
  commit: null,
  repository: null,
  until: null,
  wanted: null,
  windowMinutes: null,
  isReview: false,
});

/**
 * A wanted status as it is written down, with the release that it names looked up. Faults: invalid, for a release that is
 * not there or issues of several projects.
 */
export async function cellsOf(
  deps: Deps,
  orgId: number,
  caller: Pick<Caller, "dialect">,
  { status, substatus, rule, isReview = false }: WantedState,
  projectIds: ProjectIds,
): Promise<WantedCells> {
  const plain = { ...plainCells(status, substatus), isReview };
  if (!rule) return plain;
  switch (rule.kind) {
    case "release":
    case "next_release": {
      const release = await releaseOf(deps, orgId, caller, rule, projectIds);
      if (release === undefined) return plain;
      return { ...plain, rule: rule.kind, release, order: releaseOrder(release) ?? null };
    }
    case "commit":
      return { ...plain, rule: "commit", commit: rule.commit, repository: rule.repository };
    case "time":
      return { ...plain, rule: "time", until: rule.until };
    case "events":
    case "users": {
      const { kind, wanted, windowMinutes } = rule;
      return { ...plain, rule: kind, wanted, windowMinutes };
    }
    case "next_event":
      return { ...plain, rule: "next_event" };
  }
}

/** undefined: there is none, and GlitchTip's clients mean a plain resolution then. Faults: invalid. */
async function releaseOf(
  deps: Deps,
  orgId: number,
  caller: Pick<Caller, "dialect">,
  rule: Extract<Rule, { kind: "release" | "next_release" }>,
  projectIds: ProjectIds,
): Promise<string | undefined> {
  const [projectId, ...others] = await projectIds();
  if (others.length > 0) {
    throw new Fault("invalid", "Issues of several projects have no release in common");
  }
  if (projectId === undefined) return undefined;
  if (rule.kind === "release" && rule.version !== "latest") {
    if (await isRelease(deps, orgId, rule.version)) return rule.version;
    throw new Fault("invalid", `There is no release ${rule.version}`);
  }
  const latest = await readLatestRelease(deps, orgId, projectId);
  if (latest !== undefined || (rule.kind === "next_release" && !needsRelease(caller))) {
    return latest;
  }
  throw new Fault("invalid", "The project has no release yet");
}
