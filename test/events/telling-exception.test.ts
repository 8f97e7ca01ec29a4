import { expect, test } from "vitest";
import { markInApp } from "../../src/events/in-app";
import { normalizeEvent } from "../../src/events/normalize";
import { summarize } from "../../src/events/title";
import { errorOf, type Written } from "../issues/grouping/written";

function titled(platform: string, ...chain: Written[]) {
  const { event } = normalizeEvent(errorOf(platform, ...chain), {
    eventId: "a".repeat(32),
    receivedAt: 1_795_500_000,
    connection: {},
  });
  markInApp(event);
  const { title, culprit, metadata } = summarize(event);
  return [title, culprit, metadata.type];
}

const own: Written = ["KeyError", "'id'", "load | m:shop.cart"];
const telling = ["KeyError: 'id'", "shop.cart in load", "KeyError"];

test.each<[string, string, Written[]]>([
  [
    "Android's start of an activity",
    "java",
    [
      own,
      [
        "RuntimeException",
        "Unable to start activity ComponentInfo{a/b}: x",
        "performLaunch | m:com.acme.Loop",
      ],
    ],
  ],
  [
    "an activity's start, by frames of the system alone",
    "java",
    [own, ["SomeNewException", "x", "- performLaunch | m:android.app.ActivityThread"]],
  ],
  [
    "reflection",
    "java",
    [own, ["java.lang.reflect.InvocationTargetException", "", "invoke | m:com.acme.Run"]],
  ],
  ["futures in futures", "java", [own, ["ExecutionException", "x"], ["CompletionException", "y"]]],
  [
    "servlets",
    "java",
    [own, ["ServletException", "Request processing failed", "service | m:com.acme.Filter"]],
  ],
  [".NET reflection", "csharp", [own, ["System.Reflection.TargetInvocationException", "x"]]],
  [
    "Rails templates",
    "ruby",
    [own, ["ActionView::Template::Error", "'id'", "show | m:show.html.erb"]],
  ],
  ["Sidekiq", "ruby", [own, ["Sidekiq::JobRetry::Handled", "x"]]],
  ["Celery", "python", [own, ["billiard.einfo.ExceptionWithTraceback", "x"]]],
  [
    "Celery's retry, by frames",
    "python",
    [own, ["Retry", "in 180s", "- retry | /usr/lib/python3/site-packages/celery/app/task.py"]],
  ],
  [
    "Lambda",
    "node",
    [
      ["KeyError", "'id'", "load | m:shop.cart"],
      ["Runtime.UnhandledPromiseRejection", "x"],
    ],
  ],
])("%s: title and culprit are those of what the program threw", (_, platform, chain) => {
  const [title, culprit, type] = telling;
  expect(titled(platform, ...chain)).toEqual([
    title,
    platform === "node" ? "load(shop.cart)" : culprit,
    type,
  ]);
});

test.each<[string, string, Written[]]>([
  [
    "one of the program's own around a cause",
    "java",
    [own, ["SaveFailed", "x", "save | m:shop.cart"]],
  ],
  ["one that stands alone", "java", [["ExecutionException", "x", "save | m:shop.cart"]]],
  ["one without frames", "python", [own, ["SaveFailed", "x"]]],
  [
    "one of libraries around another of libraries",
    "python",
    [
      ["Timeout", "x", "- a | m:net"],
      ["SaveFailed", "x", "- b | m:net"],
    ],
  ],
  [
    "a RuntimeException that says something",
    "java",
    [own, ["RuntimeException", "cart is gone", "save | m:shop.cart"]],
  ],
])("%s keeps the title", (_, platform, chain) => {
  const [type, value] = chain.at(-1) ?? [];
  expect(titled(platform, ...chain)[0]).toBe(`${type}: ${value}`);
});

test("a group is known by its wrapper", () => {
  const payload = errorOf("python", own, ["ExceptionGroup", "many", "- run | m:anyio"]);
  const { event } = normalizeEvent(payload, {
    eventId: "a".repeat(32),
    receivedAt: 1,
    connection: {},
  });
  const group = event.exception?.values.at(-1);
  if (group) group.mechanism = { type: "generic", is_exception_group: true };
  expect(summarize(event).title).toBe("ExceptionGroup: many");
});
