import { expect, test } from "vitest";
import { reportReservedSlugs } from "../scripts/reserved-slugs";
import { idInPath } from "../src/protocol/row-id";
import {
  isReservedForOrganizations,
  slugify,
  slugifyOrganization,
  slugPattern,
} from "../src/protocol/slug";
import { eventEnvelope, eventually, makeTenant, useStack } from "./harness";
import { changingNothing } from "./state";

const stack = useStack();

test.each(["7", "0", "123456789", "99999999999999999999"])(
  "%s is an id and never a slug",
  (text) => {
    expect(slugPattern.test(text)).toBe(false);
    expect(idInPath(text)).toBe(text.length > 15 ? 0 : Number(text));
    expect(slugPattern.test(slugify(text, "project"))).toBe(true);
  },
);
test.each(["a", "7-1", "1e5", "0x10", "-7", "7_"])("%s is a slug", (text) => {
  expect([slugPattern.test(text), idInPath(text)]).toEqual([true, undefined]);
});

const paths =
  "assets account auth docs help mcp metrics orgredirect reset-password search shared status-pages system-info tunnel v1 welcome login register profile organizations settings accept admin api issues new _health _dev _allauth";

test.each(paths.split(" "))("no new organization is called %s", async (word) => {
  expect(isReservedForOrganizations(word.toUpperCase())).toBe(true);
  expect(isReservedForOrganizations(slugifyOrganization(word))).toBe(false);
  const boss = await makeTenant(stack, { superuser: true });
  const asked = { name: "Acme", slug: word };
  for (const [method, path] of [
    ["POST", "/api/0/organizations/"],
    ["PUT", `/api/0/organizations/${boss.slug}/`],
  ] as const) {
    const refused = await changingNothing(stack.sql, path, () => boss.call(method, path, asked));
    expect([path, refused.status, await refused.json()]).toEqual([
      path,
      422,
      { detail: `The slug ${word} is reserved: it is a path of Brinkwatch itself` },
    ]);
  }
});

test("projects and teams may be called like pages of the root", () => {
  expect(slugify("Docs", "project")).toBe("docs");
  expect(slugify("Search", "team")).toBe("search");
});

test("an organization that was called like a page before goes on working, and is reported", async () => {
  const tenant = await makeTenant(stack, { slug: "status-pages" });
  const path = "/api/0/organizations/status-pages/";
  expect(await tenant.get(path)).toMatchObject({ slug: "status-pages" });
  const kept = await tenant.call("PUT", path, { name: "New name", slug: "status-pages" });
  expect([kept.status, await kept.json()]).toMatchObject([200, { name: "New name" }]);
  const lines: string[] = [];
  await reportReservedSlugs(stack.databaseUrl, (line) => lines.push(line));
  expect(lines.filter((line) => line.includes(" status-pages "))).toHaveLength(1);
  expect(lines.join()).not.toContain("org-");
});

test("a number is refused wherever a slug is given, and nothing changes", async () => {
  const tenant = await makeTenant(stack);
  await tenant.call("POST", `/api/0/organizations/${tenant.slug}/teams/`, { slug: "core" });
  const slugs = async () => {
    const { rows } = await stack.sql.query(
      `select slug from projects where org_id = $1 union all select slug from teams where org_id = $1
       union all select slug from organizations where id = $1 order by 1`,
      [tenant.orgId],
    );
    return rows;
  };
  const before = await slugs();
  const attempts: [string, string, object][] = [
    ["POST", `/api/0/teams/${tenant.slug}/core/projects/`, { name: "Web", slug: "42" }],
    ["PUT", `/api/0/projects/${tenant.slug}/shop/`, { slug: "42" }],
    ["POST", `/api/0/organizations/${tenant.slug}/teams/`, { slug: "42" }],
    ["PUT", `/api/0/teams/${tenant.slug}/core/`, { slug: "42" }],
  ];
  for (const [method, path, body] of attempts) {
    expect([path, (await tenant.call(method, path, body)).status]).toEqual([path, 422]);
  }
  expect(await slugs()).toEqual(before);
});

test("a project whose slug is another one's id is found by its own id only, and changes alone", async () => {
  const tenant = await makeTenant(stack);
  const { rows } = await stack.sql.query(
    "insert into projects (org_id, name, slug) values ($1, 'Odd', $2) returning id",
    [tenant.orgId, String(tenant.projectId)],
  );
  const at = (id: unknown) => `/api/0/projects/${tenant.slug}/${id}/`;
  expect(await tenant.get(at(tenant.projectId))).toMatchObject({ name: "Shop" });
  expect(await tenant.get(at(rows[0].id))).toMatchObject({ name: "Odd" });
  const changed = await tenant.call("PUT", at(rows[0].id), { name: "Even" });
  expect(await changed.json()).toMatchObject({ id: String(rows[0].id), name: "Even" });
  expect(await tenant.get(at("shop"))).toMatchObject({ name: "Shop" });
});

test("issues of a deleted project are not listed, found by an event, searched or changed", async () => {
  const tenant = await makeTenant(stack);
  await tenant.send(eventEnvelope({}, { event_id: "a".repeat(32) }));
  await eventually(async () => expect(await tenant.issues()).toHaveLength(1));
  const [issue] = await tenant.issues();
  expect((await tenant.call("DELETE", `/api/0/projects/${tenant.slug}/shop/`)).status).toBe(204);

  expect(await tenant.issues()).toEqual([]);
  expect(await tenant.issues("?query=broke")).toEqual([]);
  expect(await tenant.issues(`?query=${"a".repeat(32)}`)).toEqual([]);
  const bulk = `/api/0/organizations/${tenant.slug}/issues/`;
  for (const path of [`/api/0/issues/${issue?.id}/`, `${bulk}${issue?.id}/`]) {
    expect((await tenant.call("PUT", path, { status: "resolved" })).status).toBe(404);
    expect((await tenant.call("GET", path)).status).toBe(404);
  }
  for (const query of [
    `?id=${issue?.id}`,
    "?query=is:unresolved",
    `?project=${tenant.projectId}`,
  ]) {
    await tenant.call("PUT", bulk + query, { status: "resolved" });
  }
  const { rows } = await stack.sql.query("select status from issues where id = $1", [issue?.id]);
  expect(rows).toEqual([{ status: "unresolved" }]);
});
