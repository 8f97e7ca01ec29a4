import type { Chance } from "./chance";
import {
  browser,
  crumbs,
  environment,
  exception,
  library,
  own,
  person,
  release,
  type Story,
} from "./story";

const base = (chance: Chance, at: Date, path: string) => ({
  platform: "javascript",
  sdk: { name: "sentry.javascript.nextjs", version: "11.12.0" },
  release: release("web", at),
  environment: environment(chance),
  user: person(chance),
  contexts: browser(chance),
  request: { url: `https://shop.example${path}`, headers: { Referer: "https://shop.example/" } },
  tags: {
    plan: chance.pick(["free", "team", "business"]),
    locale: chance.pick(["en", "de", "fr", "ja"]),
  },
});

const react = [
  library(
    "node_modules/react-dom/cjs/react-dom-client.production.js",
    "performWorkOnRoot",
    11_204,
    { colno: 21 },
  ),
  library("node_modules/react-dom/cjs/react-dom-client.production.js", "renderRootSync", 11_502, {
    colno: 13,
  }),
  library("node_modules/react-dom/cjs/react-dom-client.production.js", "beginWork", 9104, {
    colno: 18,
  }),
  library("node_modules/react-dom/cjs/react-dom-client.production.js", "renderWithHooks", 4217, {
    colno: 24,
  }),
];
const unhandled = { mechanism: { type: "onerror", handled: false } };

/** What goes wrong in the shop's pages. */
export const webStories: Story[] = [
  {
    events: 412,
    course: "outbreak",
    make: (chance, at) => ({
      ...base(chance, at, "/cart"),
      level: "error",
      exception: {
        values: [
          exception(
            "TypeError",
            "Cannot read properties of undefined (reading 'amount')",
            [
              ...react,
              own(
                "app/cart/page.tsx",
                "CartPage",
                112,
                [
                  ["  const { lines, currency } = useCart();", ""],
                  "  const total = sumLines(lines, prices);",
                  ["", "  return <Summary total={total} currency={currency} />;"],
                ],
                { colno: 17 },
              ),
              own(
                "app/cart/total.ts",
                "sumLines",
                41,
                [
                  [
                    "  let total = 0;",
                    "  for (const line of lines) {",
                    "    const price = prices[line.sku];",
                  ],
                  "    total += price.amount * line.count;",
                  ["  }", "  return total;", "}"],
                ],
                {
                  colno: 20,
                  vars: {
                    line: {
                      sku: chance.pick(["MUG-03", "TEE-11", "CAP-07"]),
                      count: 1 + chance.below(3),
                    },
                    price: null,
                    total: chance.below(9000) / 100,
                  },
                },
              ),
            ],
            unhandled,
          ),
        ],
      },
      breadcrumbs: crumbs(
        at,
        [48, "navigation", "", { data: { from: "/", to: "/products" } }],
        [31, "ui.click", "button.add-to-cart"],
        [30, "fetch", "", { data: { method: "POST", url: "/api/cart", status_code: 201 } }],
        [6, "navigation", "", { data: { from: "/products", to: "/cart" } }],
        [
          2,
          "fetch",
          "",
          { data: { method: "GET", url: "/api/prices?currency=EUR", status_code: 200 } },
        ],
        [1, "console", "prices: 2 of 3 known", { level: "warning" }],
      ),
    }),
  },
  {
    events: 96,
    course: "back",
    make: (chance, at) => ({
      ...base(chance, at, "/checkout"),
      level: "error",
      exception: {
        values: [
          exception("NetworkError", "POST /v1/charges answered 502", [
            own(
              "lib/http.ts",
              "send",
              58,
              [
                ["  const answer = await fetch(url, init);"],
                "  if (!answer.ok) throw new NetworkError(init.method, url, answer.status);",
                ["  return answer.json();"],
              ],
              { colno: 25, vars: { url: "https://pay.example/v1/charges", attempt: 3 } },
            ),
          ]),
          exception("PaymentError", "The card could not be charged", [
            ...react.slice(0, 2),
            own(
              "app/checkout/pay.ts",
              "chargeCard",
              27,
              [
                [
                  "  try {",
                  "    return await send('POST', '/v1/charges', order);",
                  "  } catch (cause) {",
                ],
                "    throw new PaymentError('The card could not be charged', { cause });",
                ["  }", "}"],
              ],
              {
                colno: 11,
                vars: {
                  order: { id: `o-${chance.below(90_000)}`, amount: "42.00", currency: "EUR" },
                },
              },
            ),
          ]),
        ],
      },
      breadcrumbs: crumbs(
        at,
        [12, "ui.click", "button#pay"],
        [
          11,
          "fetch",
          "",
          { data: { method: "POST", url: "https://pay.example/v1/charges", status_code: 502 } },
        ],
        [
          7,
          "fetch",
          "",
          { data: { method: "POST", url: "https://pay.example/v1/charges", status_code: 502 } },
        ],
        [
          1,
          "fetch",
          "",
          { data: { method: "POST", url: "https://pay.example/v1/charges", status_code: 502 } },
        ],
      ),
    }),
  },
  {
    events: 64,
    course: "steady",
    make: (chance, at) => ({
      ...base(chance, at, chance.pick(["/products", "/cart", "/account"])),
      level: "error",
      exception: {
        values: [
          exception(
            "ChunkLoadError",
            "Loading chunk 412 failed",
            [
              library("webpack/runtime/jsonp chunk loading", "requireEnsure", 27, { colno: 18 }),
              own(
                "app/layout.tsx",
                "RootLayout",
                19,
                [[], "const Search = lazy(() => import('./search'));", []],
                { colno: 28 },
              ),
            ],
            unhandled,
          ),
        ],
      },
    }),
  },
  {
    events: 38,
    course: "new",
    make: (chance, at) => ({
      ...base(chance, at, "/account/orders"),
      level: "warning",
      exception: {
        values: [
          exception("RangeError", "Invalid time zone specified: Europe/Kyiw", [
            own(
              "lib/dates.ts",
              "formatIn",
              12,
              [
                ["export function formatIn(zone: string, at: Date) {"],
                "  return new Intl.DateTimeFormat('en', { timeZone: zone }).format(at);",
                ["}"],
              ],
              { colno: 10, vars: { zone: "Europe/Kyiw" } },
            ),
          ]),
        ],
      },
    }),
  },
  {
    events: 120,
    course: "ignored",
    make: (chance, at) => ({
      ...base(chance, at, "/products"),
      level: "info",
      logentry: { formatted: "ResizeObserver loop completed with undelivered notifications." },
    }),
  },
  {
    events: 26,
    course: "steady",
    isReport: true,
    make: () => ({
      "csp-report": {
        "document-uri": "https://shop.example/",
        "effective-directive": "img-src",
        "violated-directive": "img-src",
        "blocked-uri": "https://tracker.example/pixel.gif",
        "original-policy": "default-src 'self'; img-src 'self' data:",
        disposition: "enforce",
      },
    }),
  },
];
