import type { JsonObject } from "../../../src/protocol/json";
import { errorOf, type Written } from "./written";

type Pair = [name: string, one: JsonObject, two: JsonObject];

const pair = (platform: string, name: string, one: Written, two: Written): Pair => [
  `${platform}: ${name}`,
  errorOf(platform, one),
  errorOf(platform, two),
];

const message = (platform: string, name: string, one: JsonObject, two: JsonObject): Pair => [
  `${platform}: ${name}`,
  { platform, logentry: one },
  { platform, logentry: two },
];

const nil = "Cannot read properties of undefined (reading 'id')";
const minified = (type: string, value: string): JsonObject => ({
  platform: "javascript",
  exception: {
    values: [
      {
        type,
        value,
        stacktrace: {
          frames: [
            { filename: "https://a.example/main.js", function: "a", lineno: 1, colno: 9000 },
          ],
        },
      },
    ],
  },
});
const crash = (address: string): JsonObject => ({
  platform: "native",
  exception: {
    values: [
      {
        type: "SIGSEGV",
        value: "Segfault",
        stacktrace: { frames: [{ instruction_addr: address, package: "/app/libshop.so" }] },
      },
    ],
  },
  debug_meta: {
    images: [
      {
        type: "elf",
        code_file: "/app/libshop.so",
        image_addr: "0x7f0000000000",
        image_size: 900000,
      },
    ],
  },
});

/** Bugs that look alike and are two. */
export const pairs: Pair[] = [
  pair(
    "javascript",
    "one text in two components",
    ["TypeError", nil, "render | /js/user-card.js"],
    ["TypeError", nil, "render | /js/user-list.js"],
  ),
  pair(
    "javascript",
    "two handlers of one file",
    ["TypeError", nil, "onSave | /js/cart.js"],
    ["TypeError", nil, "onDelete | /js/cart.js"],
  ),
  pair(
    "javascript",
    "two lines of one function",
    ["TypeError", nil, "load | /src/cart.ts | return cart.owner.id"],
    ["TypeError", nil, "load | /src/cart.ts | return cart.shop.id"],
  ),
  pair(
    "javascript",
    "numbered steps",
    ["Error", "x", "run | /js/step-1.js"],
    ["Error", "x", "run | /js/step-2.js"],
  ),
  pair(
    "javascript",
    "versions of an interface",
    ["Error", "x", "load | /js/api-v1.js"],
    ["Error", "x", "load | /js/api-v2.js"],
  ),
  pair(
    "javascript",
    "pages by number",
    ["Error", "x", "render | /pages/404.js"],
    ["Error", "x", "render | /pages/500.js"],
  ),
  pair(
    "javascript",
    "rejections with two texts",
    [
      "UnhandledRejection",
      "Non-Error promise rejection captured with value: timeout",
      "track | /js/a.js",
    ],
    [
      "UnhandledRejection",
      "Non-Error promise rejection captured with value: denied",
      "track | /js/a.js",
    ],
  ),
  pair(
    "javascript",
    "two libraries",
    ["Error", "x", "- settle | node_modules/axios/lib/settle.js"],
    ["Error", "x", "- settle | node_modules/got/lib/settle.js"],
  ),
  pair(
    "javascript",
    "two failures of one library",
    ["AxiosError", "Network Error", "- settle | node_modules/axios/lib/settle.js"],
    ["AxiosError", "timeout of 1000ms exceeded", "- settle | node_modules/axios/lib/settle.js"],
  ),
  [
    "javascript: minified, two texts",
    minified("TypeError", "a is not iterable"),
    minified("TypeError", "a is not a function"),
  ],
  [
    "javascript: minified, two states of HTTP",
    minified("AxiosError", "Request failed with status code 401"),
    minified("AxiosError", "Request failed with status code 502"),
  ],
  [
    "javascript: minified, two errors of Angular",
    minified("Error", "NG0100: ..."),
    minified("Error", "NG0200: ..."),
  ],
  [
    "javascript: minified, two errors of Vue",
    minified("Error", "https://vuejs.org/error-reference/#runtime-1"),
    minified("Error", "https://vuejs.org/error-reference/#runtime-14"),
  ],
  ["javascript: minified, two types", minified("RangeError", "x"), minified("SyntaxError", "x")],
  pair(
    "javascript",
    "two inline scripts",
    ["ReferenceError", "gtag is not defined", "? | https://a.example/"],
    ["ReferenceError", "fbq is not defined", "? | https://a.example/"],
  ),
  pair(
    "node",
    "two routes that fail alike",
    ["Error", "not found", "getCart | /app/src/carts.js"],
    ["Error", "not found", "getUser | /app/src/users.js"],
  ),
  pair(
    "node",
    "methods of two classes",
    ["Error", "x", "Cart.load | /app/src/cart.js"],
    ["Error", "x", "Shop.load | /app/src/shop.js"],
  ),
  pair(
    "node",
    "arrow functions with two texts",
    ["Error", "cart is empty", "<anonymous> | /app/src/jobs.js"],
    ["Error", "card is declined", "<anonymous> | /app/src/jobs.js"],
  ),
  pair(
    "node",
    "codes of Prisma",
    [
      "PrismaClientKnownRequestError",
      "error code: P2002",
      "- request | node_modules/@prisma/client/index.js",
    ],
    [
      "PrismaClientKnownRequestError",
      "error code: P2025",
      "- request | node_modules/@prisma/client/index.js",
    ],
  ),
  pair(
    "node",
    "system calls",
    ["Error", "connect ECONNREFUSED 10.0.0.1:5432"],
    ["Error", "connect ETIMEDOUT 10.0.0.1:5432"],
  ),
  pair(
    "node",
    "two chunks that say their names",
    ["Error", "x", "load | /app/chunks/cart-BqXzLmNo.mjs"],
    ["Error", "x", "load | /app/chunks/shop-BqXzLmNo.mjs"],
  ),
  pair(
    "python",
    "two keys in two functions",
    ["KeyError", "'id'", "load | shop/cart.py | return row['id']"],
    ["KeyError", "'id'", "load | shop/user.py | return row['id']"],
  ),
  pair(
    "python",
    "two tests of one function",
    ["AssertionError", "", "check | shop/cart.py | assert cart.total > 0"],
    ["AssertionError", "", "check | shop/cart.py | assert cart.owner"],
  ),
  pair(
    "python",
    "types",
    ["ValueError", "x", "load | shop/cart.py"],
    ["TypeError", "x", "load | shop/cart.py"],
  ),
  pair(
    "python",
    "errno",
    ["OSError", "[Errno 28] No space left on device"],
    ["OSError", "[Errno 24] Too many open files"],
  ),
  pair(
    "python",
    "exit status",
    [
      "CalledProcessError",
      "Command 'x' returned non-zero exit status 1.",
      "- run | /usr/lib/python3.11/subprocess.py",
    ],
    [
      "CalledProcessError",
      "Command 'x' returned non-zero exit status 137.",
      "- run | /usr/lib/python3.11/subprocess.py",
    ],
  ),
  pair(
    "python",
    "migrations",
    ["OperationalError", "x", "upgrade | /migrations/0001_initial.py"],
    ["OperationalError", "x", "upgrade | /migrations/0002_orders.py"],
  ),
  pair(
    "python",
    "functions of a notebook",
    ["ValueError", "x", "load | /tmp/ipykernel_1/123.py"],
    ["ValueError", "x", "plot | /tmp/ipykernel_1/123.py"],
  ),
  pair(
    "python",
    "tasks by number",
    ["ValueError", "x", "task_1 | jobs.py"],
    ["ValueError", "x", "task_2 | jobs.py"],
  ),
  [
    "python: two causes of one wrapper",
    errorOf(
      "python",
      ["UniqueViolation", "x", "- execute | site-packages/psycopg/cursor.py"],
      ["SaveFailed", "x", "save | shop/cart.py"],
    ),
    errorOf(
      "python",
      ["QueryCanceled", "x", "- execute | site-packages/psycopg/cursor.py"],
      ["SaveFailed", "x", "save | shop/cart.py"],
    ),
  ],
  pair(
    "java",
    "inner classes",
    ["IllegalStateException", "x", "run | m:com.acme.Cart$Loader"],
    ["IllegalStateException", "x", "run | m:com.acme.Cart$Saver"],
  ),
  pair(
    "java",
    "methods behind a proxy",
    ["IllegalStateException", "x", "place | m:com.acme.Orders$$SpringCGLIB$$0"],
    ["IllegalStateException", "x", "cancel | m:com.acme.Orders$$SpringCGLIB$$0"],
  ),
  pair(
    "java",
    "lambdas of two methods",
    ["NullPointerException", "", "lambda$place$0 | m:com.acme.Orders"],
    ["NullPointerException", "", "lambda$cancel$1 | m:com.acme.Orders"],
  ),
  pair(
    "java",
    "numbered classes of people",
    ["IllegalStateException", "x", "run | m:com.acme.Step1"],
    ["IllegalStateException", "x", "run | m:com.acme.Step2"],
  ),
  pair(
    "java",
    "nothing of one's own, two texts",
    [
      "SQLException",
      "ORA-00942: table or view does not exist",
      "- execute | m:oracle.jdbc.driver.T4C",
    ],
    [
      "SQLException",
      "ORA-01017: invalid username/password",
      "- execute | m:oracle.jdbc.driver.T4C",
    ],
  ),
  pair(
    "java",
    "types of one place",
    ["TimeoutException", "x", "load | m:com.acme.Cart"],
    ["IOException", "x", "load | m:com.acme.Cart"],
  ),
  pair(
    "java",
    "suspended functions",
    ["IllegalStateException", "x", "invokeSuspend | m:com.acme.Cart$load$1"],
    ["IllegalStateException", "x", "invokeSuspend | m:com.acme.Cart$save$1"],
  ),
  pair(
    "php",
    "views that say their names",
    ["ErrorException", "Undefined variable $x", "include | /app/views/cart.php"],
    ["ErrorException", "Undefined variable $x", "include | /app/views/user.php"],
  ),
  pair(
    "php",
    "closures of two classes",
    ["Error", "x", "App\\Cart::{closure} | /app/Cart.php"],
    ["Error", "x", "App\\User::{closure} | /app/User.php"],
  ),
  pair(
    "php",
    "methods of anonymous classes",
    ["Error", "x", "class@anonymous/app/x.php0x7f9697eb2405::run | /app/x.php"],
    ["Error", "x", "class@anonymous/app/x.php0x7f9697eb2405::stop | /app/x.php"],
  ),
  pair(
    "php",
    "states of SQL",
    [
      "PDOException",
      "SQLSTATE[23000]: Integrity constraint violation",
      "- execute | /app/vendor/doctrine/Statement.php",
    ],
    [
      "PDOException",
      "SQLSTATE[40001]: Serialization failure",
      "- execute | /app/vendor/doctrine/Statement.php",
    ],
  ),
  pair(
    "ruby",
    "templates",
    [
      "NoMethodError",
      "x",
      "_app_views_home_index_html_erb___123456789_1234 | app/views/home/index.html.erb",
    ],
    [
      "NoMethodError",
      "x",
      "_app_views_home_show_html_erb___123456789_1234 | app/views/home/show.html.erb",
    ],
  ),
  pair(
    "ruby",
    "blocks of two methods",
    ["NoMethodError", "x", "block in load | app/models/cart.rb"],
    ["NoMethodError", "x", "block in save | app/models/cart.rb"],
  ),
  pair(
    "ruby",
    "circles of other functions",
    ["SystemStackError", "stack level too deep", "a | a.rb", "b | a.rb", "a | a.rb", "b | a.rb"],
    ["SystemStackError", "stack level too deep", "a | a.rb", "c | a.rb", "a | a.rb", "c | a.rb"],
  ),
  pair(
    "ruby",
    "signals",
    ["SignalException", "killed by signal 9"],
    ["SignalException", "killed by signal 15"],
  ),
  pair(
    "go",
    "errors caught at one place",
    ["*errors.errorString", "cart is empty", "main.handle | main.go"],
    ["*errors.errorString", "card is declined", "main.handle | main.go"],
  ),
  pair(
    "go",
    "closures by their number",
    ["*errors.errorString", "x", "main.handle.func1 | main.go"],
    ["*errors.errorString", "x", "main.handle.func2 | main.go"],
  ),
  pair(
    "csharp",
    "asynchronous methods",
    ["InvalidOperationException", "x", "Shop.Cart.<Load>d__1.MoveNext | Cart.cs"],
    ["InvalidOperationException", "x", "Shop.Cart.<Save>d__2.MoveNext | Cart.cs"],
  ),
  pair(
    "csharp",
    "results of Windows",
    ["COMException", "Exception from HRESULT: 0x80070005"],
    ["COMException", "Exception from HRESULT: 0x80004005"],
  ),
  pair(
    "csharp",
    "local functions",
    ["Exception", "x", "Shop.Cart.<Load>g__Read|1_0 | Cart.cs"],
    ["Exception", "x", "Shop.Cart.<Load>g__Write|1_1 | Cart.cs"],
  ),
  ["native: two places of one library", crash("0x7f0000005000"), crash("0x7f0000006000")],
  pair(
    "native",
    "two mangled names",
    ["SIGSEGV", "Segfault", "_ZN4shop4loadEv |"],
    ["SIGSEGV", "Segfault", "_ZN4shop4saveEv |"],
  ),
  pair(
    "native",
    "lambdas of two functions",
    ["SIGABRT", "x", "load()::{lambda(int)#1}::operator()(int) const | cart.cpp"],
    ["SIGABRT", "x", "save()::{lambda(int)#1}::operator()(int) const | cart.cpp"],
  ),
  pair(
    "native",
    "results of the system",
    ["EXCEPTION", "Fatal: 0xC0000005"],
    ["EXCEPTION", "Fatal: 0xC0000409"],
  ),
  pair(
    "cocoa",
    "blocks of two methods",
    ["NSException", "x", "__42-[Cart load]_block_invoke | Cart.m"],
    ["NSException", "x", "__42-[Cart save]_block_invoke | Cart.m"],
  ),
  pair(
    "cocoa",
    "codes of a domain",
    ["NSURLErrorDomain", "Code: -1009", "load() | Cart.swift"],
    ["NSURLErrorDomain", "Code: -1001", "save() | Cart.swift"],
  ),
  pair(
    "elixir",
    "functions in one module",
    ["FunctionClauseError", "x", "Shop.Cart.-load/1-fun-0- | lib/cart.ex"],
    ["FunctionClauseError", "x", "Shop.Cart.-save/1-fun-0- | lib/cart.ex"],
  ),
  pair(
    "other",
    "texts of evaluated Perl",
    ["Error", "cart is empty", "| (eval 12)"],
    ["Error", "card is declined", "| (eval 12)"],
  ),
  message(
    "python",
    "templates",
    { message: "order %s failed", params: ["1"] },
    { message: "refund %s failed", params: ["1"] },
  ),
  message(
    "csharp",
    "texts of a template that says nothing",
    { message: "{Message}", formatted: "disk is full" },
    { message: "{Message}", formatted: "queue is full" },
  ),
  message("node", "texts", { formatted: "disk is full" }, { formatted: "queue is full" }),
  message(
    "node",
    "states of HTTP in a text",
    { formatted: "upstream answered with 502" },
    { formatted: "upstream answered with 429" },
  ),
];
