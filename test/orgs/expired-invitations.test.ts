import { expect, test } from "vitest";
import { makeTenant, signIn, useStack } from "../harness";

const stack = useStack();

test("a browser sees which invitations have run out; GlitchTip's programs get their own shape", async () => {
  const tenant = await makeTenant(stack);
  for (const [email, days] of [
    ["late@example.com", -1],
    ["open@example.com", 1],
  ]) {
    await stack.sql.query(
      `insert into organization_members (org_id, role, email, invite_token_hash, invite_expires_at)
       values ($1, 'member', $2, $2, now() + make_interval(days => $3))`,
      [tenant.orgId, email, days],
    );
  }
  const path = `/api/0/organizations/${tenant.slug}/members/`;
  const headers = await signIn(stack, tenant.userId);
  const seen = (await (await fetch(stack.url + path, { headers })).json()) as {
    email: string;
    expired?: boolean;
  }[];
  expect(seen.map(({ email, expired }) => [email, expired])).toEqual([
    [`${tenant.slug}@example.com`, false],
    ["late@example.com", true],
    ["open@example.com", false],
  ]);
  for (const member of await tenant.get<object[]>(path))
    expect(member).not.toHaveProperty("expired");
});
