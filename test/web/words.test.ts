import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript-5";
import { expect, test } from "vitest";
import { formatShort, plural, t } from "../../src/web/words";
import { root, webCode } from "../sources";

test("values are put in as text, numbers as the language writes them", () => {
  expect(t("{n} of {name}", { n: 12_345, name: "{n}" })).toBe("12,345 of {n}");
  expect(t("{constructor} {missing}")).toBe("{constructor} {missing}");
  expect(plural(1, "event", "events")).toBe("1 event");
  expect(plural(0, "event", "events")).toBe("0 events");
  expect(formatShort(9999)).toBe("9,999");
  expect(formatShort(1_234_567)).toBe("1.2M");
});

/** Attributes whose text a person reads or hears. */
const spoken = new Set(["aria-label", "title", "placeholder", "alt", "label", "help"]);

const hasLetters = (text: string) => /\p{L}{2}/u.test(text);

/** Text that stands in the markup itself, where no other language could take its place. */
function bareTexts(path: string, text: string): string[] {
  const found: string[] = [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const visit = (node: ts.Node): void => {
    // What one types is the same in every language.
    if (ts.isJsxElement(node) && node.openingElement.tagName.getText() === "code") return;
    if (ts.isJsxText(node) && hasLetters(node.text)) found.push(node.text.trim());
    if (
      ts.isJsxAttribute(node) &&
      spoken.has(node.name.getText()) &&
      node.initializer &&
      ts.isStringLiteral(node.initializer) &&
      hasLetters(node.initializer.text)
    ) {
      found.push(node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test("every text of a page goes through t()", () => {
  expect(bareTexts("x.tsx", '<p title="Some words" lang="en">Hello {t("x")}</p>')).toEqual([
    "Some words",
    "Hello",
  ]);
  const pages = webCode.filter((path) => path.endsWith(".tsx"));
  expect(pages.length).toBeGreaterThan(50);
  const wrong = pages.flatMap((path) =>
    bareTexts(path, readFileSync(join(root, path), "utf8")).map((text) => `${path}: ${text}`),
  );
  expect(wrong).toEqual([]);
});
