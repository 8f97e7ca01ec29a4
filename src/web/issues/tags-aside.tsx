import { useQuery } from "@tanstack/react-query";
import type { Search } from "../filters";
import { t } from "../words";
import { issueTags } from "./issue-queries";
import { SampleNote, TagBars } from "./tag-bars";

type Props = { org: string; issue: string; search: Search; base: string };
const valuesInAside = 4;
const keysInAside = 6;

/** What is asked first stands first; what differs from event to event tells more than what they all have. */
const first = [
  "environment",
  "release",
  "browser",
  "os",
  "url",
  "transaction",
  "user",
  "server_name",
];

/** The tags that tell most, beside an event. */
export function TagsAside({ org, issue, search, base }: Props) {
  const { data = [] } = useQuery(issueTags(org, issue, search));
  const rank = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length);
  const shown = data
    .filter(({ key, uniqueValues }) => first.includes(key) || uniqueValues > 1)
    .toSorted((a, b) => rank(a.key) - rank(b.key))
    .slice(0, keysInAside);
  if (shown.length === 0) return null;
  return (
    <section
      aria-label={t("Tags of all events")}
      className="grid grid-cols-[minmax(0,1fr)] gap-4 p-4"
    >
      <h2 className="text-base">{t("Tags of all events")}</h2>
      <SampleNote search={search} />
      {shown.map((tag) => (
        <TagBars
          key={tag.key}
          org={org}
          issue={issue}
          tag={tag}
          search={search}
          base={base}
          valuesMax={valuesInAside}
          heading="h3"
        />
      ))}
    </section>
  );
}
