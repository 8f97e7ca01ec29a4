import { createHash } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueTags } from "../../drizzle/schema/issues";
import { columnNames } from "../platform/column-names";
import { boundedMemory } from "../platform/memory";
import { sqlTemplate, type Value } from "../platform/sql-template";
import { ownTagKeys } from "../protocol/own-tags";

const k = alias(issueTags, "k");

const keyHexChars = 6;
const valueHexChars = 10;
/** Most tags of a batch were in the one before. */
const rememberedMax = 5000;
const remembered = boundedMemory<string, string>(rememberedMax);

/**
 * A key and a value as one number, as `issue_tags.tag` holds it: 24 bits of the key's MD5, then 40 of the value's. Ours
 * and not a hash function of PostgreSQL, which may differ in its next version. Decimal, since it has 64 bits.
 */
export function tagOf(key: string, value: string): string {
  const text = `${key}\n${value}`;
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const tag = signed(keyHex(key) + md5(value).slice(0, valueHexChars));
  remembered.set(text, tag);
  return tag;
}

/** Where the tags of a key begin and end. */
export const firstTagOf = (key: string): string => signed(keyHex(key) + "0".repeat(valueHexChars));
export const lastTagOf = (key: string): string => signed(keyHex(key) + "f".repeat(valueHexChars));

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const keyHex = (key: string) => md5(key).slice(0, keyHexChars);
const signed = (hex: string) => String(BigInt.asIntN(64, BigInt(`0x${hex}`)));

export type TagCount = {
  g: number;
  /** Start of the week, ISO 8601. */
  week: string;
  key: string;
  value: string;
  tag: string;
  count: number;
};

/** Distinct keys that are counted per issue and week, and values of each; further ones are on their events only. */
export const tagKeysMax = 100;
export const tagValuesMax = 100;
/** People are counted in issue_users, so that their tags need no more than a glimpse. */
export const personValuesMax = 20;
/** Tags of ours that never have many values: not worth a look at how many there are. */
const fewValued = sql.raw("'{handled,os.name,browser.name,environment}'::text[]");

export const isOfPerson = (key: string) => key.startsWith("user.");

/**
 * Steps of the digest's statement that count the tags of a batch. What is there already is counted on. What is new is
 * let in while its issue has room for keys and its key for values, in the order of the numbers; new issues come with
 * bounded tags (planIssues). Reads `g` and `target`. Served by the primary key of issue_tags.
 */
export function tagSteps(tags: TagCount[]): SQL {
  const weeks = [...new Set(tags.map(({ week }) => week))].toSorted();
  return counting({
    weeks: textArray(weeks),
    // Given as constants, so that the other weeks' partitions are not even opened.
    firstWeek: weeks[0] ?? "epoch",
    lastWeek: weeks.at(-1) ?? "epoch",
    g: numberArray(tags.map(({ g }) => g)),
    week: numberArray(tags.map(({ week }) => weeks.indexOf(week) + 1)),
    key: textArray(tags.map(({ key }) => key)),
    value: textArray(tags.map(({ value }) => value)),
    tag: numberArray(tags.map(({ tag }) => tag)),
    count: numberArray(tags.map(({ count }) => count)),
  });
}

const [keysMax, valuesMax] = [sql.raw(String(tagKeysMax)), sql.raw(String(tagValuesMax))];
const personMax = sql.raw(String(personValuesMax));
/** Keys of ours have room beside those of the senders: they are few, and what people filter by. */
const ownKeys = sql.raw(
  `'{${Array.from(ownTagKeys, (key) => BigInt(firstTagOf(key)) >> 40n).join(",")}}'::bigint[]`,
);
const lastOfKey = sql.raw("(1099511627775::bigint)");
const within = (value: Value<"firstWeek" | "lastWeek">) =>
  sql`${k.week} between ${value("firstWeek")}::timestamptz and ${value("lastWeek")}::timestamptz`;

type Names = "weeks" | "firstWeek" | "lastWeek" | "g" | "week" | "key" | "value" | "tag" | "count";
const counting = sqlTemplate<Names>(
  (value) => sql`tag_input as materialized (
      select (${value("weeks")}::timestamptz[])[x.week] as week, g.project_id, t.issue_id, t.is_new, x.tag,
             min(x.key) as key, min(x.value) as value, sum(x.count) as count
        from unnest(${value("g")}::integer[],
                    ${value("week")}::integer[],
                    ${value("key")}::text[],
                    ${value("value")}::text[],
                    ${value("tag")}::bigint[],
                    ${value("count")}::integer[]) as x(g, week, key, value, tag, count)
        join g using (g) join target t using (g)
       group by 1, g.project_id, t.issue_id, t.is_new, x.tag
    ), tag_probed as materialized (
      select i.*, case
          when i.is_new or i.key = any(${fewValued}) then true
          -- Counted, not EXISTS: that may be answered by hashing the whole week.
          else (select count(*) from ${issueTags} k
                 where ${k.issueId} = i.issue_id and ${k.tag} = i.tag and ${k.week} = i.week and ${within(value)}) > 0
        end as is_in
        from tag_input i
    ), tag_keys as materialized (
      select p.issue_id, p.week, p.tag >> 40 as key, (
          select count(*) from (
            select 1 from ${issueTags} k
             where ${k.issueId} = p.issue_id and ${k.tag} between (p.tag >> 40) << 40 and ((p.tag >> 40) << 40) | ${lastOfKey}
               and ${k.week} = p.week and ${within(value)}
             limit ${valuesMax}) met) as value_count
        from (select distinct issue_id, week, (tag >> 40) << 40 as tag from tag_probed where not is_in) p
    ), tag_room as materialized (
      select k.issue_id, k.week, k.key, k.value_count
        from (select *, row_number() over (partition by issue_id, week, value_count > 0 order by key) as n from tag_keys) k
       where case
         when k.value_count > 0 or k.key = any(${ownKeys}) then true
         else k.n <= ${keysMax} - count_tag_keys(k.issue_id, k.week, ${keysMax})
       end
    ), tagged as (
      insert into ${issueTags} (${columnNames(issueTags, "week", "projectId", "issueId", "key", "value", "tag", "count")})
      select week, project_id, issue_id, key, value, tag, count from tag_probed where is_in
      union all
      select p.week, p.project_id, p.issue_id, p.key, p.value, p.tag, p.count
        from (select *, row_number() over (partition by issue_id, week, tag >> 40 order by tag) as n
                from tag_probed where not is_in) p
        join tag_room r on r.issue_id = p.issue_id and r.week = p.week and r.key = p.tag >> 40
       where r.value_count + p.n <= case when p.key like 'user.%' then ${personMax} else ${valuesMax} end
       order by issue_id, tag, week
      on conflict (${columnNames(issueTags, "issueId", "tag", "week")}) do update
        set ${columnNames(issueTags, "count")} = ${issueTags.count} + excluded.count
    )`,
);

/** PostgreSQL's literal of an array: a fraction of the work that JSON is for thousands of short values. */
const textArray = (values: string[]) =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
const numberArray = (values: (number | string)[]) => `{${values.join(",")}}`;
