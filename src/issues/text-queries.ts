import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueTexts } from "../../drizzle/schema/issues";
import { columnNames } from "../platform/column-names";
import { sqlTemplate } from "../platform/sql-template";

const y = alias(issueTexts, "y");
/** Of an issue in four weeks: what several consumers add at once has an end too. */
const rowsMax = sql.raw("200");

/** Lines of a group of events that its issue does not have, as they are sent to the database. */
export type TextRow = {
  g: number;
  since: string;
  is_fact: boolean;
  hashes: number[];
  text: string;
};

/**
 * A step of the digest's statement that keeps lines which issues do not have yet, behind the steps before it. Reads `g`
 * and `target`. Served by issue_texts_issue.
 */
export function textSteps(rows: TextRow[]): SQL {
  const weeks = rows.map(({ since }) => since).toSorted();
  // Given as constants, so that other weeks' partitions are not even opened.
  const [first = "epoch", last = first] = [weeks[0], weeks.at(-1)];
  return wording({ texts: JSON.stringify(rows), first, last });
}

const wording = sqlTemplate<"texts" | "first" | "last">(
  (value) => sql`, text_input as materialized (
      select * from json_to_recordset(${value("texts")}::json) as x(
        g integer, since timestamptz, is_fact boolean, hashes integer[], text text)
    ), worded as (
      insert into ${issueTexts} (${columnNames(issueTexts, "since", "orgId", "issueId", "isFact", "hashes", "text")})
      select x.since, g.org_id, t.issue_id, x.is_fact, x.hashes, x.text
        from text_input x join g using (g) join target t using (g)
       where t.is_new or (
         select count(*) from ${issueTexts} y
          where ${y.issueId} = t.issue_id and ${y.since} = x.since
            and ${y.since} between ${value("first")}::timestamptz and ${value("last")}::timestamptz) < ${rowsMax}
       order by t.issue_id
    )`,
);
