import pg from "pg";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deliverTo, messageOf } from "./deliver";
import { addressOf, furnish } from "./furnish";
import {
  eventEnvelope,
  eventually,
  makeTenant,
  type Tenant,
  untilHandled,
  useStack,
} from "./harness";
import { operationsIn, servedDocument } from "./openapi-document";
import { bodies } from "./operations";
import { changingNothing } from "./state";

/** What is deleted is gone for every door that writes, and for what is queued. */
const stack = useStack();

type Door = { method: string; path: string };
let doors: Door[];
let tenant: Tenant;
let parameters: Record<string, string>;

beforeAll(async () => {
  doors = operationsIn(await servedDocument(stack)).filter(
    ({ method, security }) => method !== "GET" && security?.some(({ bearer }) => bearer),
  );
});

beforeEach(async () => {
  tenant = await makeTenant(stack);
  await deliverTo(stack, [messageOf(tenant, eventEnvelope({ environment: "production" }))]);
  parameters = await furnish(stack, tenant, (await tenant.issues())[0]?.id ?? "");
  await stack.sql.query(
    "update organization_members set user_id = $2, email = null where id = $1",
    [parameters.member_id, parameters.managed_user_id],
  );
  // Nothing of the digest is to come later, when it would look like the work of a door.
  await untilHandled(stack, tenant);
});

const nameOf = ({ method, path }: Door) => `${method} ${path}`;
const below = (...names: string[]) =>
  doors.filter(({ path }) => names.some((name) => path.includes(`{${name}}`)));

const knock = ({ method, path }: Door) =>
  tenant.call(
    method,
    addressOf(path, parameters),
    bodies[nameOf({ method, path })] ?? (method === "PUT" ? { status: "resolved" } : undefined),
  );

/** 404 at each of these doors, and nothing changes anywhere. */
async function expectGone(gone: Door[]) {
  for (const door of gone) {
    const response = await changingNothing(stack.sql, nameOf(door), () => knock(door));
    expect([nameOf(door), response.status, await response.json()]).toEqual([
      nameOf(door),
      404,
      { detail: "Not Found" },
    ]);
  }
  return gone.length;
}

const remove = async (path: string) =>
  expect((await tenant.call("DELETE", addressOf(path, parameters))).status).toBeLessThan(300);
const organization = "/api/0/organizations/{organization_slug}/";
const project = "/api/0/projects/{organization_slug}/{project_slug}/";

test("of a deleted organization nothing can be written", async () => {
  await remove(organization);
  expect(await expectGone(below("organization_slug", "issue_id"))).toBeGreaterThan(25);
});

test("of a deleted project nothing can be written", async () => {
  await remove(project);
  expect(await expectGone(below("project_slug", "issue_id"))).toBeGreaterThan(12);
});

test.each([
  ["team_slug", "/api/0/teams/{organization_slug}/{team_slug}/"],
  ["key_id", `${project}keys/{key_id}/`],
  ["alert_id", `${project}alerts/{alert_id}/`],
  ["member_id", `${organization}members/{member_id}/`],
  ["token_id", `${organization}org-auth-tokens/{token_id}/`],
])("below a deleted %s nothing can be written", async (name, path) => {
  await remove(path);
  const gone = below(name).filter(
    (door) => door.path.includes("organization_slug") && !door.path.includes("{member_id}/{token}"),
  );
  expect(await expectGone(gone)).toBeGreaterThan(0);
});

test("what is still queued for a deleted project leaves nothing", async () => {
  await remove(project);
  const body = `${eventEnvelope({ release: "1.0", environment: "late" })}\n{"type":"session"}\n{}`;
  const delivered = await changingNothing(stack.sql, "an envelope", () =>
    deliverTo(stack, [messageOf(tenant, body)]),
  );
  expect(delivered.explicitAcks).toEqual(["m0"]);
  const count = { projectId: tenant.projectId, hour: 0, category: "error", quantity: 1 };
  const counts = [{ ...count, outcome: "rate_limited", reason: "default_limit" }];
  const id = crypto.randomUUID();
  const message = { v: 1, id, receivedAt: Date.now(), counts };
  const counted = await changingNothing(stack.sql, "outcomes", () =>
    stack.control.deliver("outcomes", [message], { attempts: 1, sentAt: new Date() }),
  );
  expect(counted.explicitAcks).toEqual(["m0"]);
});

/**
 * One statement that looks at the project itself, before the deletion or after it; or nothing is written at all; or it is
 * an event, which goes the way of all events; or nothing is ever stored.
 */
const needsNoLock = ({ path }: Door) =>
  /\/issues\/|\/test\/$|\/test-event\/$|\/codeowners\/$|\/(?:scrubbing-|grouping\/)preview\/$/.test(
    path,
  );

describe("a deletion that is not committed yet", () => {
  const mark = `
    update organizations set deleted_at = now() where id = $1;
    update projects set deleted_at = now() where org_id = $1`;

  test("is waited for by every door that writes below, which then writes nothing", async () => {
    const deleting = new pg.Client({ connectionString: stack.databaseUrl });
    await deleting.connect();
    const others: unknown[] = [];
    try {
      for (const door of below("organization_slug").filter((each) => !needsNoLock(each))) {
        const status = await changingNothing(stack.sql, nameOf(door), async () => {
          await deleting.query("begin");
          for (const statement of mark.split(";")) await deleting.query(statement, [tenant.orgId]);
          let isAnswered = false;
          const answer = knock(door).finally(() => {
            isAnswered = true;
          });
          await eventually(async () => {
            const { rows } = await stack.sql.query(
              "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            );
            expect(isAnswered || rows.length > 0).toBe(true);
          });
          await deleting.query("commit");
          const response = await answer;
          for (const table of ["organizations", "projects"]) {
            const own = table === "projects" ? "org_id" : "id";
            await stack.sql.query(`update ${table} set deleted_at = null where ${own} = $1`, [
              tenant.orgId,
            ]);
          }
          return response.status;
        });
        if (status !== 404) others.push([nameOf(door), status]);
      }
      expect(others).toEqual([]);
    } finally {
      await deleting.end();
    }
  });
});
