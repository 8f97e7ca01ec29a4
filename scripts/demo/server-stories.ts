import type { Chance } from "./chance";
import { crumbs, environment, exception, library, own, person, release, type Story } from "./story";

const request = (chance: Chance, method: string, path: string, data?: object) => ({
  method,
  url: `https://api.shop.example${path}`,
  headers: {
    "User-Agent": "shop-web/4.2",
    "X-Request-Id": chance.hex(16),
    Accept: "application/json",
  },
  query_string: chance.below(2) ? "page=2&limit=50" : "",
  ...(data && { data }),
});

const python = (chance: Chance, at: Date) => ({
  platform: "python",
  sdk: { name: "sentry.python.django", version: "2.44.0" },
  release: release("api", at),
  environment: environment(chance),
  server_name: `api-${1 + chance.below(4)}`,
  user: person(chance),
  contexts: {
    runtime: { name: "CPython", version: "3.14.0" },
    os: { name: "Linux", version: "6.17" },
  },
  modules: { django: "6.0", psycopg: "3.2.12", celery: "5.6.0", requests: "2.32.5" },
});

const django = [
  library("django/core/handlers/exception.py", "inner", 42),
  library("django/core/handlers/base.py", "_get_response", 197),
  library("rest_framework/views.py", "dispatch", 512),
];

/** What goes wrong in the shop's API. */
export const apiStories: Story[] = [
  {
    events: 188,
    course: "outbreak",
    make: (chance, at) => ({
      ...python(chance, at),
      level: "fatal",
      transaction: "POST /orders",
      request: request(chance, "POST", "/orders", {
        items: [{ sku: "MUG-03", count: 2 }],
        coupon: "WELCOME",
      }),
      exception: {
        values: [
          exception(
            "OperationalError",
            'connection to server at "db-1" (10.0.4.12), port 5432 failed: timeout expired',
            [library("psycopg/connection.py", "connect", 117)],
            { module: "psycopg" },
          ),
          exception(
            "OperationalError",
            "connection timeout expired",
            [
              ...django,
              own(
                "shop/orders/views.py",
                "create",
                64,
                [
                  [
                    "    def create(self, request):",
                    "        items = self.items_of(request)",
                    "        with transaction.atomic():",
                  ],
                  "            order = Order.objects.create(customer=request.user, total=total_of(items))",
                  [
                    "            reserve(order, items)",
                    "        return Response(OrderSerializer(order).data)",
                  ],
                ],
                {
                  vars: {
                    items: "[<Item MUG-03 x2>]",
                    total: "Decimal('19.80')",
                    request: "<WSGIRequest: POST '/orders'>",
                  },
                },
              ),
              library("django/db/models/manager.py", "manager_method", 87),
              library("django/db/backends/base/base.py", "ensure_connection", 279),
            ],
            { module: "django.db.utils", mechanism: { type: "django", handled: false } },
          ),
        ],
      },
      breadcrumbs: crumbs(
        at,
        [9, "query", 'SELECT "shop_item"."sku" FROM "shop_item" WHERE "sku" IN (%s)'],
        [8.6, "query", "BEGIN"],
        [
          3,
          "httplib",
          "",
          {
            type: "http",
            data: { method: "GET", url: "https://stock.example/MUG-03", status_code: 200 },
          },
        ],
      ),
    }),
  },
  {
    events: 74,
    course: "steady",
    make: (chance, at) => ({
      ...python(chance, at),
      level: "error",
      transaction: "GET /prices",
      request: request(chance, "GET", "/prices"),
      exception: {
        values: [
          exception(
            "KeyError",
            "'currency'",
            [
              ...django,
              own(
                "shop/prices/views.py",
                "list",
                23,
                [
                  ["    def list(self, request):"],
                  "        rate = RATES[request.query_params['currency']]",
                  ["        return Response(prices_in(rate))"],
                ],
                {
                  vars: {
                    request: "<Request: GET '/prices'>",
                    RATES: { EUR: 1, USD: 1.17, JPY: 181.2 },
                  },
                },
              ),
            ],
            { mechanism: { type: "django", handled: false } },
          ),
        ],
      },
    }),
  },
  {
    events: 43,
    course: "fading",
    make: (chance, at) => ({
      ...python(chance, at),
      level: "error",
      transaction: "shop.mails.send_receipt",
      tags: { "celery.queue": "mails", task: "send_receipt" },
      exception: {
        values: [
          exception(
            "SMTPServerDisconnected",
            "Connection unexpectedly closed",
            [
              library("celery/app/trace.py", "trace_task", 453),
              own(
                "shop/mails/tasks.py",
                "send_receipt",
                31,
                [
                  ["    order = Order.objects.get(pk=order_id)"],
                  "    EmailMessage(subject, body, to=[order.customer.email]).send()",
                  [],
                ],
                { vars: { order_id: 4000 + chance.below(900), subject: "'Your receipt'" } },
              ),
              library("smtplib.py", "getreply", 405),
            ],
            { module: "smtplib" },
          ),
        ],
      },
    }),
  },
  {
    events: 31,
    course: "new",
    make: (chance, at) => ({
      ...python(chance, at),
      level: "warning",
      logger: "shop.stock",
      logentry: {
        message: "Stock of %s is below %s",
        params: [chance.pick(["MUG-03", "TEE-11"]), 5],
        formatted: "",
      },
      request: request(chance, "GET", "/stock"),
    }),
  },
];
