import type { NormalEvent } from "../events/normal-event";
import { ownedPartOf, owningRules } from "../events/owners";
import type { CompiledOwnership, Owner } from "../projects/ownership";
import type { Steps } from "../protocol/glob";

/** One to whom a rule would give an issue. */
export type SuggestedOwner = {
  memberId: number | null;
  teamId: number | null;
  /** The line that says so; empty: none does. */
  rule: string;
  /** What the activity says of it. */
  data: object;
};

/** Whose an issue is by the rules of its project, best first, and whether the first one is given it. */
export type Whose = { assigns: boolean; owners: SuggestedOwner[] };

/** Kept of a line. */
const ruleCharsMax = 500;
const suggestedMax = 10;

/**
 * Whose the issue is that an event makes: asked only when it makes one, since most do not. The same answer each time,
 * though rules are compared once.
 */
export function whoseOf(
  event: NormalEvent,
  ownership: CompiledOwnership,
  steps: Steps,
): () => Whose {
  const part = ownedPartOf(event);
  let known: Whose | undefined;
  return () => {
    known ??= decide(ownership, () => owningRules(part, [...ownership.rules.keys()], steps));
    return known;
  };
}

function decide(
  { rules, assigns, otherwise }: CompiledOwnership,
  met: () => ReturnType<typeof owningRules>,
): Whose {
  const found = met().flatMap((rule) =>
    (rules.get(rule) ?? []).map((owner) => suggested(owner, rule.text.slice(0, ruleCharsMax))),
  );
  const owners = found.length > 0 ? found : otherwise.map((owner) => suggested(owner, ""));
  // Each once, by the best rule that names them.
  const distinct = new Map<string, SuggestedOwner>();
  for (const owner of owners) {
    const key = `${owner.memberId}:${owner.teamId}`;
    if (!distinct.has(key)) distinct.set(key, owner);
  }
  return {
    assigns: assigns && found.length > 0,
    owners: [...distinct.values()].slice(0, suggestedMax),
  };
}

const suggested = ({ type, id, name, memberId, teamId }: Owner, rule: string): SuggestedOwner => ({
  memberId: memberId === null ? null : Number(memberId),
  teamId: teamId === null ? null : Number(teamId),
  rule,
  data: {
    assignee: id,
    assigneeType: type,
    ...(type === "user" ? { assigneeEmail: name } : { assigneeName: name.slice(1) }),
    rule,
  },
});
