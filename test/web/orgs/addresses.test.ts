import { expect, test } from "vitest";
import { addressesIn } from "../../../src/web/orgs/addresses";

test.each<[string, string[]]>([
  ["ada@example.com", ["ada@example.com"]],
  ["Ada <ada@example.com>, Grace <GRACE@example.com>", ["ada@example.com", "grace@example.com"]],
  ["a@b.c; a@b.c\n a@b.c", ["a@b.c"]],
  ["nobody", []],
  ["a@b@c", []],
  ["", []],
])("%j holds %j", (text, found) => {
  expect(addressesIn(text)).toEqual(found);
});

test("of a very long text twenty are taken", () => {
  const text = Array.from({ length: 5000 }, (_, index) => `p${index}@example.com`).join(" ");
  expect(addressesIn(text)).toHaveLength(20);
});
