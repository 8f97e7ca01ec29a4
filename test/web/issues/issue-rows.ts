import type { Ui, useUi } from "../ui";

type Tenant = Pick<Awaited<ReturnType<ReturnType<typeof useUi>["tenant"]>>, "project">;
export type MadeIssue = { title: string; type?: string; value?: string; minutesAgo?: number };

/** Issues as digesting events would leave them, many at a time and without their events. */
export async function insertIssues(
  { server }: Ui,
  tenant: Tenant,
  made: MadeIssue[],
): Promise<void> {
  const [project] = await server.query<{ org_id: string; last: number }>(
    `select p.org_id, coalesce(max(i.short_number), 0)::int as last
       from projects p left join issues i on i.project_id = p.id where p.id = $1 group by p.org_id`,
    [tenant.project.id],
  );
  await server.query(
    `with given as (
       select nextval(pg_get_serial_sequence('issues', 'id')) as id, n, row
         from jsonb_array_elements($1::jsonb) with ordinality as rows(row, n)
     ), hot as (
       insert into issues (id, org_id, project_id, short_number, level, event_count, user_count, first_seen_at, last_seen_at)
       overriding system value
       select id, $2::bigint, $3::bigint, $4::int + n, 4, n, 1, now() - interval '3 days',
              now() - make_interval(mins => coalesce((row ->> 'minutesAgo')::int, n::int))
         from given
     ), worded as (
       insert into issue_texts (since, org_id, issue_id, is_fact, hashes, text)
       select date_trunc('week', now(), 'UTC'), $2::bigint, id, false, '{}', E'\\n' || (row ->> 'title') from given
     )
     insert into issue_details (issue_id, project_id, type, title, culprit, metadata, grouping, search_text)
     select id, $3::bigint, case when row ? 'type' then 'error' else 'default' end, row ->> 'title', 'cart/total.ts',
            case when row ? 'type' then jsonb_build_object('type', row ->> 'type', 'value', row ->> 'value') else '{}' end,
            '{}', lower(row ->> 'title')
       from given`,
    [JSON.stringify(made), project?.org_id, tenant.project.id, project?.last ?? 0],
  );
}

export const statusesOf = async ({ server }: Ui, tenant: Tenant) =>
  Object.fromEntries(
    (
      await server.query<{ status: string; count: number }>(
        "select status, count(*)::int from issues where project_id = $1 group by status",
        [tenant.project.id],
      )
    ).map(({ status, count }) => [status, count]),
  );

export const numbered = (count: number): MadeIssue[] =>
  Array.from({ length: count }, (_, index) => ({ title: `Fault number ${index + 1}` }));
