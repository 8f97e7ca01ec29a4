import type { AcceptedEnvelope } from "../../queues/catalog";
import type { Deps } from "../deps";
import { type FieldRules, fieldRulesOf } from "../events/field-rules";
import { type InboundFilter, inboundFilterOf } from "../events/inbound-filter";
import type { GroupingRules } from "../issues/grouping/group-event";
import { groupingRulesOf, type RuleTexts } from "../issues/grouping/grouping-rules";
import { boundedMemory } from "../platform/memory";
import { type CompiledOwnership, compileOwnership } from "../projects/ownership";
import { readRules } from "../projects/rules";
import { minuteMs } from "../protocol/durations";

/** What a project wants done with its events before they are grouped, how they are, and who gets what is new. */
export type Rules = {
  filter?: InboundFilter;
  fields?: FieldRules;
  grouping?: GroupingRules;
  owners?: CompiledOwnership;
};

const projectsMax = 1000;

/** Names in rules of ownership are looked up again after so long: people and teams come and go. */
const ownersKnownMs = 10 * minuteMs;

type Remembered = { version: number; rules: Rules; until?: number };
const memory = boundedMemory<number, Remembered>(projectsMax);

const none: Rules = {};

/**
 * The rules of a message's project, at least as new as the edge knew them when it took the message. A project that
 * never had any costs nothing; for others they are read and compiled once for each isolate and version.
 */
export async function rulesOf(
  deps: Deps,
  { projectId, rulesVersion }: Pick<AcceptedEnvelope, "projectId" | "rulesVersion">,
): Promise<Rules> {
  if (!rulesVersion) return none;
  const known = memory.get(projectId);
  const now = +deps.now();
  const isKnown = known !== undefined && known.version >= rulesVersion;
  if (isKnown && (known.until === undefined || now < known.until)) return known.rules;
  const read = await readRules(deps, projectId);
  const filter = inboundFilterOf(read.filters);
  const grouping = groupingOf(read);
  const fields = fieldRulesOf(read.fields);
  const owners = await compileOwnership(deps, projectId, read.ownership);
  const rules: Rules = {
    ...(filter && { filter }),
    ...(fields && { fields }),
    ...(grouping && { grouping }),
    ...(owners && { owners }),
  };
  // A version that is not there any more must not be looked for with every message.
  memory.set(projectId, {
    version: Math.max(read.version, rulesVersion),
    rules,
    ...(owners && { until: now + ownersKnownMs }),
  });
  return rules;
}

function groupingOf(texts: RuleTexts): GroupingRules | undefined {
  const rules = groupingRulesOf(texts);
  return rules.fingerprint.length + rules.stack.length > 0 ? rules : undefined;
}
