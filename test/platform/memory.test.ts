import fc from "fast-check";
import { expect, test } from "vitest";
import { boundedMemory } from "../../src/platform/memory";
import { code, read } from "../sources";

const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.nat()), { maxLength: 300 });

test("it is a Map that never holds more, and what was set lately is there", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), steps, (max, pairs) => {
      const memory = boundedMemory<number, number>(max);
      // The same without an end; what was set last is last.
      const all = new Map<number, number>();
      for (const [key, value] of pairs) {
        all.delete(key);
        all.set(key, value);
        memory.set(key, value);
        expect(memory.size).toBeLessThanOrEqual(max);
        const latest = [...all].slice(-Math.ceil(max * 0.9));
        expect(latest.map(([each]) => memory.get(each))).toEqual(latest.map(([, each]) => each));
      }
      const kept = [...all].filter(([key]) => memory.has(key));
      expect(kept).toHaveLength(memory.size);
      expect(kept.every(([key, value]) => memory.get(key) === value)).toBe(true);
      for (const [key] of kept) expect(memory.delete(key)).toBe(true);
      expect([memory.size, memory.delete(61), memory.get(61)]).toEqual([0, false, undefined]);
    }),
  );
});

test("a full one drops in bulk: a stranger with ever new names costs a few steps each", () => {
  const memory = boundedMemory<string, number>(1000);
  let most = 0;
  for (let n = 0; n < 10_000; n++) {
    const before = memory.size;
    memory.set(`key-${n}`, n);
    most = Math.max(most, before - memory.size);
  }
  expect([memory.size > 899, most]).toEqual([true, 99]);
  expect(memory.get("key-9999")).toBe(9999);
});

// Each of them would be another way to forget the end.
test("whatever an isolate remembers with an end is such a memory", () => {
  const own =
    /(\w+)\.size >=? \w*Max\b[^;]*?(?:\1\.(?:clear|delete)\(|(?:drop|makeRoom|forget)\w*\()/s;
  expect(own.test("if (met.size >= metMax) met.clear();")).toBe(true);
  expect(own.test("if (known.size >= knownMax) dropFirst(known);")).toBe(true);
  const wrong = code.filter((path) => path !== "src/platform/memory.ts" && own.test(read(path)));
  expect(wrong, "use boundedMemory of src/platform/memory.ts").toEqual([]);
});
