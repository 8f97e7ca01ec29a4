import { isObject, type JsonObject, parseJson } from "./json";

export type Item = {
  type: string;
  headers: JsonObject;
  payload: Uint8Array;
  /** The input ended before the announced length. */
  truncated: boolean;
};

export type Envelope = { header: JsonObject; items: Item[]; warnings: string[] };

/** The line that says whose envelope it is lies within so many bytes, or the envelope has none. */
export const headerBytesMax = 64 * 1024;
const itemsMax = 1000;
/** Of all item headers together. */
const itemHeadersBytesMax = 1024 * 1024;
/** Line ends and blanks between items, all together: they cost time and say nothing. */
const blankBytesMax = 64 * 1024;
const newline = 10;

/**
 * Splits an envelope into items without looking into their payloads. Lengths count bytes; payloads are views of
 * the input. Only a bad first line is an error (returned as a string): a bad item costs itself at most. The work
 * follows the number of items: what lies in between is counted as well.
 */
export function parseEnvelope(input: Uint8Array): Envelope | string {
  const first = readHeader(input);
  if (typeof first === "string") return first;
  const items: Item[] = [];
  const warnings: string[] = [];
  let at = first.end;
  let headersLeft = itemHeadersBytesMax;
  let blanksLeft = blankBytesMax;
  for (;;) {
    const start = afterBlanks(input, at, blanksLeft);
    blanksLeft -= start - at;
    if (start >= input.length) break;
    const end = endOfLine(input, start);
    headersLeft -= end - start;
    const problem = excessOf(items.length, blanksLeft, headersLeft);
    const headers = problem ?? parseHeader(input.subarray(start, end));
    if (typeof headers === "string") {
      warnings.push(problem ?? `item header: ${headers}`);
      break;
    }
    const { payload, next, warning } = payloadAt(input, end + 1, lengthOf(headers.length));
    if (warning) warnings.push(warning);
    at = next;
    if (typeof headers.type !== "string" || headers.type === "") {
      warnings.push("item without a type");
      continue;
    }
    items.push({ type: headers.type, headers, payload, truncated: warning === cutShort });
  }
  return { header: first.header, items, warnings };
}

/** The envelope's own header and nothing else: enough of the input is its first `headerBytesMax` bytes. */
export function parseEnvelopeHeader(input: Uint8Array): JsonObject | string {
  const first = readHeader(input);
  return typeof first === "string" ? first : first.header;
}

function readHeader(input: Uint8Array): { header: JsonObject; end: number } | string {
  const mark = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf ? 3 : 0;
  const start = afterBlanks(input, mark, headerBytesMax);
  const end = endOfLine(input, start);
  const header = parseHeader(input.subarray(start, end));
  return typeof header === "string" ? header : { header, end: end + 1 };
}

/** Position of the first byte that is no line end, blank or tab, but no further than the limit. */
function afterBlanks(input: Uint8Array, from: number, bytesMax: number): number {
  const last = Math.min(input.length, from + Math.max(0, bytesMax));
  let at = from;
  while (at < last && isBlank(input[at])) at++;
  return at;
}

const isBlank = (byte: number | undefined) =>
  byte === newline || byte === 13 || byte === 32 || byte === 9;

function endOfLine(input: Uint8Array, from: number): number {
  const end = input.indexOf(newline, from);
  return end < 0 ? input.length : end;
}

function excessOf(items: number, blanksLeft: number, headersLeft: number): string | undefined {
  if (items >= itemsMax) return `more than ${itemsMax} items`;
  if (blanksLeft <= 0) return `more than ${blankBytesMax} bytes between items`;
  return headersLeft < 0 ? `item headers of more than ${itemHeadersBytesMax} bytes` : undefined;
}

const cutShort = "item is shorter than its length";

function payloadAt(
  input: Uint8Array,
  start: number,
  length: number | undefined,
): { payload: Uint8Array; next: number; warning?: string } {
  if (length !== undefined && start + length > input.length) {
    const payload = input.subarray(Math.min(start, input.length));
    return { payload, next: input.length, warning: cutShort };
  }
  const next = length === undefined ? -1 : afterPayload(input, start + length);
  if (length !== undefined && next >= 0) {
    return { payload: input.subarray(start, start + length), next };
  }
  const end = endOfLine(input, start);
  const payload = input.subarray(start, end);
  if (length === undefined) return { payload, next: end + 1 };
  // The length is wrong. A JSON payload ends at its line; anything else cannot be separated from what follows.
  const warning = "item length does not end at a line end";
  return { payload, next: looksLikeJson(payload) ? end + 1 : input.length, warning };
}

/** Position after the line end that must follow a payload of known length, or -1 when there is none. */
function afterPayload(input: Uint8Array, end: number): number {
  if (end >= input.length) return input.length;
  if (input[end] === newline) return end + 1;
  return input[end] === 13 && input[end + 1] === newline ? end + 2 : -1;
}

function parseHeader(line: Uint8Array): JsonObject | string {
  if (line.length === 0) return "the envelope header is missing";
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

/** From its two ends alone: reading all of it is the digest's to do. */
function looksLikeJson(payload: Uint8Array): boolean {
  const last = payload[payload.length - 1] === 13 ? payload.length - 2 : payload.length - 1;
  return (
    (payload[0] === 0x7b && payload[last] === 0x7d) ||
    (payload[0] === 0x5b && payload[last] === 0x5d)
  );
}
