import fc from "fast-check";
import { expect, test } from "vitest";
import type { CodeLanguage } from "../../../src/web/parts/code-language";
import { highlightCode } from "../../../src/web/parts/highlight-code";

const languages: CodeLanguage[] = [
  "javascript",
  "typescript",
  "jsx",
  "tsx",
  "python",
  "ruby",
  "php",
  "java",
  "kotlin",
  "go",
  "rust",
  "csharp",
  "c",
  "cpp",
  "objectivec",
  "swift",
  "dart",
  "elixir",
  "bash",
  "powershell",
  "markup",
  "ini",
  "toml",
  "yaml",
  "json",
];

/** Where a call with a text and a number means nothing. */
const samples = new Map<CodeLanguage, string>([
  ["markup", '<a href="text">'],
  ["ini", "key=text"],
  ["yaml", 'key: "text"'],
]);

test.each(languages)("%s has a grammar, which finds strings and numbers", async (language) => {
  const sample = samples.get(language) ?? 'x = f("text", 41)';
  const [line] = await highlightCode([sample], language);
  expect(line?.map(({ text }) => text).join("")).toBe(sample);
  // PHP begins outside of its code.
  if (language !== "php")
    expect(line?.some(({ kind }) => /string|number|value/.test(kind ?? ""))).toBe(true);
});

test("colours change no sign of the code and no line of it", async () => {
  const text = fc.array(
    fc.string({ maxLength: 30 }).map((line) => line.replaceAll(/[\r\n]/g, " ")),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom(...languages), async (lines, language) => {
      const pieces = await highlightCode(lines, language);
      expect(pieces.map((line) => line.map((piece) => piece.text).join(""))).toEqual(lines);
    }),
    { numRuns: 60 },
  );
});

test("code that is too long stays plain", async () => {
  const line = "const a = 1;".repeat(3000);
  expect(await highlightCode([line], "javascript")).toEqual([[{ text: line, kind: undefined }]]);
});
