import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "../parts/badge";
import { classes } from "../parts/classes";
import { ErrorBox } from "../parts/error-box";
import { SkeletonRows } from "../parts/skeleton";
import { t } from "../words";
import { eventGrouping } from "./issue-queries";
import { Leaf } from "./json-tree";
import { Section } from "./section";

type Props = { org: string; issue: string; event: string };
const valuesShown = 30;

/** Why the event is of this issue: what of it decided, and what did not. Asked for when somebody opens it. */
export function GroupingSection({ org, issue, event }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Section id="grouping" title={t("Why grouped")}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="text-muted max-md:min-h-11">
          {t("What of this event decides which issue it is of")}
        </summary>
        {isOpen && <Grouping org={org} issue={issue} event={event} />}
      </details>
    </Section>
  );
}

function Grouping({ org, issue, event }: Props) {
  const found = useQuery(eventGrouping(org, issue, event));
  if (found.isPending) return <SkeletonRows rows={3} height="var(--row-small)" />;
  if (found.isError) return <ErrorBox error={found.error} retry={() => void found.refetch()} />;
  const { version, variant, hash, fingerprint, components, isExact } = found.data;
  const { other, project, rules } = found.data;
  return (
    <div className="mt-2 grid gap-2">
      <p className="text-muted">
        {t("By {variant}, version {version}.", { variant, version })}{" "}
        <code title={t("Hash")}>{hash}</code>{" "}
        {fingerprint && t("Fingerprint of the client: {parts}", { parts: fingerprint.join(", ") })}
      </p>
      {other && (
        <p className="text-muted">
          {t("Version {version} says", { version: other.version })}{" "}
          <code title={t("Hash")}>{other.hash}</code>
          {". "}
          {project.version === "g1"
            ? t("The project is on g1, which decides.")
            : version === "g1"
              ? t("The project is on g2, and the issue goes on by what g1 found.")
              : t("The project is on g2, which decides where g1 found no issue.")}
        </p>
      )}
      {!isExact && (
        <p className="text-warn">
          {t("What is kept of the event no longer comes to the hash that it had.")}
        </p>
      )}
      <ul className="rounded-lg border border-line">
        {components.map(({ name, values, contributes, hint }, index) => (
          <li
            key={`${index}-${name}`}
            className={classes(
              "grid gap-1 border-b border-line px-3 py-1.5 last:border-0",
              !contributes && "text-muted",
            )}
          >
            <p className="flex flex-wrap items-baseline gap-2">
              <span className="font-medium">{name}</span>
              <Badge tone={contributes ? "ok" : "neutral"}>
                {contributes ? t("decides") : t("left out")}
              </Badge>
              {hint && <span className="text-xs text-muted">{hint}</span>}
            </p>
            {values.length > 0 && (
              <ul className="font-mono text-xs">
                {values.slice(0, valuesShown).map((value, place) => (
                  <li key={place}>
                    <Leaf value={value} />
                  </li>
                ))}
                {values.length > valuesShown && (
                  <li className="text-muted">
                    {t("and {rest} more", { rest: values.length - valuesShown })}
                  </li>
                )}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {rules.length > 0 && (
        <details>
          <summary className="text-muted max-md:min-h-11">
            {t("What was left out or replaced, and by which rule")}
          </summary>
          <ul className="text-xs">
            {rules.slice(0, valuesShown).map(({ part, rule }, index) => (
              <li key={`${index}-${rule}`} className="flex flex-wrap gap-x-2">
                <span className="font-mono">
                  <Leaf value={part} />
                </span>
                <span className="text-muted">{rule}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
