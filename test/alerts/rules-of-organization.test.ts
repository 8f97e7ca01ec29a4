import { expect, test } from "vitest";
import { makeTenant, useStack } from "../harness";

const stack = useStack();
type Listed = { id: number; name: string; project: { id: string; slug: string; name: string } };

test("the rules of all projects come by one list, page by page, without what is deleted or of others", async () => {
  const [tenant, neighbour] = [await makeTenant(stack), await makeTenant(stack)];
  const rule = (slug: string, name: string, at = tenant) =>
    at.call("POST", `/api/0/projects/${at.slug}/${slug}/alerts/`, {
      name,
      alertRecipients: [{ recipientType: "email" }],
    });
  await stack.sql.query(
    `insert into projects (org_id, name, slug)
     select $1, initcap(slug), slug from unnest('{api,gone,quiet}'::text[]) slug`,
    [tenant.orgId],
  );
  await rule("shop", "first of shop");
  await rule("api", "of api");
  await rule("shop", "second of shop");
  await rule("gone", "of gone");
  await rule("shop", "of a neighbour", neighbour);
  await tenant.call("DELETE", `/api/0/projects/${tenant.slug}/gone/`);

  const path = `/api/0/organizations/${tenant.slug}/alerts/`;
  const all = await tenant.get<Listed[]>(path);
  expect(all.map(({ name, project }) => [project.slug, name])).toEqual([
    ["api", "of api"],
    ["shop", "first of shop"],
    ["shop", "second of shop"],
  ]);
  expect(all[1]).toMatchObject({
    project: { id: String(tenant.projectId), slug: "shop" },
    alertRecipients: [{ recipientType: "email" }],
  });

  const paged: string[] = [];
  let next: string | undefined = `${path}?limit=1`;
  while (next && paged.length < 5) {
    const answer: Response = await tenant.call("GET", next);
    paged.push(...((await answer.json()) as Listed[]).map(({ name }) => name));
    const link: string | undefined = answer.headers.get("link")?.split(", ").at(-1);
    const address = /<([^>]+)>; rel="next"; results="true"/.exec(link ?? "")?.[1];
    next = address && new URL(address).pathname + new URL(address).search;
  }
  expect(paged).toEqual(all.map(({ name }) => name));
});

test("a cursor of another list is refused", async () => {
  const tenant = await makeTenant(stack);
  const cursor = btoa("n|shop|not-a-number").replaceAll("=", "");
  const answer = await tenant.call(
    "GET",
    `/api/0/organizations/${tenant.slug}/alerts/?cursor=${cursor}`,
  );
  expect(answer.status).toBe(422);
});
