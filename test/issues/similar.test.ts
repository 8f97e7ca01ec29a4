import { beforeAll, expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, useStack } from "../harness";

const stack = useStack();
let tenant: Tenant;

const frames = (...names: string[]) =>
  names.map((name, index) => ({
    function: name,
    filename: `/app/${name}.js`,
    lineno: index + 1,
    in_app: true,
  }));
const failure = (type: string, value: string, ...functions: string[]) =>
  eventEnvelope({
    exception: { values: [{ type, value, stacktrace: { frames: frames(...functions) } }] },
    // So that each of them is an issue of its own.
    fingerprint: [type, value],
  });

beforeAll(async () => {
  tenant = await makeTenant(stack);
  const bodies = [
    failure("Missing", "No order 4711 of customer 12", "handleRequest", "loadOrder", "readRow"),
    failure("Missing", "No order 815 of customer 9", "somethingElse"),
    failure("Timeout", "too slow", "handleRequest", "loadOrder", "readRow", "openSocket"),
    failure("Timeout", "quite slow", "handleRequest", "loadOrder", "drawPage"),
    failure("Missing", "No basket", "renderBasket"),
  ];
  await deliverTo(
    stack,
    bodies.map((body) => messageOf(tenant, body)),
  );
});

type Found = [{ title: string }, { title: number; frames: number; reasons: string[] }];
const idOf = async (text: string) =>
  (await tenant.issues(`?query=${encodeURIComponent(`"${text}"`)}`))[0]?.id ?? "";

test("issues with the same title but for numbers, or with three functions of the stack, are alike", async () => {
  const id = await idOf("No order 4711");
  const found = await tenant.get<Found[]>(
    `/api/0/organizations/${tenant.slug}/issues/${id}/similar/`,
  );
  expect(found.map(([{ title }, scores]) => [title, scores])).toEqual([
    ["Missing: No order 815 of customer 9", { title: 1, frames: 0, reasons: ["same title"] }],
    ["Timeout: too slow", { title: 0, frames: 1, reasons: ["3 shared functions"] }],
  ]);
  expect(await tenant.get(`/api/0/issues/${id}/similar/`)).toHaveLength(2);
});

test("an issue that is like no other has none", async () => {
  const id = await idOf("No basket");
  expect(await tenant.get(`/api/0/issues/${id}/similar/`)).toEqual([]);
});

test("issues of other projects and organizations are not among them, and strangers see none", async () => {
  const other = await makeTenant(stack);
  await deliverTo(stack, [
    messageOf(other, failure("Missing", "No order 1 of customer 1", "handleRequest")),
  ]);
  const [issue] = await other.issues();
  expect(await other.get(`/api/0/issues/${issue?.id}/similar/`)).toEqual([]);
  const strange = await tenant.call("GET", `/api/0/issues/${issue?.id}/similar/`);
  expect(strange.status).toBe(404);
});

test("what was merged away is not among them", async () => {
  const own = await makeTenant(stack);
  const titles = ["No order 1", "No order 2", "No order 3"];
  await deliverTo(
    stack,
    titles.map((value) => messageOf(own, failure("Missing", value, "f"))),
  );
  const [one, two, three] = (await own.issues("?sort=first_seen")).map(({ id }) => id);
  const org = `/api/0/organizations/${own.slug}/`;
  const merged = await own.call("PUT", `${org}issues/?id=${two}&id=${three}`, { merge: 1 });
  expect(merged.status).toBe(200);
  expect(await own.get<unknown[]>(`${org}issues/${one}/similar/`)).toHaveLength(1);
});
