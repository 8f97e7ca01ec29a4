import { levelName } from "../protocol/level";
import { eventMarkdown, inLine, type Whereabouts } from "./event-markdown";
import type { FoundEvent } from "./find-event";
import type { IssueRow } from "./queries";
import type { IssueTag } from "./schemas";
import { permalinkOf, trimMicros } from "./shapes";
import { shortIdOf } from "./short-id";

const tagsMax = 20;
const valuesMax = 5;

/** An issue with its numbers, its tags and its latest event as Markdown, in which nothing leaves the place where it stands. */
export function issueMarkdown(
  issue: IssueRow,
  tags: IssueTag[],
  latest: FoundEvent,
  publicUrl: string,
): string {
  const at = whereaboutsOf(issue, latest, publicUrl);
  const facts: [name: string, value: string][] = [
    ["Link", at.permalink],
    ["Project", issue.projectSlug],
    ["Status", issue.status],
    ["Level", levelName(issue.level)],
    ["Events", String(issue.eventCount)],
    ["People", String(issue.userCount)],
    ["First seen", trimMicros(issue.firstSeenAt)],
    ["Last seen", trimMicros(issue.lastSeenAt)],
    ["Environments", issue.environments.join(", ")],
    ["Assigned to", issue.assignee ? issue.assignee.name : "nobody"],
  ];
  const lines = tags.slice(0, tagsMax).map(({ key, topValues, totalValues }) => {
    const values = topValues
      .slice(0, valuesMax)
      .map(({ value, count }) => `${inLine(value)} (${count} of ${totalValues})`);
    return `- ${inLine(key)}: ${values.join(", ")}`;
  });
  return [
    `# ${inLine(`${at.shortId} ${issue.title}`)}`,
    facts.map(([name, value]) => `- ${name}: ${inLine(value)}`).join("\n"),
    ...(lines.length > 0 ? [`## Tags of all events\n\n${lines.join("\n")}`] : []),
    `---\n\n${eventMarkdown(latest.event, at)}`,
  ].join("\n\n");
}

/** Where an event is from, for the heading of its text. */
export const whereaboutsOf = (
  issue: IssueRow,
  { row }: FoundEvent,
  publicUrl: string,
): Whereabouts => ({
  shortId: shortIdOf({ slug: issue.projectSlug, number: issue.shortNumber }),
  permalink: permalinkOf(publicUrl, issue),
  eventId: row.eventId.replaceAll("-", ""),
  receivedAt: trimMicros(row.receivedAt),
});
