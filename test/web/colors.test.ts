import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, webCode } from "../sources";

const sheet = readFileSync(join(root, "src/web/app.css"), "utf8");

/** The colours of one theme by name, as the style sheet has them. */
function colorsOf(selector: string): Map<string, string> {
  const start = sheet.indexOf(`${selector} {`);
  const block = sheet.slice(start, sheet.indexOf("}", start));
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[\da-f]{6})\b/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const surfaces = ["bg", "sunken", "raised", "hover", "selected"];

describe.each([
  ["light", ":root"],
  ["dark", '[data-theme="dark"]'],
])("%s", (_, selector) => {
  const colors = colorsOf(selector);
  const color = (name: string) => {
    const value = colors.get(name);
    if (!value) throw new Error(`the theme has no ${name}`);
    return value;
  };
  const pairs = (names: string[], grounds: string[], least: number) =>
    names.flatMap((name) =>
      grounds
        .map((ground) => ({ name, ground, ratio: contrast(color(name), color(ground)) }))
        .filter(({ ratio }) => ratio < least),
    );

  test("text reads on every surface", () => {
    expect(pairs(["text", "muted", "accent"], surfaces, 4.5)).toEqual([]);
    expect(pairs(["on-accent"], ["accent"], 4.5)).toEqual([]);
  });

  test("words about states read on surfaces and on their own tint", () => {
    for (const name of ["danger", "warn", "ok", "info", "note"]) {
      expect(pairs([name], [...surfaces, `${name}-tint`], 4.5)).toEqual([]);
    }
  });

  test("code reads on its ground and on the failing line", () => {
    const code = [...colors.keys()].filter((name) => name.startsWith("code-"));
    expect(code).toHaveLength(6);
    expect(pairs(code, ["sunken", "danger-tint"], 4.5)).toEqual([]);
  });

  test("edges of controls and lines of charts are seen", () => {
    const series = [1, 2, 3, 4, 5, 6].map((number) => `series-${number}`);
    expect(pairs(["line-strong", ...series], ["bg", "sunken", "raised"], 3)).toEqual([]);
  });
});

test("both themes name the same colours, and no page has one of its own", () => {
  expect([...colorsOf('[data-theme="dark"]').keys()]).toEqual([...colorsOf(":root").keys()]);
  const own = webCode.filter((path) =>
    /["'`[(]#[\da-f]{3,8}\b|\brgba?\(|\bhsla?\(|oklch\(/i.test(
      readFileSync(join(root, path), "utf8"),
    ),
  );
  expect(own).toEqual([]);
});
