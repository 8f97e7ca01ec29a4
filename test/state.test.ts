import { expect, test } from "vitest";
import { eventEnvelope, makeTenant, useStack } from "./harness";
import { changingNothing } from "./state";

const stack = useStack();

test("what was sent before the first look is digested by then", async () => {
  const tenant = await makeTenant(stack);
  await tenant.send(eventEnvelope());
  await changingNothing(stack.sql, "a look", () => stack.sql.query("select 1"));
  expect(await tenant.countEvents()).toBe(1);
});

test.each([
  ["a new row", "insert into teams (org_id, slug) values ($1, 'core')"],
  ["a changed row", "update organizations set name = 'Other' where id = $1"],
  [
    "two rows that changed names",
    "update projects set name = case name when 'One' then 'Two' else 'One' end where org_id = $1",
  ],
  ["a row that is gone", "delete from organization_members where org_id = $1"],
])("%s is noticed where nothing was to change", async (_, statement) => {
  const { orgId } = await makeTenant(stack);
  await stack.sql.query("delete from projects where org_id = $1", [orgId]);
  await stack.sql.query(
    "insert into projects (org_id, name, slug) values ($1, 'One', 'p1'), ($1, 'Two', 'p2')",
    [orgId],
  );
  const change = () => stack.sql.query(statement, [orgId]);
  await expect(changingNothing(stack.sql, "a change", change)).rejects.toThrow("to deeply equal");
});

test("that somebody asked may be noted", async () => {
  const { userId } = await makeTenant(stack);
  const used = await changingNothing(stack.sql, "a use", () =>
    stack.sql.query("update api_tokens set last_used_at = now() where user_id = $1", [userId]),
  );
  expect(used.rowCount).toBe(1);
});
