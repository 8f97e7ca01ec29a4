import type { Deps } from "../deps";
import { ruleLinesOf } from "../protocol/rule-text";
import type { EventRow } from "./event-queries";
import { type GroupingRules, groupingStepsMax } from "./grouping/group-event";
import type { GroupingVersion } from "./grouping/grouping";
import { groupingRulesOf, type RuleTexts } from "./grouping/grouping-rules";
import { type Regrouped, regroupEvent } from "./grouping/regroup-event";
import { overflowIssue } from "./overflow";
import { type Combination, type PlannedGroup, planRegroup } from "./plan-regroup";
import { readEvents } from "./read-events";
import {
  type NamedIssue,
  selectEventsToRegroup,
  selectMergedHashes,
  selectNames,
} from "./regroup-queries";

/** How a project's events are to be grouped: texts that were read before without a fault, and a version. */
export type GroupingWanted = RuleTexts & { version: GroupingVersion };

/** Events that a preview looks at. */
export const previewedMax = 1000;
/** Of their payloads, as they are stored; and in so many objects, since a request may ask for a thousand things. */
const payloadBytesMax = 16 * 1024 * 1024;
const segmentsMax = 300;
/** Events whose payloads are in memory together. */
const pageEvents = 100;
/** What all of them may cost rules. */
const stepsMax = 100_000_000;
/** Issues and groups that are listed. */
const listedMax = 100;

export type RuleMet = { kind: "fingerprint" | "stack"; line: number; text: string; events: number };
type RuleLine = Pick<RuleMet, "line" | "text">;

/** A group as it would be. */
export type GroupSeen = {
  hash: string;
  title: string;
  events: number;
  /** The newest event that would be in it. */
  eventId: string;
  /** The issue that it would go on as; null: a new one. */
  issue: NamedIssue | null;
  /** The fingerprint rule that makes it. */
  rule: RuleLine | null;
};

export type GroupingPreviewed = {
  version: GroupingVersion;
  events: number;
  /** Those that would change their issue. */
  moved: number;
  /** Those of which nothing can be said, since their payload is lost or trimmed. */
  left: number;
  /** Those for which the rules cost too much, so that none was followed. */
  overruns: number;
  issuesNow: number;
  issuesThen: number;
  splits: { issue: NamedIssue; events: number; into: GroupSeen[] }[];
  merges: (GroupSeen & { from: { issue: NamedIssue; events: number }[] })[];
  rules: RuleMet[];
  /** Whether there are more splits or merges than are listed. */
  isCut: boolean;
};

/** Which issues a project's newest events would be in by other rules or another version. Nothing is stored. */
export async function previewGrouping(
  deps: Deps,
  projectId: number,
  wanted: GroupingWanted,
  eventsMax: number,
): Promise<GroupingPreviewed> {
  const rules = groupingRulesOf(wanted);
  const { rows } = await selectEventsToRegroup(deps.db, projectId, overflowIssue.hash, {
    limit: eventsMax,
  });
  const looked = await regroupRows(deps, affordable(rows), wanted.version, rules);
  const seen = looked.seen.toReversed();
  const issueIds = [...new Set(seen.map(({ issueId }) => issueId))];
  const merged = (await selectMergedHashes(deps.db, projectId, issueIds)).rows;
  const mergedByPeople = new Map(merged.map(({ hash, issueId }) => [hash, Number(issueId)]));
  const { groups, groupOf } = planRegroup(seen, mergedByPeople);
  const { splits, merges } = changesOf(groups);
  const listed = { splits: splits.slice(0, listedMax), merges: merges.slice(0, listedMax) };
  const named = [
    ...listed.splits.flatMap(({ issueId, into }) => [issueId, ...into.map(issueOf)]),
    ...listed.merges.flatMap((group) => [issueOf(group), ...group.from.keys()]),
  ].flatMap((id) => id ?? []);
  const names = (await selectNames(deps.db, projectId, [...new Set(named)])).rows;
  const shown = showing(names, groups, groupOf, seen, linesOf(wanted, rules));
  return {
    version: wanted.version,
    events: looked.events,
    moved: seen.filter(({ issueId }, at) => groups[groupOf[at] ?? -1]?.issueId !== issueId).length,
    left: looked.left,
    overruns: looked.overruns,
    issuesNow: issueIds.length,
    issuesThen: groups.filter(({ count }) => count > 0).length,
    splits: listed.splits.flatMap(({ issueId, into, events }) => {
      const issue = shown.issue(issueId);
      const parts = into.map((group) => shown.group(group, group.from.get(issueId) ?? 0));
      return issue ? [{ issue, events, into: parts }] : [];
    }),
    merges: listed.merges.map((group) => ({
      ...shown.group(group, group.count),
      from: [...group.from].flatMap(([id, events]) => {
        const issue = shown.issue(id);
        return issue ? [{ issue, events }] : [];
      }),
    })),
    rules: rulesMet(looked.seen, wanted, rules),
    isCut: splits.length > listedMax || merges.length > listedMax,
  };
}

const issueOf = ({ issueId }: PlannedGroup) => issueId;

/** The first rows that are not too much to read. */
function affordable(rows: EventRow[]): EventRow[] {
  const segments = new Set<string>();
  let bytes = 0;
  const end = rows.findIndex(({ segmentId, length }) => {
    segments.add(segmentId);
    bytes += length;
    return segments.size > segmentsMax || bytes > payloadBytesMax;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

type Seen = Combination & Pick<Regrouped, "rule" | "met" | "title"> & { eventId: string };

async function regroupRows(
  deps: Deps,
  rows: EventRow[],
  version: GroupingVersion,
  rules: GroupingRules,
) {
  const looked = { seen: [] as Seen[], events: 0, left: 0, overruns: 0 };
  let spent = 0;
  for (let at = 0; at < rows.length && spent < stepsMax; ) {
    const read = await readEvents(deps, rows.slice(at, at + pageEvents));
    at += read.length;
    for (const { row, event } of read) {
      if (spent >= stepsMax) break;
      looked.events++;
      const steps = { left: groupingStepsMax };
      const regrouped = event && regroupEvent(event, version, rules, steps);
      spent += groupingStepsMax - steps.left;
      if (steps.left < 0) looked.overruns++;
      if (!regrouped?.isExact) looked.left++;
      else {
        const { hashes, rule, met, title } = regrouped;
        const { eventId, issueId } = row;
        looked.seen.push({ hashes, issueId: Number(issueId), count: 1, rule, met, title, eventId });
      }
    }
  }
  return looked;
}

/** Issues that would be more than one, and groups of what is more than one; the largest first. */
function changesOf(groups: PlannedGroup[]) {
  const partsOf = new Map<number, PlannedGroup[]>();
  for (const group of groups) {
    for (const issueId of group.from.keys()) {
      const parts = partsOf.get(issueId) ?? [];
      parts.push(group);
      partsOf.set(issueId, parts);
    }
  }
  const splits = [...partsOf].flatMap(([issueId, parts]) => {
    const share = (group: PlannedGroup) => group.from.get(issueId) ?? 0;
    if (parts.length === 1) return [];
    const into = parts.toSorted((a, b) => share(b) - share(a)).slice(0, listedMax);
    return [{ issueId, into, events: parts.reduce((sum, group) => sum + share(group), 0) }];
  });
  const merges = groups.filter(({ from }) => from.size > 1);
  return {
    splits: splits.toSorted((a, b) => b.events - a.events),
    merges: merges.toSorted((a, b) => b.count - a.count),
  };
}

function showing(
  names: NamedIssue[],
  groups: PlannedGroup[],
  groupOf: number[],
  seen: Seen[],
  lineOf: ReadonlyMap<object, RuleLine>,
) {
  const nameOf = new Map(names.map((name) => [Number(name.id), name]));
  const newestOf = new Map<PlannedGroup, Seen>();
  for (const [at, each] of seen.entries()) {
    const group = groups[groupOf[at] ?? -1];
    if (group) newestOf.set(group, each);
  }
  return {
    issue: (id: number) => nameOf.get(id),
    group(group: PlannedGroup, events: number): GroupSeen {
      const newest = newestOf.get(group);
      const { hash, issueId } = group;
      return {
        hash,
        title: newest?.title ?? "",
        events,
        eventId: newest?.eventId.replaceAll("-", "") ?? "",
        issue: (issueId !== undefined && nameOf.get(issueId)) || null,
        rule: (newest?.rule && lineOf.get(newest.rule)) ?? null,
      };
    },
  };
}

/** Where each rule stands in its text. */
function linesOf(
  { fingerprintRules, stackRules }: GroupingWanted,
  { fingerprint, stack }: GroupingRules,
): Map<object, RuleLine> {
  const placed = (rules: { text: string }[], text: string) => {
    const lines = ruleLinesOf(text);
    return rules.map((rule, at): [object, RuleLine] => [
      rule,
      { line: lines[at]?.line ?? 0, text: rule.text },
    ]);
  };
  return new Map([...placed(fingerprint, fingerprintRules), ...placed(stack, stackRules)]);
}

/** How many events each rule was for, also of those that none was. */
function rulesMet(seen: Seen[], wanted: GroupingWanted, rules: GroupingRules): RuleMet[] {
  const counts = new Map<object, number>();
  for (const { rule, met } of seen) {
    for (const each of rule ? [rule, ...met] : met) counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  const lines = linesOf(wanted, rules);
  const listed = (kind: RuleMet["kind"], of: object[]) =>
    of.flatMap((rule) => {
      const at = lines.get(rule);
      return at ? [{ kind, ...at, events: counts.get(rule) ?? 0 }] : [];
    });
  return [...listed("fingerprint", rules.fingerprint), ...listed("stack", rules.stack)];
}
