import type { Chance } from "./chance";
import { crumbs, environment, exception, own, person, release, type Story } from "./story";

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
