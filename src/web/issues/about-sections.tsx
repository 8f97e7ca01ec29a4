import { Link } from "@tanstack/react-router";
import type { Search } from "../filters";
import { plural, t } from "../words";
import { personOf } from "./event-highlights";
import { withTag } from "./event-query";
import type { IssueEvent } from "./issue-queries";
import { JsonTree } from "./json-tree";
import { Section } from "./section";

type Props = { event: IssueEvent; search: Search; base: string };

export const ContextsSection = ({ contexts }: { contexts: [string, unknown][] }) => (
  <Section id="contexts" title={t("Contexts")}>
    <JsonTree
      entries={contexts.map(([name, value]) => [name, withoutType(value)])}
      label={t("Contexts")}
      openDepth={1}
    />
  </Section>
);

/** Every context says of which kind it is; its name says that already. */
function withoutType(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== "type"));
}

export function UserSection({
  event,
  pairs,
  search,
  base,
}: Props & { pairs: [string, unknown][] }) {
  const tag = event.tags.find(({ key }) => key === "user");
  return (
    <Section
      id="user"
      title={t("User")}
      count={personOf(event.user)?.slice(0, 100)}
      actions={
        tag && (
          <Link
            to={base}
            search={withTag(search, "user", tag.value)}
            className="inline-flex min-h-8 items-center max-md:min-h-11"
          >
            {t("Their events of this issue")}
          </Link>
        )
      }
    >
      <JsonTree entries={pairs} label={t("User")} openDepth={1} />
    </Section>
  );
}

export function Packages({ packages }: { packages: [string, unknown][] }) {
  return (
    <Section id="packages" title={t("Packages")} count={packages.length}>
      <details>
        <summary className="text-muted max-md:min-h-11">
          {plural(packages.length, t("package"), t("packages"))}
        </summary>
        <ul className="mt-2 columns-[16rem] gap-6 font-mono text-xs">
          {packages.map(([name, version]) => (
            <li key={name} className="break-inside-avoid py-0.5">
              {name}{" "}
              <span className="text-muted">{typeof version === "string" ? version : ""}</span>
            </li>
          ))}
        </ul>
      </details>
    </Section>
  );
}

export const SdkSection = ({ sdk }: { sdk: object }) => (
  <Section id="sdk" title={t("SDK")}>
    <JsonTree entries={Object.entries(sdk)} label={t("SDK")} />
  </Section>
);
