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

const java = (chance: Chance, at: Date) => ({
  platform: "java",
  sdk: { name: "sentry.java.spring-boot.jakarta", version: "8.27.0" },
  release: release("billing", at),
  environment: environment(chance),
  server_name: `billing-${1 + chance.below(2)}`,
  user: person(chance),
  contexts: { runtime: { name: "OpenJDK", version: "25.0.1" } },
});

const javaFrame = (module: string, fn: string, file: string, line: number, isOwn: boolean) => ({
  module,
  function: fn,
  filename: file,
  lineno: line,
  in_app: isOwn,
});

/** What goes wrong in billing, which is written in Java. */
export const billingStories: Story[] = [
  {
    events: 58,
    course: "steady",
    make: (chance, at) => ({
      ...java(chance, at),
      level: "error",
      exception: {
        values: [
          exception(
            "SocketTimeoutException",
            "Read timed out",
            [javaFrame("sun.nio.ch.NioSocketImpl", "timedRead", "NioSocketImpl.java", 278, false)],
            { module: "java.net", thread_id: 41 },
          ),
          exception(
            "PaymentGatewayException",
            `Gateway did not answer for invoice ${7000 + chance.below(400)}`,
            [
              javaFrame(
                "org.springframework.web.servlet.DispatcherServlet",
                "doDispatch",
                "DispatcherServlet.java",
                1089,
                false,
              ),
              javaFrame(
                "example.billing.InvoiceController",
                "pay",
                "InvoiceController.java",
                57,
                true,
              ),
              javaFrame("example.billing.Gateway", "charge", "Gateway.java", 112, true),
            ],
            { module: "example.billing", thread_id: 41 },
          ),
        ],
      },
      threads: {
        values: [
          { id: 41, name: "http-nio-8080-exec-3", crashed: true, current: true },
          {
            id: 12,
            name: "invoice-scheduler-1",
            crashed: false,
            stacktrace: {
              frames: [javaFrame("java.lang.Thread", "sleep", "Thread.java", 509, false)],
            },
          },
        ],
      },
    }),
  },
  {
    events: 22,
    course: "back",
    make: (chance, at) => ({
      ...java(chance, at),
      level: "error",
      exception: {
        values: [
          exception(
            "NullPointerException",
            'Cannot invoke "example.billing.Customer.country()" because "customer" is null',
            [
              javaFrame("example.billing.InvoiceJob", "run", "InvoiceJob.java", 34, true),
              javaFrame("example.billing.Taxes", "rateFor", "Taxes.java", 71, true),
            ],
            {
              module: "java.lang",
              mechanism: { type: "UncaughtExceptionHandler", handled: false },
            },
          ),
        ],
      },
    }),
  },
  {
    events: 17,
    course: "fading",
    make: (chance, at) => ({
      ...java(chance, at),
      platform: "go",
      sdk: { name: "sentry.go", version: "0.40.0" },
      level: "fatal",
      exception: {
        values: [
          exception(
            "runtime.boundsError",
            "runtime error: index out of range [3] with length 3",
            [
              own(
                "billing/export/rows.go",
                "writeRow",
                88,
                [["	for i := range columns {"], "		cells[i] = row[i].String()", ["	}"]],
                { module: "billing/export" },
              ),
            ],
            { mechanism: { type: "panic", handled: false } },
          ),
        ],
      },
    }),
  },
];

/** What goes wrong in the app on phones. */
export const appStories: Story[] = [
  {
    events: 84,
    course: "new",
    make: (chance, at) => ({
      platform: "java",
      sdk: { name: "sentry.java.android", version: "8.27.0" },
      release: release("example.shop", at),
      dist: String(400 + chance.below(3)),
      environment: "production",
      level: "fatal",
      user: person(chance),
      contexts: {
        device: {
          family: "Pixel",
          model: chance.pick(["Pixel 9", "Pixel 10", "Galaxy S25"]),
          brand: "Android",
          online: true,
        },
        os: { name: "Android", version: chance.pick(["15", "16"]) },
        app: { app_name: "Shop", app_version: "4.2.0" },
      },
      exception: {
        values: [
          exception(
            "IllegalStateException",
            "Fragment ProductFragment not attached to a context",
            [
              javaFrame("android.os.Handler", "dispatchMessage", "Handler.java", 107, false),
              javaFrame(
                "example.shop.ui.ProductFragment",
                "showPrice",
                "ProductFragment.kt",
                143,
                true,
              ),
              javaFrame(
                "androidx.fragment.app.Fragment",
                "requireContext",
                "Fragment.java",
                976,
                false,
              ),
            ],
            {
              module: "java.lang",
              mechanism: { type: "UncaughtExceptionHandler", handled: false },
            },
          ),
        ],
      },
      breadcrumbs: crumbs(
        at,
        [14, "ui.click", "product_card"],
        [13, "navigation", "", { data: { from: "List", to: "Product" } }],
        [0.4, "app.lifecycle", "background"],
      ),
    }),
  },
  {
    events: 29,
    course: "steady",
    make: (chance, at) => ({
      platform: "cocoa",
      sdk: { name: "sentry.cocoa", version: "9.0.0" },
      release: release("example.shop", at),
      environment: "production",
      level: "fatal",
      user: person(chance),
      contexts: {
        device: { family: "iPhone", model: "iPhone18,1" },
        os: { name: "iOS", version: "26.1" },
      },
      exception: {
        values: [
          exception(
            "EXC_BAD_ACCESS",
            "Attempted to dereference null pointer.",
            [
              {
                package: "UIKitCore",
                function: "-[UIApplication sendAction:to:from:forEvent:]",
                in_app: false,
              },
              {
                package: "Shop",
                function: "CheckoutViewController.pay(_:)",
                filename: "CheckoutViewController.swift",
                lineno: 88,
                in_app: true,
              },
            ],
            { mechanism: { type: "mach", handled: false } },
          ),
        ],
      },
    }),
  },
];
