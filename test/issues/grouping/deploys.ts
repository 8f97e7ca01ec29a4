import type { JsonObject } from "../../../src/protocol/json";

/** What differs between two deploys, processes and machines of one program. */
export type Build = {
  hex: (length: number) => string;
  /** As Vite and Rollup write hashes. */
  base64url: (length: number) => string;
  /** As esbuild writes them. */
  base32: (length: number) => string;
  number: (max: number) => number;
  address: () => string;
  uuid: () => string;
  /** A line that moved by up to forty. */
  line: (line: number) => number;
  /** Which of two majors of the SDK sends the event. */
  isNewSdk: boolean;
};

/** Drawn from a seed: the same builds at every run. */
export function newBuild(seed: number): Build {
  let state = seed * 2_654_435_761 + 1;
  const draw = (max: number) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % max;
  };
  const text = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[draw(alphabet.length)]).join("");
  const hex = (length: number) => text("0123456789abcdef", length);
  return {
    hex,
    base64url: (length) =>
      text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", length),
    base32: (length) => text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", length),
    number: (max) => draw(max),
    address: () => `0x7f${hex(10)}`,
    uuid: () => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
    line: (line) => line - 40 + draw(81),
    isNewSdk: seed % 2 === 1,
  };
}

type Frame = JsonObject;
type Bug = { name: string; event: (build: Build) => JsonObject };

const event = (
  platform: string,
  type: string | null,
  value: string,
  frames: Frame[],
  more: JsonObject = {},
): JsonObject => ({
  platform,
  exception: {
    values: [{ ...(type !== null && { type }), value, stacktrace: { frames }, ...more }],
  },
});

const own = (build: Build, filename: string, name: string, line: number, more: Frame = {}) => ({
  filename,
  function: name,
  lineno: build.line(line),
  in_app: true,
  ...more,
});

const java = (module: string, name: string, in_app = true): Frame => ({
  module,
  function: name,
  in_app,
});

/** Bugs of programs of many platforms, as each build of them reports them. */
export const bugs: Bug[] = [
  {
    name: "browser, Vite",
    event: (b) =>
      event("javascript", "TypeError", "cart is undefined", [
        own(b, `https://a.example/assets/vendor-${b.base64url(8)}.js`, "Ab", 2, {
          colno: b.number(90),
        }),
        own(b, `https://a.example/assets/index-${b.base64url(8)}.js`, "total", 9, {
          colno: b.number(90),
        }),
      ]),
  },
  {
    name: "browser, webpack with short names",
    event: (b) =>
      event("javascript", "TypeError", "order is undefined", [
        own(b, `https://a.example/static/js/main.${b.hex(8)}.chunk.js`, b.base64url(2), 1, {
          colno: 5000 + b.number(9000),
        }),
      ]),
  },
  {
    name: "browser, worker from a blob",
    event: (b) =>
      event("javascript", "DataError", "bad row", [
        own(b, `blob:https://a.example/${b.uuid()}`, "onmessage", 60, { colno: b.number(90) }),
      ]),
  },
  {
    name: "browser, inline script on pages with ids",
    event: (b) =>
      event("javascript", "ReferenceError", "widget is not defined", [
        own(b, `https://a.example/orders/${b.number(99999)}?utm=${b.hex(6)}`, "?", 60, {
          colno: 5,
        }),
      ]),
  },
  {
    name: "browser, wrapped by the SDK",
    event: (b) =>
      event("javascript", "TypeError", "menu is undefined", [
        b.isNewSdk
          ? own(b, "https://a.example/js/sdk.js", "sentryWrapped", 60)
          : own(b, "https://a.example/js/raven.js", "HTMLElement.wrapped", 70),
        own(b, "https://a.example/js/menu.js", "open", 100),
      ]),
  },
  {
    name: "browser, WebAssembly",
    event: (b) =>
      event("javascript", "RuntimeError", "unreachable", [
        own(b, "https://a.example/js/game.js", "tick", 80),
        own(
          b,
          `https://a.example/game.wasm:wasm-function[${b.number(900)}]:0x${b.hex(5)}`,
          `wasm-function[${b.number(900)}]`,
          80,
        ),
      ]),
  },
  {
    name: "Flutter on the web",
    event: (b) =>
      event(
        "javascript",
        `minified:${b.base64url(2).replaceAll(/[-_]/g, "x")}`,
        "Bad state: no element",
        [own(b, "~/lib/main.dart", "build", 70)],
      ),
  },
  {
    name: "server, hashed chunks",
    event: (b) =>
      event("node", "TypeError", "cart is undefined", [
        own(b, `/app/.output/server/chunks/build/server-${b.base64url(8)}.mjs`, "handle", 60),
        own(b, `/app/.output/server/chunks/build/cart-${b.base64url(8)}.mjs`, "total", 70),
      ]),
  },
  {
    name: "server, esbuild",
    event: (b) =>
      event("node", "TypeError", "user is undefined", [
        own(b, `/var/task/chunk-${b.base32(8)}.js`, "loadUser", 70),
      ]),
  },
  {
    name: "server, frames of the SDK and of Node",
    event: (b) =>
      event("node", "Error", "no stock", [
        ...(b.isNewSdk
          ? [
              {
                filename: "node:internal/process/task_queues",
                function: "processTicksAndRejections",
                in_app: false,
              },
            ]
          : []),
        own(b, b.isNewSdk ? "/app/src/stock.js" : "async /app/src/stock.js", "Stock.take", 90, {
          context_line: "    throw new Error('no stock');",
        }),
      ]),
  },
  {
    name: "Java, proxies and lambdas",
    event: (b) =>
      event("java", "IllegalStateException", "closed", [
        b.isNewSdk
          ? java(`jdk.internal.reflect.GeneratedMethodAccessor${b.number(99)}`, "invoke")
          : java("sun.reflect.NativeMethodAccessorImpl", "invoke0"),
        java(`com.acme.Orders$$EnhancerBySpringCGLIB$$${b.hex(8)}`, "place"),
        java(`com.acme.Orders$$Lambda$${b.number(400)}/0x${b.hex(16)}`, "accept"),
        java("com.acme.Orders", `lambda$place$${b.number(30)}`),
        java(`com.acme.Repo$HibernateProxy$${b.base64url(8).replaceAll("-", "x")}`, "save"),
        java(`jdk.proxy${b.number(9)}.$Proxy${b.number(200)}`, "save"),
      ]),
  },
  {
    name: "Android, its frames differ by version of the system",
    event: (b) => ({
      platform: "java",
      exception: {
        values: [
          {
            type: "NullPointerException",
            value: "x",
            stacktrace: { frames: [java("com.acme.MainActivity", "onCreate")] },
          },
          {
            type: "RuntimeException",
            value: `Unable to start activity ComponentInfo{com.acme/com.acme.MainActivity}`,
            stacktrace: {
              frames: [
                java("android.app.ActivityThread", "main", false),
                ...(b.isNewSdk ? [java("android.os.Looper", "loopOnce", false)] : []),
                java("android.app.ActivityThread", "performLaunchActivity", false),
              ],
            },
          },
        ],
      },
    }),
  },
  {
    name: "Groovy script",
    event: (b) =>
      event("java", "MissingPropertyException", "No such property: cart", [
        java(`Script${1 + b.number(90)}`, "run"),
        java(`Script${1 + b.number(90)}$_run_closure${1 + b.number(9)}`, "doCall"),
      ]),
  },
  {
    name: "PHP, compiled view and anonymous class",
    event: (b) =>
      event("php", "ErrorException", "Undefined variable $cart", [
        own(
          b,
          "/srv/app/public/index.php",
          `class@anonymous/srv/app/public/index.php${b.address()}::handle`,
          60,
        ),
        own(b, `/srv/app/storage/framework/views/${b.hex(40)}.php`, "include", 70),
      ]),
  },
  {
    name: "PHP, Twig",
    event: (b) =>
      event("php", "Twig\\Error\\RuntimeError", "x", [
        own(
          b,
          `/srv/app/var/cache/prod/twig/ab/${b.hex(64)}.php`,
          `__TwigTemplate_${b.hex(32)}::doDisplay`,
          70,
        ),
      ]),
  },
  {
    name: "Ruby, ERB, in a folder per release",
    event: (b) =>
      event("ruby", "NoMethodError", "undefined method 'total' for nil", [
        own(
          b,
          `/srv/releases/2024${b.number(9999)}/app/controllers/carts_controller.rb`,
          b.isNewSdk ? "CartsController#show" : "show",
          60,
        ),
        own(
          b,
          "app/views/carts/show.html.erb",
          `_app_views_carts_show_html_erb__${b.number(2 ** 31)}${b.number(2 ** 31)}_${b.number(2 ** 31)}`,
          50,
        ),
      ]),
  },
  {
    name: "Ruby, endless recursion",
    event: (b) =>
      event("ruby", "SystemStackError", "stack level too deep", [
        own(b, "app/run.rb", "main", 50),
        ...Array.from({ length: 40 + b.number(20) }, (_, index) =>
          own(b, "app/tree.rb", ["walk", "visit", "each_child"][index % 3] ?? "", 50),
        ),
      ]),
  },
  {
    name: "Python, notebook",
    event: (b) =>
      event("python", "ValueError", "empty table", [
        own(b, `/tmp/ipykernel_${b.number(9999)}/${b.number(2 ** 31)}.py`, "load_table", 45),
      ]),
  },
  {
    name: "Python, nothing of one's own, a text with what varies",
    event: (b) =>
      event(
        "python",
        "OperationalError",
        `connection to ${b.number(255)}.0.0.1 failed after ${b.number(9000)} ms: timeout expired`,
        [
          {
            filename: "/usr/lib/python3.11/site-packages/psycopg2/__init__.py",
            module: "psycopg2",
            function: "connect",
            lineno: b.line(122),
            in_app: false,
          },
        ],
      ),
  },
  {
    name: "Go, text with what varies",
    event: (b) =>
      event("go", "*errors.errorString", `order ${b.uuid()} has no items`, [
        own(b, "/app/main.go", "main.handle.func1", 80),
      ]),
  },
  {
    name: "C#, numbered by the compiler",
    event: (b) =>
      event("csharp", "InvalidOperationException", "x", [
        own(b, "/src/Cart.cs", `Shop.Cart.<Load>d__${b.number(40)}.MoveNext`, 90),
        own(b, "/src/Cart.cs", `Shop.Cart.<Load>b__${b.number(40)}_${b.number(9)}`, 90),
      ]),
  },
  {
    name: "Rust, hashes of symbols",
    event: (b) =>
      event("native", "panic", "called `Option::unwrap()` on a `None` value", [
        own(b, "src/main.rs", `shop::main::h${b.hex(16)}`, 60),
        own(
          b,
          "src/cart.rs",
          b.isNewSdk ? "shop::cart::load::{closure#0}" : "shop::cart::load::{{closure}}",
          60,
        ),
      ]),
  },
  {
    name: "C++, clones and lambdas",
    event: (b) =>
      event("native", "SIGSEGV", "Segfault", [
        own(
          b,
          "cart.cpp",
          `load(int)::{lambda(int)#${1 + b.number(9)}}::operator()(int) const`,
          60,
        ),
        own(b, "cart.cpp", `total_of${b.isNewSdk ? ".part.3.cold" : ".isra.0"}`, 60),
      ]),
  },
  {
    name: "native, no symbols, loaded anywhere",
    event: (b) => {
      const pages = BigInt(b.number(2 ** 31)) * 4096n + 0x7f0000000000n;
      return {
        ...event("native", "SIGABRT", "Abort", [
          { instruction_addr: `0x${(pages + 0x51c0n).toString(16)}`, package: "/app/liba.so" },
        ]),
        debug_meta: {
          images: [
            {
              type: "elf",
              code_file: "/app/liba.so",
              image_addr: `0x${pages.toString(16)}`,
              image_size: 999999,
            },
          ],
        },
      };
    },
  },
  {
    name: "iOS, blocks and a thread that the exception names",
    event: (b) => ({
      platform: "cocoa",
      exception: {
        values: [
          { type: "SIGABRT", value: "abort() called", thread_id: 3, mechanism: { type: "signal" } },
        ],
      },
      threads: {
        values: [
          {
            id: 0,
            crashed: true,
            stacktrace: { frames: [{ function: `idle_${"x".repeat(b.number(5))}`, in_app: true }] },
          },
          {
            id: 3,
            crashed: true,
            stacktrace: {
              frames: [
                {
                  function: `__${20 + b.number(3)}-[Cart save]_block_invoke_${b.number(9)}`,
                  in_app: true,
                },
              ],
            },
          },
        ],
      },
    }),
  },
  {
    name: "Elixir, functions by number",
    event: (b) =>
      event("elixir", "FunctionClauseError", "x", [
        own(b, "lib/cart.ex", `Shop.Cart.-load/2-fun-${b.number(9)}-/3`, 60),
      ]),
  },
  {
    name: "message, with or without its parameters",
    event: (b) => ({
      platform: "csharp",
      logentry: {
        message: "Order {Id} failed for {User}",
        formatted: `Order ${b.number(9999)} failed for ${b.hex(5)}`,
        ...(b.isNewSdk && { params: [String(b.number(9999)), "ada"] }),
      },
    }),
  },
];
