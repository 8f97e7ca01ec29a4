import { endOfText, withExactNumbers } from "./exact-numbers";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const decoder = new TextDecoder();

/**
 * Parses what SDKs send: bare NaN and Infinity (old Python and PHP) become null, and numbers that no double holds texts
 * with their digits. Large exponents are among these only where `exact` is "all"; else they are infinite.
 * Throws SyntaxError for anything that is not JSON.
 */
export function parseJson(input: Uint8Array | string, exact: "likely" | "all" = "likely"): Json {
  const given = typeof input === "string" ? input : decoder.decode(input);
  const text = withExactNumbers(given, exact);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(nullifyBareNumbers(text));
  }
}

const bareNumbers = ["-Infinity", "Infinity", "NaN"];

/** Replaces NaN and ±Infinity outside of texts. One pass: a text that never ends is none the longer to read. */
function nullifyBareNumbers(text: string): string {
  let repaired = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') at = endOfText(text, at);
    else if (sign === "N" || sign === "I" || sign === "-") {
      const bare = bareNumbers.find((each) => text.startsWith(each, at));
      if (!bare) continue;
      repaired += `${text.slice(from, at)}null`;
      from = at + bare.length;
      at = from - 1;
    }
  }
  return repaired + text.slice(from);
}

/**
 * Whether PostgreSQL takes every text in a JSON document: JSON can spell zero bytes and halves of surrogate pairs, which
 * no database keeps. What is not JSON is somebody else's to refuse.
 */
export function isStorable(json: string): boolean {
  if (!/\\u(d[89a-f]|0000)/i.test(json)) return true;
  try {
    // Written anew, a half is an escape again; a whole pair is not. Escaped backslashes would only look like one.
    const written = JSON.stringify(JSON.parse(json)).replaceAll("\\\\", "");
    return !/\\u(d[89a-f]|0000)/.test(written);
  } catch {
    return true;
  }
}

/** What to say when it does not. */
export const unstorable = "A text must not contain a zero byte or half of a surrogate pair";
