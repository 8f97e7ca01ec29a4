import { expect, test } from "vitest";
import { type Exception, partsOf } from "../../../src/web/issues/event-parts";
import { stackOf } from "../../../src/web/issues/frames";
import { traceText } from "../../../src/web/issues/trace-text";
import { recordedEvent } from "./recorded-event";

const exception = (type: string, value: string, module?: string): Exception => ({
  type,
  value,
  module,
  threadId: undefined,
  mechanism: undefined,
  stack: stackOf({
    frames: [
      {
        function: "main",
        filename: "app.x",
        absPath: "/srv/app.x",
        lineNo: 3,
        module: "com.shop.App",
        package: "/opt/libshop.so",
      },
      {
        function: "sum",
        filename: "cart.x",
        absPath: "/srv/cart.x",
        lineNo: 41,
        colNo: 7,
        module: "com.shop.Cart",
        instruction_addr: "0x10",
      },
    ],
  }),
  rawStack: undefined,
});
const chain = [
  exception("IoError", "disk full", "java.io"),
  exception("CartError", "no total", "com.shop"),
];

test.each([
  [
    "javascript",
    "CartError: no total\n    at sum (/srv/cart.x:41:7)\n    at main (/srv/app.x:3)\nCaused by: IoError: disk full\n    at sum (/srv/cart.x:41:7)\n    at main (/srv/app.x:3)",
  ],
  [
    "python",
    'Traceback (most recent call last):\n  File "/srv/app.x", line 3, in main\n  File "/srv/cart.x", line 41, in sum\njava.io.IoError: disk full\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File "/srv/app.x", line 3, in main\n  File "/srv/cart.x", line 41, in sum\ncom.shop.CartError: no total',
  ],
  [
    "java",
    "com.shop.CartError: no total\n    at com.shop.Cart.sum(cart.x:41)\n    at com.shop.App.main(app.x:3)\nCaused by: java.io.IoError: disk full\n    at com.shop.Cart.sum(cart.x:41)\n    at com.shop.App.main(app.x:3)",
  ],
  [
    "csharp",
    "com.shop.CartError: no total\n   at com.shop.Cart.sum() in /srv/cart.x:line 41\n   at com.shop.App.main() in /srv/app.x:line 3\n ---> java.io.IoError: disk full\n   at com.shop.Cart.sum() in /srv/cart.x:line 41\n   at com.shop.App.main() in /srv/app.x:line 3",
  ],
  [
    "php",
    "CartError: no total\n#0  /srv/cart.x(41): sum\n#1  /srv/app.x(3): main\nPrevious: IoError: disk full\n#0  /srv/cart.x(41): sum\n#1  /srv/app.x(3): main",
  ],
  [
    "ruby",
    "no total (com.shop.CartError)\n\tfrom /srv/cart.x:41:in `sum'\n\tfrom /srv/app.x:3:in `main'\nCaused by: disk full (java.io.IoError)\n\tfrom /srv/cart.x:41:in `sum'\n\tfrom /srv/app.x:3:in `main'",
  ],
  [
    "go",
    "CartError: no total\ncom.shop.Cart.sum(...)\n\t/srv/cart.x:41\ncom.shop.App.main(...)\n\t/srv/app.x:3\nIoError: disk full\ncom.shop.Cart.sum(...)\n\t/srv/cart.x:41\ncom.shop.App.main(...)\n\t/srv/app.x:3",
  ],
  [
    "native",
    "CartError: no total\n  0x10  sum  (cart.x:41:7)\n  libshop.so  main  (app.x:3)\nIoError: disk full\n  0x10  sum  (cart.x:41:7)\n  libshop.so  main  (app.x:3)",
  ],
])("a trace as %s prints it", (platform, expected) => {
  expect(traceText(chain, platform)).toBe(expected);
});

test("a platform that nobody knows is written as JavaScript does", () => {
  expect(traceText(chain, "constructor")).toBe(traceText(chain, "javascript"));
  expect(traceText(chain, null)).toBe(traceText(chain, "node"));
  expect(traceText(chain, "python-django")).toBe(traceText(chain, "python"));
});

test("a recorded trace of Python has its source lines", () => {
  const { exceptions } = partsOf(recordedEvent("sentry-python-1.45.1-exception--event"));
  expect(traceText(exceptions, "python")).toMatchInlineSnapshot(`
    "Traceback (most recent call last):
      File "/srv/x3/py/cap.py", line 40, in exc
        try: {}['missing']
    KeyError: 'missing'

    The above exception was the direct cause of the following exception:

    Traceback (most recent call last):
      File "/srv/x3/py/cap.py", line 41, in exc
        except KeyError as e: raise Custom('Could not load cart 4711') from e
    __main__.Custom: Could not load cart 4711"
  `);
});
