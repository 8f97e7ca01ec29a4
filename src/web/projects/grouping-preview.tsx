import { Link } from "@tanstack/react-router";
import { Count } from "../parts/count";
import { Table } from "../parts/table";
import { plural, t } from "../words";
import type { GroupingPreview as Preview } from "./queries";

type Group = Preview["merges"][number] | Preview["splits"][number]["into"][number];
type Issue = Preview["splits"][number]["issue"];

/** What rules would do with the newest events: issues that would be one, issues that would be several, and by which lines. */
export function GroupingPreview({ org, preview }: { org: string; preview: Preview }) {
  const { events, eventsMoved, eventsLeft, overruns, merges, splits, rules, isCut } = preview;
  if (events === 0) return <p>{t("There are no events yet to try this on.")}</p>;
  return (
    <section aria-label={t("Preview")} className="grid gap-4">
      <p role="status">
        {t("Of the newest {events}, {moved} would change their issue.", {
          events: plural(events, "event", "events"),
          moved: plural(eventsMoved, "event", "events"),
        })}{" "}
        {t("{now} would be {later}.", {
          now: plural(preview.issuesNow, "issue", "issues"),
          later: String(preview.issuesThen),
        })}
      </p>
      {overruns > 0 && (
        <p className="text-danger">
          {t("For {events} the rules cost too much: none was followed.", {
            events: plural(overruns, "event", "events"),
          })}
        </p>
      )}
      {eventsLeft > 0 && (
        <p className="text-muted">
          {t("{events} would stay, since not all is kept of them that decided then.", {
            events: plural(eventsLeft, "event", "events"),
          })}
        </p>
      )}
      {merges.length > 0 && (
        <Table
          label={t("Issues that would be one")}
          rows={merges}
          keyOf={({ hash }) => hash}
          columns={[
            { label: t("Would be one issue"), cell: (group) => <GroupName group={group} /> },
            {
              label: t("Is now"),
              cell: ({ from }) => (
                <ul className="grid gap-1">
                  {from.map(({ issue, events: count }) => (
                    <li key={issue.id}>
                      <IssueLink org={org} issue={issue} /> <Count value={count} />
                    </li>
                  ))}
                </ul>
              ),
            },
            { label: t("Events"), align: "end", cell: (row) => <Count value={row.events} /> },
          ]}
        />
      )}
      {splits.length > 0 && (
        <Table
          label={t("Issues that would be several")}
          rows={splits}
          keyOf={({ issue }) => issue.id}
          columns={[
            {
              label: t("Is one issue"),
              cell: ({ issue }) => (
                <>
                  <p className="max-w-80 truncate">{issue.title}</p>
                  <IssueLink org={org} issue={issue} />
                </>
              ),
            },
            {
              label: t("Would be"),
              cell: ({ issue, into }) => (
                <ul className="grid gap-1">
                  {into.map((group) => (
                    <li key={group.hash}>
                      <GroupName group={group} />
                      <span className="text-xs text-muted">{homeOf(group, issue)}</span>{" "}
                      <Count value={group.events} />
                    </li>
                  ))}
                </ul>
              ),
            },
            { label: t("Events"), align: "end", cell: (row) => <Count value={row.events} /> },
          ]}
        />
      )}
      {isCut && <p className="text-muted">{t("The largest hundred of each are shown.")}</p>}
      {rules.length > 0 && (
        <Table
          label={t("Rules that were tried")}
          rows={rules}
          keyOf={({ kind, line }) => `${kind} ${line}`}
          columns={[
            {
              label: t("Rule"),
              cell: ({ text }) => <code className="block max-w-120 truncate">{text}</code>,
            },
            {
              label: t("Line"),
              align: "end",
              wideOnly: true,
              cell: ({ kind, line }) =>
                kind === "stack"
                  ? t("Stack-trace {line}", { line: String(line) })
                  : t("Fingerprint {line}", { line: String(line) }),
            },
            { label: t("Events"), align: "end", cell: (row) => <Count value={row.events} /> },
          ]}
        />
      )}
    </section>
  );
}

const IssueLink = ({ org, issue }: { org: string; issue: Issue }) => (
  <Link to={`/${org}/issues/${issue.id}`} className="whitespace-nowrap" title={issue.title}>
    {issue.shortId}
  </Link>
);

function GroupName({ group: { title, rule } }: { group: Group }) {
  return (
    <>
      <p className="max-w-80 truncate" title={title}>
        {title}
      </p>
      {rule && (
        <p className="text-xs text-muted">
          {t("By line {line}", { line: String(rule.line) })}{" "}
          <code className="inline-block max-w-60 truncate align-bottom">{rule.text}</code>
        </p>
      )}
    </>
  );
}

const homeOf = ({ issue }: Group, split: Issue): string =>
  issue === null
    ? t("a new issue")
    : issue.id === split.id
      ? t("stays this issue")
      : t("goes to {id}", { id: issue.shortId });
