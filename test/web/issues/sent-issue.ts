import { randomBytes } from "node:crypto";
import { eventually } from "../../eventually";
import type { useUi } from "../ui";

type UiTenant = Awaited<ReturnType<ReturnType<typeof useUi>["tenant"]>>;

/** An event of a shop's page, with everything that a page of an event has a section for. */
export const cartEvent = (given: object = {}): object => ({
  event_id: randomBytes(16).toString("hex"),
  level: "error",
  environment: "production",
  release: "web@1.0.0",
  transaction: "/cart",
  user: { id: "7", email: "ada@customer.example" },
  tags: { plan: "pro", "browser.name": "Firefox" },
  contexts: { order: { id: 99, lines: [{ sku: "MUG-03", count: 2 }] } },
  extra: { cart: { total: 12.5 } },
  request: {
    url: "https://shop.example/cart",
    method: "POST",
    headers: { "X-Request": "1" },
    query_string: "page=2",
  },
  breadcrumbs: Array.from({ length: 20 }, (_, index) => ({
    category: index % 2 ? "fetch" : "ui.click",
    type: index % 2 ? "http" : "default",
    message: index % 2 ? "" : `button ${index}`,
    data: index % 2 ? { method: "GET", url: `/api/${index}`, status_code: 200 } : undefined,
    timestamp: Date.now() / 1000 - 20 + index,
  })),
  exception: {
    values: [
      { type: "TypeError", value: "Cannot read 'amount' of undefined", stacktrace: { frames } },
    ],
  },
  ...given,
});

const library = (index: number) => ({
  function: `dispatch${index}`,
  filename: "/srv/node_modules/express/router.js",
  abs_path: "/srv/node_modules/express/router.js",
  lineno: index,
  in_app: false,
});
export const frames = [
  ...Array.from({ length: 3 }, (_, index) => library(index + 1)),
  {
    function: "renderCart",
    filename: "app/page.ts",
    lineno: 9,
    colno: 3,
    in_app: true,
    context_line: "  render();",
  },
  library(9),
  library(10),
  {
    function: "sumLines",
    filename: "app/total.ts",
    lineno: 41,
    colno: 20,
    in_app: true,
    pre_context: ["  for (const line of lines) {", "    const price = prices[line.sku];"],
    context_line: "    total += price.amount * line.count;",
    post_context: ["  }", "  return total;"],
    vars: { price: null, line: { sku: "MUG-03", count: 2 } },
  },
];

type Found = { id: string; shortId: string; eventIds: string[] };

/** Sends events that make one issue; gives it with the ids of its events, newest first, when it has them all. */
export async function sendIssue(tenant: UiTenant, ...events: object[]): Promise<Found> {
  await tenant.send(...events);
  return eventually(async () => {
    const [issue] = await tenant.call<{ id: string; shortId: string; count: string }[]>(
      "GET",
      `/api/0/organizations/${tenant.org}/issues/?query=`,
    );
    if (!issue || Number(issue.count) !== events.length) {
      throw new Error(`only ${issue?.count ?? 0} events`);
    }
    const { id, shortId } = issue;
    const rows = await tenant.call<{ eventID: string }[]>(
      "GET",
      `/api/0/organizations/${tenant.org}/issues/${id}/events/?full=false&limit=100`,
    );
    return { id, shortId, eventIds: rows.map(({ eventID }) => eventID) };
  });
}
