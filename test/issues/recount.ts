import { eventEnvelope, randomId, type Stack, type Tenant } from "../harness";

export type Sent = {
  type: string;
  user?: string;
  plan?: string;
  hoursAgo?: number;
  environment?: string;
};

const now = Date.now();
/** When it is received. */
export const momentOf = ({ hoursAgo = 0 }: Sent) => Math.round(now - hoursAgo * 3_600_000);
/** As answers spell it. */
export const shown = (hoursAgo: number) =>
  new Date(momentOf({ type: "", hoursAgo }))
    .toISOString()
    .replace("Z", "000Z")
    .replace(".000000Z", "Z");
export const errorOf = ({ type, user, plan, environment }: Sent, eventId = randomId()) =>
  eventEnvelope(
    {
      exception: { values: [{ type, value: "it broke" }] },
      ...(user && { user: { id: user } }),
      ...(plan && { tags: { plan } }),
      ...(environment && { environment }),
    },
    { event_id: eventId },
  );
/** What the tables say of each issue that is shown, by its id. */
export async function numbersIn(stack: Stack, { projectId }: Tenant) {
  const { rows } = await stack.sql.query(
    `select i.id, i.event_count::int as events, i.user_count as users, i.first_seen_at as first, i.last_seen_at as last,
            (select count(*)::int from events e where e.issue_id = i.id) as stored,
            (select coalesce(json_object_agg(extract(epoch from hour)::bigint, count), '{}') from issue_hours h where h.issue_id = i.id) as hours,
            (select coalesce(json_object_agg(value, n), '{}') from (
               select value, sum(count)::int as n from issue_tags t where t.issue_id = i.id and key = 'plan' group by value) x) as plans
       from issues i where i.project_id = $1 and i.merged_into is null order by i.id`,
    [projectId],
  );
  return Object.fromEntries(rows.map(({ id, ...row }) => [id, row]));
}

/** The same, counted from what was sent. */
export function recount(sent: Sent[]) {
  const tally = (keys: (string | number)[]) =>
    Object.fromEntries(
      [...new Set(keys)].map((key) => [key, keys.filter((each) => each === key).length]),
    );
  const moments = sent.map(momentOf);
  return {
    events: sent.length,
    users: new Set(sent.flatMap(({ user }) => user ?? [])).size,
    first: new Date(Math.min(...moments)),
    last: new Date(Math.max(...moments)),
    stored: sent.length,
    hours: tally(moments.map((ms) => Math.floor(ms / 3_600_000) * 3600)),
    plans: tally(sent.flatMap(({ plan }) => plan ?? [])),
  };
}
