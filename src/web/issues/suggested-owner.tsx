import { UserRoundCheck } from "lucide-react";
import { useCommands } from "../commands";
import { Button } from "../parts/button";
import { t } from "../words";
import { give } from "./give";
import type { Issue } from "./issue-queries";

const nameChars = 24;
const ruleChars = 100;

/** Whom the rules of ownership name first, while nobody has the issue: one click gives it to them. */
export function SuggestedOwner({ org, issue }: { org: string; issue: Issue }) {
  const [first, ...others] = issue.suggestedOwners;
  const to = first && { type: first.type, id: first.id, name: first.name };
  const assignIt = () => {
    if (to) void give(org, { target: { ids: [issue.id] }, what: issue.shortId }, to);
  };
  useCommands([
    {
      id: "issue.assign-suggested",
      title: t("Assign to whom the rules suggest"),
      keys: "shift+a",
      group: t("This issue"),
      icon: UserRoundCheck,
      disabled: !to,
      run: assignIt,
    },
  ]);
  if (!first) return null;
  const named = [first, ...others].map(({ type, name }) => (type === "team" ? `#${name}` : name));
  const rule = first.rule.slice(0, ruleChars);
  return (
    <Button
      icon={UserRoundCheck}
      keys="shift+a"
      title={
        rule
          ? t("By the rule {rule}. Suggested: {names}", { rule, names: named.join(", ") })
          : t("No rule names anybody. Suggested: {names}", { names: named.join(", ") })
      }
      onClick={assignIt}
    >
      {t("Give to {name}", { name: (named[0] ?? "").slice(0, nameChars) })}
    </Button>
  );
}
