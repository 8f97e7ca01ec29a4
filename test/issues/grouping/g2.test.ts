import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { captureTypeOf, captureTypes } from "../../../src/issues/grouping/rules/capture-types";
import type { JsonObject } from "../../../src/protocol/json";
import { groupedBy, hashesOf } from "./recorded";
import { errorOf, exceptionOf, frameOf } from "./written";

const g2 = (payload: JsonObject) => groupedBy(payload).g2;
const primary = (payload: JsonObject) => g2(payload).primary;
const parts = (payload: JsonObject) => g2(payload).explanation.parts;
const rules = (payload: JsonObject) => g2(payload).explanation.rules?.map(({ rule }) => rule) ?? [];

describe("templates of messages", () => {
  test("count with and without parameters, in both spellings of SDKs", () => {
    const withParams = { logentry: { message: "order %s failed", params: ["1"] } };
    const without = { logentry: { message: "order %s failed", formatted: "order 7 failed" } };
    expect(primary(withParams)).toBe(primary(without));
    expect(parts(without)).toEqual([{ value: "order %s failed" }]);
  });

  test("count with all their lines", () => {
    const text = (line: string) => ({
      logentry: { message: `Failed:\n${line} {Id}`, formatted: "x" },
    });
    expect(primary(text("order"))).not.toBe(primary(text("refund")));
  });

  test("that hold nothing but placeholders leave the word to the text", () => {
    const text = (formatted: string) => ({ logentry: { message: "{0}: {Message}", formatted } });
    expect(parts(text("disk 5 is full"))).toEqual([{ value: "disk <num> is full" }]);
    expect(primary(text("disk 5 is full"))).not.toBe(primary(text("tape 5 is full")));
  });
});

describe("where no frame is the program's own", () => {
  test("the text counts too, and the explanation says why", () => {
    const event = (value: string) =>
      errorOf("python", ["OSError", value, "- read | site-packages/x/y.py | return f.read(n)"]);
    expect(parts(event("disk 12 is full"))).toEqual([
      {
        type: "OSError",
        value: "disk <num> is full",
        frames: ["f:y.py|n:read|c:return f.read(n)"],
      },
    ]);
    expect(rules(event("x"))).toEqual(["the text counts: no frame is the program's own"]);
  });

  test("a wrapper counts by its type, a cause also by the place where it was thrown", () => {
    const chain = (cause: string, wrapperFrame: string) =>
      errorOf(
        "python",
        ["Timeout", "after 30 s", "- send | site-packages/net/a.py | x = 1", cause],
        ["SaveFailed", "x", "save | shop/cart.py"],
        ["TaskError", "x", wrapperFrame],
      );
    const one = chain("- recv | site-packages/net/b.py | y = 2", "- run | site-packages/q/r.py");
    expect(parts(one)).toEqual([
      { type: "Timeout", frames: ["f:b.py|n:recv"] },
      { type: "SaveFailed", frames: ["f:cart.py|n:save"] },
      { type: "TaskError" },
    ]);
    expect(
      primary(chain("- recv | site-packages/net/b.py | y = 3", "- loop | site-packages/q/z.py")),
    ).toBe(primary(one));
  });
});

describe("stacks of captures", () => {
  test.each(captureTypes.map((row) => [row.name, row] as const))("%s", (name, row) => {
    const { example, not } = row;
    expect(captureTypeOf(example.exception, example.platform, example.sdk)).toBe(name);
    expect(captureTypeOf(not.exception, not.platform, not.sdk)).toBeUndefined();
  });

  test("the text joins the frames", () => {
    expect(
      parts(errorOf("go", ["*fmt.wrapError", "order 5: no route", "main.run | main.go"])),
    ).toEqual([
      { type: "*fmt.wrapError", value: "order <num>: no route", frames: ["f:main.go|n:main.run"] },
    ]);
  });

  test("a closure of Rust alone does not tell", () => {
    const event = (value: string) =>
      errorOf("native", ["Error", value, "shop::main::{{closure}} | src/main.rs"]);
    expect(primary(event("cart is empty"))).not.toBe(primary(event("card is declined")));
  });
});

describe("the page as file", () => {
  const inline = (filename: string, url?: string): JsonObject => ({
    ...errorOf("javascript", ["ReferenceError", "x is not defined"]),
    exception: {
      values: [
        {
          type: "ReferenceError",
          value: "x is not defined",
          stacktrace: { frames: [{ filename, function: "?", lineno: 3, in_app: true }] },
        },
      ],
    },
    ...(url && { request: { url } }),
  });

  test.each([
    ["https://a.example/orders/1001", "https://a.example/orders/1002"],
    ["https://a.example/", "https://a.example/shop/cart.php?id=5"],
    ["about:srcdoc", "about:blank"],
    ["https://a.example/index.html#a", "file:///android_asset/www/index.html"],
  ])("%s is %s", (one, two) => {
    expect(primary(inline(one))).toBe(primary(inline(two)));
    expect(rules(inline(one))).toContain("address of the page: no file");
  });

  test("a script of another host is not the page", () => {
    const page = "https://a.example/orders/1";
    expect(primary(inline("https://js.pay.example/v3/", page))).not.toBe(
      primary(inline(page, page)),
    );
  });

  test("what the page asked for is not in the explanation", () => {
    const explanation = JSON.stringify(
      g2(inline("https://a.example/x?email=ada@example.com")).explanation,
    );
    expect(explanation).not.toContain("ada");
  });
});

describe("crashes without symbols", () => {
  const crash = (frame: JsonObject, images: JsonObject[] = []): JsonObject => ({
    platform: "native",
    exception: { values: [{ type: "SIGSEGV", stacktrace: { frames: [frame] } }] },
    debug_meta: { images },
  });
  const image = { type: "elf", code_file: "/app/liba.so", image_addr: "0x1000", image_size: 4096 };

  test.each([
    ["an image of the list", crash({ instruction_addr: "0x1050" }, [image]), "p:liba.so+0x50"],
    [
      "an address of the frame",
      crash({ instruction_addr: "0x1050", image_addr: "0x1000", package: "/x/liba.so" }),
      "p:liba.so+0x50",
    ],
    [
      "an address in the image",
      crash({ instruction_addr: "0x50", addr_mode: "rel:0", package: "liba.so" }),
      "p:liba.so+0x50",
    ],
    [
      "addresses beyond 2^53",
      crash({ instruction_addr: "0xffffffff80001050" }, [
        { ...image, image_addr: "0xffffffff80001000" },
      ]),
      "p:liba.so+0x50",
    ],
    [
      "addresses as numbers",
      crash({ instruction_addr: 4176 }, [{ ...image, image_addr: 4096 }]),
      "p:liba.so+0x50",
    ],
    [
      "no image",
      crash({ instruction_addr: "0x1050", package: "/usr/lib/libc-2.31.so" }),
      "p:libc.so",
    ],
    [
      "a version behind",
      crash({ instruction_addr: "0x1050", package: "/usr/lib/libssl.so.3" }),
      "p:libssl.so",
    ],
    ["Windows", crash({ instruction_addr: "0x1050", package: "C:\\app\\Shop.dll" }), "p:shop.dll"],
  ])("%s", (_, event, frame) => {
    expect(parts(event)).toMatchObject([{ frames: [frame] }]);
  });

  test("the thread is that of the exception, also when several crashed", () => {
    const event = (thread_id: number) => ({
      platform: "cocoa",
      exception: { values: [{ type: "SIGABRT", value: "abort", thread_id }] },
      threads: {
        values: [1, 2].map((id) => ({
          id,
          crashed: true,
          stacktrace: { frames: [{ function: `work${id}`, in_app: true }] },
        })),
      },
    });
    expect(parts(event(1))).toEqual([{ type: "SIGABRT", frames: ["f:|n:work1"] }]);
    expect(parts(event(2))).toEqual([{ type: "SIGABRT", frames: ["f:|n:work2"] }]);
  });
});

describe("endless recursion", () => {
  const overflow = (type: string, value: string, names: string[]): JsonObject => ({
    platform: "python",
    exception: {
      values: [exceptionOf([type, value, "main | a.py", ...names.map((name) => `${name} | a.py`)])],
    },
  });

  test.each([
    ["RecursionError", "maximum recursion depth exceeded"],
    ["SystemStackError", "stack level too deep"],
    ["StackOverflowError", ""],
    ["RangeError", "Maximum call stack size exceeded"],
    ["InternalError", "too much recursion"],
    ["Error", "Maximum function nesting level of '256' reached, aborting!"],
  ])("%s: the set of the repeated frames", (type, value) => {
    const circle = ["a", "b", "c", "a", "b", "c"];
    expect(parts(overflow(type, value, circle))).toMatchObject([
      { frames: ["f:a.py|n:a", "f:a.py|n:b", "f:a.py|n:c"] },
    ]);
    for (const tail of [["a"], ["a", "b"], ["a", "b", "print"]]) {
      expect(primary(overflow(type, value, [...circle, ...tail]))).toBe(
        primary(overflow(type, value, circle)),
      );
    }
  });

  test("a failure deep in a recursion that ends is where it is", () => {
    const deep = overflow("ValueError", "x", ["walk", "walk", "walk", "parse"]);
    expect(parts(deep)).toEqual([
      { type: "ValueError", frames: ["f:a.py|n:main", "f:a.py|n:walk", "f:a.py|n:parse"] },
    ]);
  });
});

test("the explanation names what was dropped or replaced, and the rule", () => {
  const event = errorOf("java", [
    "IllegalStateException",
    "x",
    "invoke | m:jdk.internal.reflect.GeneratedMethodAccessor17",
    "place | m:com.acme.Orders$$SpringCGLIB$$0",
  ]);
  expect(g2(event).explanation).toMatchObject({
    algo: "g2",
    variant: "app",
    parts: [{ type: "IllegalStateException", frames: ["m:com.acme.Orders|n:place"] }],
    rules: [
      { part: "jdk.internal.reflect.GeneratedMethodAccessor17", rule: "reflection accessor" },
      { part: "com.acme.Orders$$SpringCGLIB$$0", rule: "CGLIB or Guice class" },
    ],
  });
});

test("names of a text that stands where a type should be lose what varies", () => {
  const event = (type: string) => errorOf("other", [type, "", "run | a.lua"]);
  expect(primary(event("attempt to index nil at 0x7f001122"))).toBe(
    primary(event("attempt to index nil at 0x7f334455")),
  );
});

test("a symbolicated event finds the issue of the minified ones", () => {
  const bundled = { filename: "https://a.example/a.js", function: "x", lineno: 1, colno: 9000 };
  const error = { type: "TypeError", value: "a is not a function" };
  const before = {
    platform: "javascript",
    exception: { values: [{ ...error, stacktrace: { frames: [bundled] } }] },
  };
  const after = {
    platform: "javascript",
    exception: {
      values: [
        {
          ...error,
          stacktrace: { frames: [frameOf("load | src/cart.ts | return a()")] },
          raw_stacktrace: { frames: [bundled] },
        },
      ],
    },
  };
  expect(hashesOf(g2(after))).toContain(primary(before));
  expect(primary(after)).not.toBe(primary(before));
});

test("functions of a script from a blob stay apart", () => {
  const event = (name: string) =>
    errorOf("javascript", [
      "Error",
      "x",
      `${name} | blob:https://a.example/2f5a7c1e-1111-4222-8333-abcdefabcdef`,
    ]);
  expect(primary(event("load"))).not.toBe(primary(event("save")));
});

test("frames of one kind are read by the rules of their own platform", () => {
  const frame = (name: string) => ({ ...frameOf(`${name} | a`), platform: "native" });
  const event = (name: string) => ({
    platform: "javascript",
    exception: { values: [{ type: "Error", value: "x", stacktrace: { frames: [frame(name)] } }] },
  });
  expect(primary(event("load.isra.0"))).toBe(primary(event("load.part.1")));
});

test("no cut goes through the middle of a character", () => {
  for (const shift of ["", "a"]) {
    const long = shift + "\u{1F600}".repeat(400);
    const event = errorOf("java", [`${long}$1`, long, `${long}$1 | m:${long}$$SpringCGLIB$$0`]);
    const text = JSON.stringify([g2(event), g2({ message: long })]);
    expect(text).not.toMatch(/\\ud[89a-f]/i);
    expect(text.isWellFormed()).toBe(true);
  }
});

test("whatever a sender writes: the same answer twice, bounded", () => {
  const text = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom(
      "__proto__",
      "constructor",
      "0x",
      "$$",
      "{closure",
      "(eval ",
      "@anonymous",
      "<a>b__",
      "::h0".repeat(99),
    ),
  );
  const frame = fc.record(
    {
      function: text,
      module: text,
      filename: text,
      abs_path: text,
      package: text,
      platform: fc.constantFrom("java", "php", "node", "native", "csharp", "ruby", "x"),
      instruction_addr: fc.oneof(text, fc.integer()),
      image_addr: fc.oneof(text, fc.integer()),
      addr_mode: text,
      in_app: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const exception = fc.record(
    {
      type: text,
      value: text,
      thread_id: text,
      mechanism: fc.record({ type: text, synthetic: fc.boolean() }, { requiredKeys: [] }),
      stacktrace: fc.record({ frames: fc.array(frame, { maxLength: 30 }) }),
    },
    { requiredKeys: [] },
  );
  const event = fc.record(
    {
      platform: text,
      exception: fc.array(exception, { maxLength: 4 }),
      threads: fc.array(
        fc.record({ id: text, stacktrace: fc.record({ frames: fc.array(frame) }) }),
      ),
      debug_meta: fc.record({
        images: fc.array(fc.record({ image_addr: text, image_size: text, code_file: text })),
      }),
      logentry: fc.record({ message: text, formatted: text }),
      transaction: text,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(event, (payload) => {
      const json: JsonObject = JSON.parse(JSON.stringify(payload));
      const one = g2(json);
      expect(g2(json)).toEqual(one);
      expect(one.primary).toMatch(/^[0-9a-f]{32}$/);
      expect(one.explanation.rules?.length ?? 0).toBeLessThanOrEqual(20);
    }),
  );
});
