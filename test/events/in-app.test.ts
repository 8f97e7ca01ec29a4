import { describe, expect, test } from "vitest";
import type { Frame } from "../../src/events/frames";
import { markInApp } from "../../src/events/in-app";
import { normalizeEvent } from "../../src/events/normalize";
import { groupings } from "../../src/issues/grouping/groupings";

const eventOf = (frames: Frame[]) =>
  normalizeEvent(
    { exception: { values: [{ type: "E", value: "x", stacktrace: { frames } }] } } as never,
    { eventId: "a".repeat(32), receivedAt: 1_795_500_000, connection: {} },
  ).event;

/** The marks that come out of these. */
function marked(...frames: Frame[]): (boolean | undefined)[] {
  const event = eventOf(frames);
  markInApp(event);
  return event.exception?.values[0]?.stacktrace?.frames.map(({ in_app }) => in_app) ?? [];
}

const at = (path: string, in_app?: boolean): Frame => ({
  filename: path.split("/").at(-1) ?? path,
  abs_path: path,
  function: "f",
  lineno: 1,
  ...(in_app !== undefined && { in_app }),
});

describe("paths that cannot be the user's win over an SDK that says they are", () => {
  test.each([
    "node:internal/process/task_queues",
    "internal/process/task_queues.js",
    "/rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/core/src/panicking.rs",
    "/home/dev/.cargo/registry/src/index.crates.io-6f17d22bba15001f/tokio-1.36.0/src/task.rs",
    "/root/go/pkg/mod/github.com/gin-gonic/gin@v1.9.1/context.go",
    "/usr/local/go/src/runtime/panic.go",
    "/opt/homebrew/Cellar/go/1.22.1/libexec/src/net/http/server.go",
    "/opt/hostedtoolcache/go/1.22.1/x64/src/runtime/panic.go",
    "/srv/venv/lib/python3.11/site-packages/django/core/handlers/base.py",
    "/usr/lib/python3/dist-packages/requests/api.py",
    "/usr/lib/python3.11/json/decoder.py",
    "/root/.pyenv/versions/3.11.4/lib/python3.11/threading.py",
    "/opt/miniconda3/envs/etl/lib/python3.10/asyncio/tasks.py",
    "/root/.local/share/uv/python/cpython-3.12.3-linux-x86_64-gnu/lib/python3.12/json/__init__.py",
    "/usr/local/Cellar/ruby/3.3.0/lib/ruby/3.3.0/json/common.rb",
    "/home/app/.rbenv/versions/3.2.2/lib/ruby/3.2.0/net/http.rb",
    "/var/lang/lib/python3.12/importlib/__init__.py",
    "/var/runtime/bootstrap.py",
    "/opt/python/requests/api.py",
    "C:\\Python311\\Lib\\json\\decoder.py",
    "C:\\Users\\ada\\AppData\\Local\\Programs\\Python\\Python312\\Lib\\asyncio\\tasks.py",
    "C:\\ProgramData\\Anaconda3\\Lib\\json\\decoder.py",
    "C:\\Program Files\\dotnet\\shared\\Microsoft.NETCore.App\\8.0.1\\System.Private.CoreLib.dll",
    "<frozen importlib._bootstrap>",
  ])("%s", (path) => {
    expect(marked(at(path, true), at("/srv/shop/pay.py", true))).toEqual([false, true]);
    expect(marked(at(path), at("/srv/shop/pay.py"))).toEqual([false, true]);
  });
});

test.each([
  "/srv/shop/internal/pay.go",
  "/home/ada/go/src/shop/pay.go",
  "/app/python/lib.py",
  "/srv/conda-builder/recipes/build.py",
  "/app/lib/ruby_tools/pay.rb",
  "C:\\inetpub\\shop\\Pay.cs",
  "/var/task/handler.py",
  "/var/www/html/index.php",
  "webpack-internal:///./src/pay.ts",
])("%s is the user's when the SDK says so, and when it says nothing", (path) => {
  expect(marked(at(path, true))).toEqual([true]);
  expect(marked(at(path))).toEqual([true]);
});

test("where an SDK marked any frame, those it left out are not the user's", () => {
  expect(marked(at("/srv/a.py"), at("/srv/b.py", true), at("/srv/c.py"))).toEqual([
    false,
    true,
    false,
  ]);
});

test("where the only mark was impossible, and where every frame was called foreign, the path decides", () => {
  const impossible = at("/usr/lib/python3.11/json/decoder.py", true);
  expect(marked(at("/srv/a.py", false), impossible)).toEqual([true, false]);
  expect(marked(at("/srv/a.rb", false), at("/srv/vendor/x/b.rb", false))).toEqual([true, false]);
});

test("where some frames were called foreign and none the user's, the path decides on the others", () => {
  expect(marked(at("/srv/a.js", false), at("/srv/b.js"))).toEqual([false, true]);
});

test("the published grouping goes on with its own marks, and leaves none behind", () => {
  // g1 was published before paths won over the SDK's word.
  const frames = [at("/usr/local/go/src/runtime/panic.go", true), at("/srv/pay.go")];
  const event = eventOf(frames);
  const { explanation } = groupings.g1(event);
  expect(explanation.parts).toMatchObject([
    { frames: [/panic\.go/, /pay\.go/].map((name) => expect.stringMatching(name)) },
  ]);
  const left = event.exception?.values[0]?.stacktrace?.frames ?? [];
  expect(left.map((frame) => ["in_app" in frame, frame.in_app])).toEqual([
    [true, true],
    [false, undefined],
  ]);
});
