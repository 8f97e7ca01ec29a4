import { expect, test } from "vitest";
import { type Exception, partsOf } from "../../../src/web/issues/event-parts";
import { exceptionChain } from "../../../src/web/issues/exception-chain";
import { recordedEvent } from "./recorded-event";

const chainOf = (exceptions: Exception[]) =>
  exceptionChain(exceptions).map(
    ({ exception, depth, relation }) => `${"  ".repeat(depth)}${relation} ${exception.type}`,
  );

test.each([
  ["sentry-node-11.12.0-exception--event", ["thrown Error", "cause TypeError"]],
  [
    "sentry-node-11.12.0-aggregate-error--event",
    ["thrown AggregateError", "  member TypeError", "  member RangeError", "  cause Error"],
  ],
  [
    "sentry-python-1.45.1-exception-group--event",
    [
      "thrown ExceptionGroup",
      "  member ValueError",
      "  member ExceptionGroup",
      "    member TypeError",
      "    member FileNotFoundError",
    ],
  ],
  ["sentry-ruby-5.3.0-exception--event", undefined],
])("%s is read from what was thrown on", (name, expected) => {
  const { exceptions } = partsOf(recordedEvent(name));
  const chain = chainOf(exceptions);
  expect(chain).toHaveLength(exceptions.length);
  if (expected) expect(chain).toEqual(expected);
});

const exception = (type: string, id?: number, parentId?: number): Exception => ({
  type,
  value: "",
  module: undefined,
  threadId: undefined,
  mechanism: { type: "x", handled: true, id, parentId, isGroup: false, source: undefined },
  stack: undefined,
  rawStack: undefined,
});

test("ids that lead in a circle or nowhere lose no exception", () => {
  expect(chainOf([exception("A", 1, 2), exception("B", 2, 1)])).toEqual(["thrown B", "cause A"]);
  expect(chainOf([exception("A", 1, 9), exception("B", 0)])).toEqual(["thrown B", "cause A"]);
  expect(chainOf([exception("A", 1, 2), exception("B", 2, 1), exception("C", 0)])).toEqual([
    "thrown C",
    "cause B",
    "cause A",
  ]);
  expect(chainOf([exception("A", 1, 1), exception("B", 1)])).toHaveLength(2);
  expect(chainOf([])).toEqual([]);
});
