import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueDetails, issueHashes } from "../../drizzle/schema/issues";
import { type GroupingVersion, projects } from "../../drizzle/schema/projects";
import type { Db } from "../platform/database";

const d = alias(issueDetails, "d");
const h = alias(issueHashes, "h");
const p = alias(projects, "p");

/**
 * Which of these hashes lead to an issue, which version made it, and which decides for new events of its project. Served
 * by the primary keys of projects, issue_details and issue_hashes.
 */
export const selectGroupingContext = (
  db: Db,
  projectId: number,
  issueId: number,
  hashes: string[],
) =>
  db.execute<{
    version: GroupingVersion;
    switchedAt: string | null;
    madeBy: string;
    leading: string[];
  }>(sql`
    select ${p.groupingVersion} as version, ${p.groupingSwitchedAt} as "switchedAt",
           ${d.grouping} ->> 'algo' as "madeBy",
           array(select ${h.hash} from ${issueHashes} h
                  where ${h.projectId} = ${p.id} and ${h.issueId} = ${issueId}
                    and ${h.hash} in (select json_array_elements_text(${JSON.stringify(hashes)}::json))) as leading
      from ${projects} p join ${issueDetails} d on ${d.issueId} = ${issueId} and ${d.projectId} = ${p.id}
     where ${p.id} = ${projectId}`);
