import { parseAst } from "vite";
import { filesBelow, read } from "./sources";

/** Every regular expression of the product, and texts that are made to be slow for it. */

export type Pattern = { file: string; source: string; flags: string };

export const patterns: Pattern[] = ["src", "queues"]
  .flatMap((folder) => filesBelow(folder, /\.ts$/))
  .flatMap((file) => regexesOf(parseAst(read(file), { lang: "ts" }, file), file));

function regexesOf(node: unknown, file: string): Pattern[] {
  if (typeof node !== "object" || node === null) return [];
  if ("regex" in node) {
    const { pattern, flags } = node.regex as { pattern: string; flags: string };
    return [{ file, source: pattern, flags }];
  }
  return Object.values(node).flatMap((child) => regexesOf(child, file));
}

/** Texts of some length that begin again and again what the pattern looks for, and never end it. */
export function attacksOn(source: string, length: number): string[] {
  const bits = new Set([...general, ...examplesOf(source).flatMap(beginnings)]);
  return [...bits].map(
    (bit) => `${bit.repeat(Math.ceil(length / bit.length)).slice(0, length)}\u0001`,
  );
}

const general = [
  "a",
  "0",
  " ",
  "\n",
  "\r\n",
  "\t ",
  "-",
  ".",
  "/",
  "=",
  '"',
  '\\"',
  "a=",
  "a b",
  "%",
  "{{",
  "@",
  ":a",
  "0.",
  "x-",
  "<a",
  "(",
  "A",
  "_",
  ",",
  "+",
];

/** All beginnings of a short text, and some of a long one; each part of it that repeats by itself, too. */
function beginnings(text: string): string[] {
  const found: string[] = [text];
  for (let end = 1; end < Math.min(text.length, 24); end++) found.push(text.slice(0, end));
  for (const start of [1, 2, 3, 5, 8]) if (text.length > start) found.push(text.slice(start));
  return found.filter((each) => each !== "");
}

const examplesMax = 12;

/** Texts that a pattern matches, or nearly: one for each of its alternatives, repetitions twice. */
function examplesOf(source: string): string[] {
  let at = 0;
  const either = (): string[] => {
    const ways = [sequence()];
    while (source[at] === "|") {
      at++;
      ways.push(sequence());
    }
    return ways.flat().slice(0, examplesMax);
  };
  const sequence = (): string[] => {
    let texts = [""];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") {
      const parts = repeated(atom());
      texts = texts.flatMap((text) => parts.map((part) => text + part)).slice(0, examplesMax);
    }
    return texts;
  };
  const atom = (): string[] => {
    const sign = source[at++] ?? "";
    if (sign === "(") {
      const look = /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(source.slice(at, at + 24))?.[0] ?? "";
      at += look.length;
      const inner = either();
      at++;
      return /[=!]$/.test(look) ? [""] : inner;
    }
    if (sign === "[") return member();
    if (sign === "\\") return [escaped()];
    if (sign === "^" || sign === "$") return [""];
    return [sign === "." ? "x" : sign];
  };
  const escaped = (): string => {
    const sign = source[at++] ?? "";
    if (sign === "u" || sign === "x") {
      const digits = sign === "u" ? 4 : 2;
      at += digits;
      return String.fromCharCode(Number.parseInt(source.slice(at - digits, at), 16) || 97);
    }
    return (
      { d: "1", w: "a", s: " ", S: "x", D: "x", W: " ", b: "", B: "", n: "\n", r: "\r", t: "\t" }[
        sign
      ] ?? sign
    );
  };
  const member = (): string[] => {
    const isNot = source[at] === "^";
    if (isNot) at++;
    const chosen: string[] = [];
    while (at < source.length && (source[at] !== "]" || chosen.length === 0)) {
      chosen.push(source[at] === "\\" ? (at++, escaped()) : (source[at++] ?? ""));
    }
    at++;
    // The first and the last: what begins a word, and what ends one.
    if (!isNot) return [...new Set([chosen[0] ?? "", chosen.at(-1) ?? ""])];
    const other = ["x", "1", " "].find((each) => !chosen.includes(each));
    return [other ?? "x"];
  };
  const repeated = (texts: string[]): string[] => {
    const count = /^(?:[*+]|\{(\d+)(,(\d*))?\})\??/.exec(source.slice(at, at + 16));
    if (count) {
      at += count[0].length;
      const least = Math.max(Number(count[1] ?? 1), 1);
      return texts.map((text) =>
        text.repeat(count[2] || !count[1] ? Math.min(least + 1, 40) : Math.min(least, 40)),
      );
    }
    if (source[at] === "?") at++;
    return texts;
  };
  return either();
}
