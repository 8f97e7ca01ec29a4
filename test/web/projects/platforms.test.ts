import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { destinationOf, fillIn } from "../../../src/web/projects/dsn";
import { platformOf, platforms, searchPlatforms } from "../../../src/web/projects/platforms";
import { snippetLanguage } from "../../../src/web/projects/snippet-language";

const folder = join(import.meta.dirname, "../../../src/web/projects/platforms");
const gzippedBytesMax = 2048;

test("every platform has an id and a name of its own", () => {
  expect(new Set(platforms.map(({ id }) => id)).size).toBe(platforms.length);
  expect(new Set(platforms.map(({ name }) => name)).size).toBe(platforms.length);
});

const key = "0123456789abcdef0123456789abcdef";
const destination = destinationOf({
  dsn: {
    public: `https://${key}@errors.example.com/base/42`,
    secret: "",
    security: `https://errors.example.com/base/api/42/security/?sentry_key=${key}`,
  },
});

/** Managers of packages, and what they are asked for; the rest are lines of a build file or places to fetch it from. */
const command =
  /^(npm install|pnpm add|yarn (add|cap)|bun add|npx (cap|expo install)|pip install|uv add|poetry add|composer require|bundle add|go get|dart pub add|flutter pub add|dotnet add package|Install-(Package|Module)|cargo add|deno add|brew install|scoop install|git clone|cmake) [\w@/.:"[\]=~ -]+$/;
const line =
  /^(implementation\("io\.sentry:[\w-]+:\d+\.\d+\.\d+"\)|pod '\w+'|https:\/\/github\.com\/[\w./-]+|\{:\w+, "~> [\d.]+"\},?)$/;
const dependency =
  /^<dependency>\n {2}<groupId>io\.sentry<\/groupId>\n {2}<artifactId>[\w-]+<\/artifactId>\n {2}<version>\d+\.\d+\.\d+<\/version>\n<\/dependency>$/;

describe.each(platforms)("$id", ({ id, load }) => {
  test("names the DSN, is installed by commands that can be run, and stays small", async () => {
    const { platform } = await load();
    const texts = [...platform.files, platform.verify].map(({ code }) => code);
    const filled = texts.map((text) => fillIn(text, destination));
    expect(filled.some((text) => text.includes(key))).toBe(true);
    expect(filled.join("")).not.toMatch(/__(DSN|KEY|ENVELOPE|REPORTS)__/);
    for (const { code } of platform.install) {
      if (dependency.test(code)) continue;
      for (const one of code.split("\n")) {
        expect(command.test(one) || line.test(one), one).toBe(true);
      }
    }
    const labels = platform.install.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(new URL(platform.docs).protocol).toBe("https:");
    expect(gzipSync(readFileSync(join(folder, `${id}.ts`))).length).toBeLessThan(gzippedBytesMax);
  });
});

/** Texts of no language: addresses to paste, headers, an envelope. */
const plain = /^(https:\/\/|Content-Security-Policy|\{\}\n)/;

test.each(platforms)(
  "every snippet of $id is in a language that has colours",
  async ({ id, load }) => {
    const { platform } = await load();
    const texts = [
      ...platform.install.map(({ code }) => ({ name: "Install", code })),
      ...platform.files,
      platform.verify,
    ];
    for (const text of texts) {
      const language = snippetLanguage(text, id);
      expect([text.name, text.code, language !== undefined]).toEqual([
        text.name,
        text.code,
        !plain.test(text.code),
      ]);
    }
  },
);

test.each([
  ["javascript-react", "In any component", "<button onClick={fail}>", "jsx"],
  ["javascript-vue", "In any component", '<button @click="fail">', "markup"],
  ["java", "Install", "<dependency>", "markup"],
  ["kotlin", "Install", 'implementation("a:b:1")', "kotlin"],
  ["python-celery", "Install", "pip install x", "bash"],
  ["python-celery", "tasks.py", "x", "python"],
  ["php-laravel", ".env", "A=1", "ini"],
  ["node-nestjs", "In a controller", "@Get()", "typescript"],
  ["constructor", "Anywhere", "x", undefined],
])("a snippet of %s, %s, %s, is %s", (id, name, code, language) => {
  expect(snippetLanguage({ name, code }, id)).toBe(language);
});

test.each([
  ["python-django", "python-django"],
  ["python-tornado", "python"],
  ["javascript-gatsby", "javascript"],
  ["node-connect", "node"],
  ["apple-ios", "apple"],
  ["cocoa-swift", "apple"],
  ["csharp", "dotnet"],
  ["constructor", "other"],
  ["__proto__", "other"],
  ["", "other"],
  [null, "other"],
])("a project of %j is set up as %s", (given, expected) => {
  expect(platformOf(given).id).toBe(expected);
});

test.each([
  ["next", ["javascript-nextjs"]],
  ["  REACT native ", ["react-native"]],
  ["django", ["python-django"]],
  ["cobol", []],
])("%j finds %j", (typed, ids) => {
  expect(searchPlatforms(typed).map(({ id }) => id)).toEqual(ids);
});

test("a family is found by itself", () => {
  expect(searchPlatforms("", "mobile").map(({ id }) => id)).toContain("android");
  expect(searchPlatforms("javascript", "mobile")).toEqual([]);
});

test("the other forms of a DSN carry its host, prefix and project", () => {
  expect(destination).toEqual({
    dsn: `https://${key}@errors.example.com/base/42`,
    key,
    envelope: "https://errors.example.com/base/api/42/envelope/",
    reports: `https://errors.example.com/base/api/42/security/?sentry_key=${key}`,
  });
});

test("an address with signs that replacements know is put in as it is", () => {
  const odd = { ...destination, dsn: "https://$&$1@x/1" };
  expect(fillIn("a __DSN__ b", odd)).toBe("a https://$&$1@x/1 b");
});
