import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueDetails, issues, issueTexts } from "../../drizzle/schema/issues";
import type { Db } from "../platform/database";
import { likeText } from "../platform/like";
import { markOf } from "../protocol/event-fields";

const d = alias(issueDetails, "d");
const i = alias(issues, "i");
const y = alias(issueTexts, "y");

/** Of those that an index finds so many are looked at. */
const titledMax = 500;
const framedMax = 100;

/** Other issues of a project whose titles hold a text. Served by issue_details_search and the primary key of issues. */
export const selectTitled = (db: Db, projectId: number, issueId: number, text: string) => {
  const like = `%${likeText(text)}%`;
  return db.execute<{ id: string; title: string }>(sql`
    select ${d.issueId} as id, ${d.title} from ${issueDetails} d
      join ${issues} i on ${i.id} = ${d.issueId} and ${i.mergedInto} is null
     where ${d.projectId} = ${projectId} and ${d.searchText} ilike ${like} and ${d.title} ilike ${like}
       and ${d.issueId} <> ${issueId} limit ${titledMax}`);
};

/**
 * Other issues of a project that have some of these functions in their stacks, with how many of them: found by the
 * rarest, which are first. Served by issue_texts_search and the primary key of issues.
 */
export function selectFramed(
  db: Db,
  { orgId, projectId, issueId }: { orgId: number; projectId: number; issueId: number },
  functions: string[],
  probes: string[],
) {
  const lines = functions.map((name) => `\n${markOf("stack.function")}${name}\n`);
  const likes = probes.map(
    (name) => sql`${y.text} ilike ${`%${markOf("stack.function")}${likeText(name)}%`}`,
  );
  return db.execute<{ id: string; shared: number }>(sql`
    select f.issue_id as id, max(f.shared)::integer as shared from (
      select c.issue_id, (
          select count(*) from json_array_elements_text(${JSON.stringify(lines)}::json) line
           where strpos(c.text || E'\\n', line) > 0) as shared
        from (
          select ${y.issueId}, ${y.text} from ${issueTexts} y join ${issues} i on ${i.id} = ${y.issueId} and ${i.mergedInto} is null
           where ${y.orgId} = ${orgId} and not ${y.isFact} and (${sql.join(likes, sql` or `)})
             and ${i.projectId} = ${projectId} and ${y.issueId} <> ${issueId} limit ${framedMax}) c) f
     group by f.issue_id order by 2 desc, 1 desc limit ${framedMax}`);
}
