import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import type { Search } from "../filters";
import { t } from "../words";
import { highlightsOf } from "./event-highlights";
import { type EventParts, partsOf } from "./event-parts";
import { withTag } from "./event-query";
import { FrameRow } from "./frame-row";
import type { Frame } from "./frames";
import type { IssueEvent } from "./issue-queries";
import { JsonTree, Leaf } from "./json-tree";
import { membersOf } from "./members";
import { PairList } from "./pair-list";
import { Section } from "./section";
import { StackSection } from "./stack-section";

/** What stands below the trace is loaded beside it: the answer does not wait for it. */
const rest = import("./event-rest");
const BreadcrumbsSection = lazy(async () => ({ default: (await rest).BreadcrumbsSection }));
const GroupingSection = lazy(async () => ({ default: (await rest).GroupingSection }));
const RequestSection = lazy(async () => ({ default: (await rest).RequestSection }));
const TagsSection = lazy(async () => ({ default: (await rest).TagsSection }));
const ContextsSection = lazy(async () => ({ default: (await rest).ContextsSection }));
const UserSection = lazy(async () => ({ default: (await rest).UserSection }));
const Packages = lazy(async () => ({ default: (await rest).Packages }));
const WarningList = lazy(async () => ({ default: (await rest).WarningList }));
const SdkSection = lazy(async () => ({ default: (await rest).SdkSection }));

type Props = { event: IssueEvent; search: Search; base: string };

export type EventSection = { id: string; title: string; content: ReactNode };

/** Everything that an event says, the answer first: what was thrown and where, then what led there. */
export function eventSections({
  org,
  event,
  search,
  base,
}: Props & { org: string }): EventSection[] {
  const parts = partsOf(event);
  const contexts = Object.entries(event.contexts ?? {});
  const extra = Object.entries(event.context);
  const packages = Object.entries(event.packages ?? {});
  const eventAt = Date.parse(event.dateCreated);
  const user = Object.entries(event.user ?? {}).filter(
    ([, value]) => value !== null && value !== "",
  );
  const hasStack =
    parts.exceptions.length > 0 || parts.threads.some(({ stack }) => stack !== undefined);
  const sections: (EventSection | false | undefined)[] = [
    parts.csp.length > 0 && {
      id: "csp",
      title: t("Policy"),
      content: <CspSection csp={parts.csp} />,
    },
    parts.template && {
      id: "template",
      title: t("Template"),
      content: <TemplateSection frame={parts.template} platform={event.platform} />,
    },
    saysMore(parts.message, event.title) && {
      id: "message",
      title: t("Message"),
      content: parts.message && <MessageSection message={parts.message} />,
    },
    hasStack && {
      id: "stack",
      title: t("Stack"),
      content: <StackSection parts={parts} platform={event.platform} />,
    },
    parts.breadcrumbs.length > 0 && {
      id: "breadcrumbs",
      title: t("Breadcrumbs"),
      content: <BreadcrumbsSection breadcrumbs={parts.breadcrumbs} eventAt={eventAt} />,
    },
    parts.request && {
      id: "request",
      title: t("Request"),
      content: <RequestSection request={parts.request} />,
    },
    user.length > 0 && {
      id: "user",
      title: t("User"),
      content: <UserSection event={event} pairs={user} search={search} base={base} />,
    },
    event.tags.length > 0 && {
      id: "tags",
      title: t("Tags"),
      content: <TagsSection tags={event.tags} search={search} base={base} />,
    },
    contexts.length > 0 && {
      id: "contexts",
      title: t("Contexts"),
      content: <ContextsSection contexts={contexts} />,
    },
    extra.length > 0 && {
      id: "extra",
      title: t("Extra"),
      content: (
        <Section id="extra" title={t("Extra")} count={extra.length}>
          <JsonTree entries={extra} label={t("Extra")} />
        </Section>
      ),
    },
    packages.length > 0 && {
      id: "packages",
      title: t("Packages"),
      content: <Packages packages={packages} />,
    },
    parts.exceptions.length + event.tags.length > 0 && {
      id: "grouping",
      title: t("Grouping"),
      content: <GroupingSection org={org} issue={event.groupID} event={event.eventID} />,
    },
    event.sdk !== null && { id: "sdk", title: t("SDK"), content: <SdkSection sdk={event.sdk} /> },
  ];
  return sections.filter((section) => section !== undefined && section !== false);
}

/** A message that is the title of the event is read already. */
const saysMore = (message: EventParts["message"], title: string): boolean =>
  message !== undefined &&
  (message.text !== title || (message.template !== undefined && message.template !== message.text));

export const Warnings = ({ event }: { event: IssueEvent }) => (
  <Suspense fallback={null}>
    <WarningList event={event} />
  </Suspense>
);

export function Highlights({ event, search, base }: Props) {
  const highlights = highlightsOf(event);
  if (highlights.length === 0) return null;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 px-4 py-3" aria-label={t("Highlights")}>
      {highlights.map(({ label, value, tag }) => (
        <div key={label} className="flex max-w-full min-w-0 items-baseline gap-1.5">
          <dt className="text-xs text-muted">{label}</dt>
          <dd className="max-w-72 min-w-0 truncate" title={value.slice(0, 500)} dir="auto">
            {tag && event.tags.some(({ key, value: one }) => key === tag && one === value) ? (
              <Link to={base} search={withTag(search, tag, value)} className="quiet">
                {value}
              </Link>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const CspSection = ({ csp }: { csp: [string, unknown][] }) => (
  <Section id="csp" title={t("Blocked by the content security policy")}>
    <PairList pairs={csp} label={t("Report")} />
  </Section>
);

const TemplateSection = ({ frame, platform }: { frame: Frame; platform: string | null }) => (
  <Section id="template" title={t("Template")}>
    <ul className="overflow-hidden rounded-lg border border-line">
      <FrameRow frame={frame} platform={platform} isOpen toggle={() => undefined} />
    </ul>
  </Section>
);

function MessageSection({ message }: { message: NonNullable<EventParts["message"]> }) {
  const { text, template, params } = message;
  const values = Array.isArray(params)
    ? (params as unknown[]).map((one, index): [string, unknown] => [String(index + 1), one])
    : [...membersOf(params)];
  return (
    <Section id="message" title={t("Message")}>
      <div className="max-h-80 overflow-y-auto rounded-lg border border-line bg-sunken p-3 font-mono text-xs">
        <Leaf value={text} />
      </div>
      {template && template !== text && (
        <p className="mt-2 text-xs text-muted">
          {t("Written as")} <code>{template.slice(0, 500)}</code>
        </p>
      )}
      {values.length > 0 && <JsonTree entries={values} label={t("Values")} />}
    </Section>
  );
}
