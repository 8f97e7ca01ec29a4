import { createHash, randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { roles, scopes } from "../src/access/schemas";
import { roleWithin } from "../src/access/scopes";
import { addressOf, furnish } from "./furnish";
import {
  eventEnvelope,
  makeMember,
  makeTenant,
  signIn,
  type Tenant,
  untilDigested,
  useStack,
} from "./harness";
import { operationsIn, servedDocument } from "./openapi-document";
import { bodies, giftsOf, invited, named, queries } from "./operations";
import { changingNothing } from "./state";

/** No credential makes, gives or takes more than it may do itself: every operation that changes something. */
const stack = useStack({ bindings: { ENABLE_ORGANIZATION_CREATION: "true" } });

const table = giftsOf(stack);

let eventful: Tenant;
let issueId: string;
beforeAll(async () => {
  eventful = await makeTenant(stack, { superuser: true });
  await eventful.send(eventEnvelope({ environment: "production" }));
  await untilDigested(stack, eventful, 1);
  issueId = (await eventful.issues())[0]?.id ?? "";
});

test("the table has every operation that changes something and opens to a token", async () => {
  const operations = operationsIn(await servedDocument(stack))
    .filter(({ method, security }) => method !== "GET" && security?.some((any) => any.bearer))
    .map(({ method, path }) => `${method} ${path}`);
  expect(Object.keys(table).toSorted()).toEqual(operations.toSorted());
});

const rows = Object.entries(table).flatMap(([operation, gifts]) =>
  gifts.map((gift) => ({ operation, ...gift })),
);

describe.each(rows)("$operation $what", ({ operation, door, gives = [], alike, body, prepare }) => {
  test(`needs ${door} and all that it gives`, async () => {
    const [method = "", path = ""] = operation.split(" ");
    const isAboutIssues = /issue/.test(path);
    const tenant = isAboutIssues ? eventful : await makeTenant(stack, { superuser: true });
    const parameters = {
      ...(await furnish(stack, tenant, issueId)),
      ...(await prepare?.(tenant)),
    };
    const address = addressOf(path, parameters) + (queries[`${method} ${path}`] ?? "");
    const sent =
      body ??
      bodies[operation] ??
      (path.endsWith("/notifications/alerts/")
        ? { [tenant.projectId]: 1 }
        : method === "PUT"
          ? { status: "resolved" }
          : undefined);
    const ask = (token: string) => tenant.call(method, address, sent, token);

    const needed = [...new Set([door, ...gives])];
    const weaker = [
      needed.filter((scope) => scope !== door),
      ...gives.map((given) => scopes.filter((each) => each !== given && each !== alike)),
    ];
    const weak: [allowed: string[], token: string][] = [];
    for (const allowed of gives.includes(door) ? weaker.slice(1) : weaker) {
      weak.push([allowed, await tokenOf(tenant, allowed, "person")]);
      weak.push([allowed, await tokenOf(tenant, allowed, "organization")]);
    }
    await changingNothing(stack.sql, operation, async () => {
      for (const [allowed, token] of weak) {
        expect([allowed, (await ask(token)).status]).toEqual([allowed, 403]);
      }
    });
    const response = await ask(await tokenOf(tenant, needed, "person"));
    const isAboutLetter = path.includes("/dead-letters/");
    expect([response.status, await response.text()]).toEqual([
      isAboutLetter ? 404 : expect.toBeOneOf([200, 201, 202, 204]),
      expect.anything(),
    ]);
    // What it brings in the background is not to look like the work of the next door.
    if (path.endsWith("/test-event/")) await untilDigested(stack, tenant, 1);
  });
});

async function tokenOf(
  tenant: Tenant,
  allowed: readonly string[],
  owner: "person" | "organization",
) {
  const token = randomBytes(32).toString("hex");
  await stack.sql.query(
    "insert into api_tokens (token_hash, user_id, org_id, scopes) values ($1, $2, $3, $4)",
    [
      createHash("sha256").update(token).digest("hex"),
      owner === "person" ? tenant.userId : null,
      owner === "organization" ? tenant.orgId : null,
      allowed,
    ],
  );
  return token;
}

describe("what the table cannot say", () => {
  test("a token that ends makes no token that ends later", async () => {
    const tenant = await makeTenant(stack);
    await stack.sql.query("update api_tokens set expires_at = $2 where user_id = $1", [
      tenant.userId,
      "2100-01-01T00:00:00Z",
    ]);
    const path = `/api/0/organizations/${tenant.slug}/org-auth-tokens/`;
    const mint = (expiresAt?: string | null) =>
      tenant.call("POST", path, { scopes: ["org:read"], expiresAt });
    for (const later of [undefined, null, "2100-01-01T00:00:01Z"]) {
      const refused = await changingNothing(stack.sql, String(later), () => mint(later));
      expect([later, refused.status]).toEqual([later, 403]);
    }
    expect((await mint("2100-01-01T00:00:00Z")).status).toBe(201);
  });

  test("a token does not answer an invitation on the page for browsers either", async () => {
    const tenant = await makeTenant(stack);
    const { member_id, token } = await invited(stack, "owner")(tenant);
    const answer = (headers: Record<string, string>) =>
      fetch(`${stack.url}/accept/${member_id}/${token}`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        body: new URLSearchParams({ action: "accept", csrf: "abc" }),
      });
    const bearer = { authorization: `Bearer ${tenant.token}`, cookie: "csrftoken=abc" };
    const refused = await changingNothing(stack.sql, "accept", () => answer(bearer));
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining("Please sign in first."),
    ]);
    expect((await answer(await signIn(stack, tenant.userId))).status).toBe(200);
  });

  test("what a token of an organization's person may do there is shown as far as both allow it", async () => {
    const tenant = await makeTenant(stack);
    const { userId } = await makeMember(stack, tenant, "admin");
    const token = await tokenOf({ ...tenant, userId }, ["org:read", "org:admin"], "person");
    const response = await tenant.call(
      "GET",
      `/api/0/organizations/${tenant.slug}/`,
      undefined,
      token,
    );
    expect(await response.json()).toMatchObject({ access: ["org:read", "org:integrations"] });
  });

  test("a role is within scopes only if every one of its own is, and never above the person's", () => {
    for (const own of roles) {
      expect(roleWithin(own, scopes)).toBe(own);
      expect(roleWithin(own, [])).toBe("member");
      for (const scope of named(own)) {
        const without = scopes.filter((each) => each !== scope);
        const within = roleWithin(own, without);
        if (own !== "member") expect([scope, within]).not.toEqual([scope, own]);
      }
    }
  });

  test("a member who became an owner meanwhile is not removed by who may remove members only", async () => {
    const tenant = await makeTenant(stack);
    const manager = await makeMember(stack, tenant, "manager");
    for (let round = 0; round < 8; round++) {
      const other = await makeMember(stack, tenant, "member");
      const path = `/api/0/organizations/${tenant.slug}/members/${other.memberId}/`;
      const [raised, removed] = await Promise.all([
        tenant.call("PUT", path, { orgRole: "owner" }),
        tenant.call("DELETE", path, undefined, manager.token),
      ]);
      const { rows: left } = await stack.sql.query(
        "select role from organization_members where id = $1",
        [other.memberId],
      );
      // Whoever was first: an owner is still there, or the member went before becoming one.
      const outcome = [raised.status, removed.status, left[0]?.role];
      expect([
        [200, 403, "owner"],
        [404, 204, undefined],
        [422, 204, undefined],
      ]).toContainEqual(outcome);
    }
  });
});
