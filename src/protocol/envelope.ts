import { isObject, type JsonObject, parseJson } from "./json";

export type Item = {
  type: string;
  headers: JsonObject;
  payload: Uint8Array;
  /** The input ended before the announced length. */
  truncated: boolean;
};

export type Envelope = { header: JsonObject; items: Item[]; warnings: string[] };

const headerBytesMax = 64 * 1024;
const itemsMax = 1000;
const newline = 10;
const decoder = new TextDecoder();

/**
 * Splits an envelope into items without looking into their payloads. Lengths count bytes; payloads are views of
 * the input. Only a bad first line is an error (returned as a string): a bad item costs itself at most.
 */
export function parseEnvelope(input: Uint8Array): Envelope | string {
  let at = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf ? 3 : 0;
  const endOfLine = () => {
    const end = input.indexOf(newline, at);
    return end < 0 ? input.length : end;
  };
  const readLine = (): string => {
    const end = endOfLine();
    const line = decoder.decode(input.subarray(at, Math.min(end, at + headerBytesMax + 1))).trim();
    at = end + 1;
    return line;
  };

  let first = "";
  while (first === "" && at < input.length) first = readLine();
  const header = parseHeader(first);
  if (typeof header === "string") return header;

  const items: Item[] = [];
  const warnings: string[] = [];
  while (at < input.length) {
    const line = readLine();
    if (line === "") continue;
    if (items.length >= itemsMax) {
      warnings.push(`more than ${itemsMax} items`);
      break;
    }
    const headers = parseHeader(line);
    if (typeof headers === "string") {
      warnings.push(`item header: ${headers}`);
      break;
    }
    const start = at;
    const length = lengthOf(headers.length);
    let payload: Uint8Array;
    let truncated = false;
    if (length === undefined) {
      const end = endOfLine();
      payload = input.subarray(start, end);
      at = end + 1;
    } else if (start + length > input.length) {
      payload = input.subarray(Math.min(start, input.length));
      truncated = true;
      at = input.length;
      warnings.push("item is shorter than its length");
    } else {
      payload = input.subarray(start, start + length);
      at = afterPayload(input, start + length);
      if (at < 0) {
        // The length is wrong. A JSON payload ends at its line; anything else cannot be told from what follows.
        at = start;
        const end = endOfLine();
        payload = input.subarray(start, end);
        at = end + 1;
        warnings.push("item length does not end at a line end");
        if (!isJson(payload)) break;
      }
    }
    if (typeof headers.type !== "string" || headers.type === "") {
      warnings.push("item without a type");
      continue;
    }
    items.push({ type: headers.type, headers, payload, truncated });
  }
  return { header, items, warnings };
}

/** Position after the line end that must follow a payload of known length, or -1 when there is none. */
function afterPayload(input: Uint8Array, end: number): number {
  if (end >= input.length) return input.length;
  if (input[end] === newline) return end + 1;
  return input[end] === 13 && input[end + 1] === newline ? end + 2 : -1;
}

function parseHeader(line: string): JsonObject | string {
  if (line === "") return "the envelope header is missing";
  if (line.length > headerBytesMax) return `a header line is longer than ${headerBytesMax} bytes`;
  try {
    const value = parseJson(line);
    return isObject(value) ? value : "a header is not a JSON object";
  } catch {
    return "a header is not JSON";
  }
}

function lengthOf(value: unknown): number | undefined {
  const length = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(length) && (length as number) >= 0 ? (length as number) : undefined;
}

function isJson(payload: Uint8Array): boolean {
  try {
    parseJson(payload);
    return true;
  } catch {
    return false;
  }
}
