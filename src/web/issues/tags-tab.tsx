import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Search } from "../filters";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { Field } from "../parts/field";
import { SkeletonBlock } from "../parts/skeleton";
import { t } from "../words";
import { issueTags } from "./issue-queries";
import { SampleNote, TagBars } from "./tag-bars";

type Props = { org: string; issue: string; search: Search; base: string };
const valuesInTab = 10;
const searchFrom = 8;

/** All tags of an issue with how often they have which value. */
export function TagsTab({ org, issue, search, base }: Props) {
  const tags = useQuery(issueTags(org, issue, search));
  const [text, setText] = useState("");
  if (tags.isPending) return <SkeletonBlock height={240} />;
  if (tags.isError) return <ErrorBox error={tags.error} retry={() => void tags.refetch()} />;
  const wanted = text.trim().toLowerCase();
  const found = tags.data.filter(
    ({ key, topValues }) =>
      key.toLowerCase().includes(wanted) ||
      topValues.some(({ value }) => value.toLowerCase().includes(wanted)),
  );
  return (
    <div className="p-4">
      {tags.data.length >= searchFrom && (
        <Field
          label={t("Search tags and values")}
          hideLabel
          type="search"
          data-search
          placeholder={t("Search tags and values")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="mb-4 max-w-sm"
        />
      )}
      <SampleNote search={search} />
      {found.length === 0 ? (
        <Empty>
          {tags.data.length === 0 ? t("No event of this issue has tags.") : t("No tag fits.")}
        </Empty>
      ) : (
        <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2 xl:grid-cols-3">
          {found.map((tag) => (
            <TagBars
              key={tag.key}
              org={org}
              issue={issue}
              tag={tag}
              search={search}
              base={base}
              valuesMax={valuesInTab}
              heading="h2"
            />
          ))}
        </div>
      )}
    </div>
  );
}
