import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import {
  issueHashes,
  issueHours,
  issueSequences,
  issues,
  issueTags,
  issueTexts,
} from "../../drizzle/schema/issues";
import { organizations } from "../../drizzle/schema/orgs";
import { projects } from "../../drizzle/schema/projects";
import type { Db, Statement } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { sqlTemplate } from "../platform/sql-template";

const e = alias(events, "e");
const h = alias(issueHashes, "h");
const i = alias(issues, "i");
const o = alias(organizations, "o");
const l = alias(issues, "l");
const p = alias(projects, "p");
const s = alias(issueSequences, "s");
const y = alias(issueTexts, "y");

/** Events with when they were received, and the time around each in which the same id is the same event. */
export type EventSightings = { rows: string; from: Date; to: Date; windowSeconds: number };

/** The outer bounds are constants, so that other weeks' partitions are not even opened. */
const sameEvents = sqlTemplate<keyof EventSightings>(
  (value) => sql`
      from json_to_recordset(${value("rows")}::json) as x(project_id bigint, event_id uuid, received_at timestamptz)
      join ${events} e on ${e.projectId} = x.project_id and ${e.eventId} = x.event_id
       and ${e.receivedAt} between x.received_at - make_interval(secs => ${value("windowSeconds")})
                             and x.received_at + make_interval(secs => ${value("windowSeconds")})
     where ${e.receivedAt} between ${value("from")}::timestamptz and ${value("to")}::timestamptz`,
);
const sightingsIn = ({ from, to, ...others }: EventSightings) =>
  sameEvents({ from: from.toISOString(), to: to.toISOString(), ...others });

const eventKeys = fixedSql(sql`${e.projectId}, ${e.eventId}, ${e.receivedAt}`);

/** Served by the primary key of events, one probe per event and partition of the time around it. */
export const selectKnownEvents = (db: Db, sightings: EventSightings) =>
  db.execute<{ project_id: string; event_id: string; received_at: string }>(sql`
    select ${eventKeys} ${sightingsIn(sightings)}`);

const knownHashes = sqlTemplate<"pairs" | "texts">(
  (value) => sql`
    select ${h.projectId}, ${h.hash}, ${h.issueId}, ${i.label}, ${i.status} = 'unresolved' as "isOpen", x.since, ${value("texts")} as texts
      from json_to_recordset(${value("pairs")}::json) as x(project_id bigint, hash text, since timestamptz)
      join ${issueHashes} h on ${h.projectId} = x.project_id and ${h.hash} = x.hash
      join ${issues} i on ${i.id} = ${h.issueId}`,
);

const knownTexts = fixedSql(sql`case when x.since is not null then (
        select coalesce(json_agg(json_build_object('fact', ${y.isFact}, 'chars', length(${y.text}), 'hashes', ${y.hashes})), '[]'::json)
          from ${issueTexts} y where ${y.issueId} = ${h.issueId} and ${y.since} = x.since) end`);
/** Nearly always: all are remembered. Then no partition of the texts is even opened. */
const noTexts = fixedSql(sql`null::json`);

export type KnownHashRow = {
  project_id: string;
  hash: string;
  issue_id: string;
  /** Of what the issue is called. */
  label: string | null;
  isOpen: boolean;
  /** As it was asked. */
  since: string;
  /** What can be searched of the issue in the four weeks since then; null where nobody asked. */
  texts: { fact: boolean; chars: number; hashes: number[] }[] | null;
};

/**
 * Hashes that lead to an issue already, and its texts where `since` says of which weeks. Served by the primary keys
 * of issue_hashes and issues, and issue_texts_issue.
 */
export const selectKnownHashes = (db: Db, pairs: string, asksForTexts: boolean) =>
  db.execute<KnownHashRow>(knownHashes({ pairs, texts: asksForTexts ? knownTexts : noTexts }));

const allHashesKnown = sqlTemplate<"pairs">(
  (value) => sql`
    select assert_no_rows(count(*) filter (where ${h.issueId} is distinct from x.issue_id))
      from json_to_recordset(${value("pairs")}::json) as x(project_id bigint, hash text, issue_id bigint)
      left join ${issueHashes} h on ${h.projectId} = x.project_id and ${h.hash} = x.hash`,
);

/** What was left unsaid of a group, because its issue has it, must still be of that issue. */
export const assertKnownHashes = (tx: Db, pairs: string): Statement =>
  tx.execute(allHashesKnown({ pairs }));

const liveProjects = sqlTemplate<"ids" | "hour">(
  (value) => sql`
    select ${p.id}, ${p.groupingVersion} = 'g1' as "isOnG1", case when ${s.hour} >= ${value("hour")}::timestamptz then ${s.newInHour} else 0 end as "newInHour"
      from ${projects} p left join ${issueSequences} s on ${s.projectId} = ${p.id}
     where ${p.id} = any(${value("ids")}::bigint[]) and ${p.deletedAt} is null`,
);

/**
 * Projects that are there, with their version of grouping and how many issues came into being in each since the hour
 * began. Served by the primary
 * keys of projects and issue_sequences.
 */
export const selectLiveProjects = (db: Db, ids: number[], hour: Date) =>
  db.execute<{ id: string; newInHour: number; isOnG1: boolean }>(
    liveProjects({ ids: `{${ids.join(",")}}`, hour: hour.toISOString() }),
  );

const allFresh = sqlTemplate<"events" | "projectIds" | "onG1">(
  (value) => sql`
    select assert_no_rows((select count(*) ${value("events")}) + (
      select count(*) from unnest(${value("projectIds")}::bigint[]) x(id)
       where not exists (
         select 1 from ${projects} p where ${p.id} = x.id and ${p.deletedAt} is null
            and (${p.groupingVersion} = 'g1' or x.id <> all(${value("onG1")}::bigint[])))))`,
);

/**
 * Nobody stored one of the events meanwhile, nor deleted a project, nor changed one of those on g1 to g2. Served by the
 * primary keys of events and projects.
 */
export const assertStillFresh = (
  tx: Db,
  sightings: EventSightings,
  projectIds: number[],
  onG1: number[],
): Statement =>
  tx.execute(
    allFresh({
      events: sightingsIn(sightings),
      projectIds: `{${projectIds.join(",")}}`,
      onG1: `{${onG1.join(",")}}`,
    }),
  );

/**
 * A chunk of the issues of a project that is going, those merged into them too, with their tags, hours, texts and events.
 * Served by issues_project_last_seen, issues_merged_into, the primary keys of issue_tags and issue_hours, issue_texts_issue and events_issue_received.
 */
export const deleteIssuesOfProject = (db: Db, projectId: number, limit: number) =>
  db.execute<{ id: string }>(sql`
    with chosen as materialized (
      select ${issues.id} from ${issues} where ${issues.projectId} = ${projectId}
       order by ${issues.lastSeenAt}, ${issues.id} limit ${limit} for update
    ), going as materialized (
      select id from chosen
      union select ${l.id} from ${issues} l where ${l.mergedInto} in (select id from chosen)
    ), tags as (
      delete from ${issueTags} where ${issueTags.issueId} in (select id from going)
    ), hours as (
      delete from ${issueHours} where ${issueHours.issueId} in (select id from going)
    ), texts as (
      delete from ${issueTexts} where ${issueTexts.issueId} in (select id from going)
    ), gone as (
      delete from ${events} where ${events.issueId} in (select id from going)
    )
    delete from ${issues} where ${issues.id} in (select id from going) returning ${issues.id}`);

/** What was merged goes with the issue that it leads to. Served by issues_org_last_seen, a few per organization and run. */
export const deleteStaleIssues = (db: Db, cutoff: Date): Statement =>
  db.execute(sql`
    delete from ${issues} where ${issues.id} in (
      select stale.id from ${organizations} o cross join lateral (
        select ${issues.id} from ${issues} where ${issues.orgId} = ${o.id} and ${issues.lastSeenAt} < ${cutoff.toISOString()} and ${issues.mergedInto} is null
         order by ${issues.lastSeenAt} limit 200) stale
       limit 5000)`);
