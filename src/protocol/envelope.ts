import { kindOfHeader, readBareEvent } from "./bare-event";
import { isObject, type JsonObject, parseJson } from "./json";
import { endOfJson } from "./json-end";

export type Item = {
  type: string;
  headers: JsonObject;
  payload: Uint8Array;
  /** The input ended before the announced length. */
  truncated: boolean;
};

export type Envelope = {
  header: JsonObject;
  items: Item[];
  warnings: string[];
  /** It was an event that came without an envelope around it. */
  isBare?: boolean;
};

/** The line that says whose envelope it is lies within so many bytes, or the envelope has none. */
export const headerBytesMax = 64 * 1024;
const itemsMax = 1000;
/** Of all item headers together. */
const itemHeadersBytesMax = 1024 * 1024;
/** Line ends and blanks between items, all together: they cost time and say nothing. */
const blankBytesMax = 64 * 1024;
const newline = 10;
const [openingBrace, openingBracket] = [0x7b, 0x5b];

/**
 * Splits an envelope into items without looking into their payloads. Lengths count bytes; payloads are views of
 * the input. Only a bad first line is an error (returned as a string): a bad item costs itself at most. The work
 * follows the number of items: what lies in between is counted as well.
 */
export function parseEnvelope(input: Uint8Array): Envelope | string {
  const scan = newScan(input);
  const first = readHeader(input, scan);
  if (typeof first === "string") {
    const event = readBareEvent(input);
    return event ? envelopeAround(input, event) : first;
  }
  const items: Item[] = [];
  const warnings: string[] = [];
  let at = first.next;
  let headersLeft = itemHeadersBytesMax;
  let blanksLeft = blankBytesMax;
  for (;;) {
    const start = afterBlanks(input, at, blanksLeft);
    blanksLeft -= start - at;
    if (start >= input.length) break;
    const line = readLine(input, start, scan);
    headersLeft -= line.next - start;
    const problem = excessOf(items.length, blanksLeft, headersLeft);
    const headers = problem ?? line.header;
    if (typeof headers === "string") {
      warnings.push(problem ?? `item header: ${headers}`);
      break;
    }
    const { payload, next, warning } = payloadAt(input, line, lengthOf(headers.length), scan);
    if (warning) warnings.push(warning);
    at = next;
    if (typeof headers.type !== "string" || headers.type === "") {
      warnings.push("item without a type");
      continue;
    }
    items.push({ type: headers.type, headers, payload, truncated: warning === cutShort });
  }
  const { header } = first;
  const kind = items.length > 0 || warnings.length > 0 ? "envelope" : kindOfHeader(header);
  if (kind === "event") return envelopeAround(input, header);
  return kind === "other" ? noItems : { header, items, warnings };
}

const noItems = "the body has no items and is no event";

/** For an event that came as it is: whoever sent it sees it stored rather than nothing at all. */
function envelopeAround(body: Uint8Array, { event_id = null }: JsonObject): Envelope {
  const items = [{ type: "event", headers: {}, payload: body, truncated: false }];
  return { header: { event_id }, items, warnings: [], isBare: true };
}

/** The envelope's own header and nothing else: enough of the input is its first `headerBytesMax` bytes. */
export function parseEnvelopeHeader(input: Uint8Array): JsonObject | string {
  const first = readHeader(input, newScan(input));
  return typeof first === "string" ? first : first.header;
}

function readHeader(
  input: Uint8Array,
  scan: Scan,
): { header: JsonObject; next: number; isApart: boolean } | string {
  const mark = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf ? 3 : 0;
  const start = afterBlanks(input, mark, headerBytesMax);
  const { header, ...line } = readLine(input, start, scan);
  return typeof header === "string" ? header : { header, ...line };
}

/** Finds where JSON ends that is no line. After the first that never ends it looks for no other: no byte is read often. */
type Scan = (start: number) => number;

function newScan(input: Uint8Array): Scan {
  let isLost = false;
  return (start) => {
    const end = isLost ? -1 : endOfJson(input, start);
    isLost ||= end < 0;
    return end;
  };
}

/** Where a header is, and whether a line end is between it and what follows. */
type Line = { header: JsonObject | string; next: number; isApart: boolean };

/**
 * A header is one line. Written by hand it is also several, and in the same one as what follows where `curl -d` took the
 * line ends out.
 */
function readLine(input: Uint8Array, start: number, scan: Scan): Line {
  const end = endOfLine(input, start);
  const header = parseHeader(input.subarray(start, end));
  const line: Line = { header, next: end + 1, isApart: true };
  if (typeof header !== "string" || input[start] !== openingBrace) return line;
  const close = scan(start);
  if (close < 0) return line;
  const spread = parseHeader(input.subarray(start, close));
  const next = afterLineEnd(input, close);
  if (typeof spread === "string" && close > end) return { ...line, header: spread };
  if (typeof spread === "string") return line;
  return { header: spread, next: next < 0 ? close : next, isApart: next >= 0 };
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
const wrongLength = "item length does not end at a line end";

function payloadAt(
  input: Uint8Array,
  { next: start, isApart }: Line,
  length: number | undefined,
  scan: Scan,
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
  const spread = isApart && isWholeLine(input, start, end) ? -1 : endOfSpread(input, start, scan);
  if (spread >= 0) {
    const payload = input.subarray(start, spread);
    const next = Math.max(spread, afterLineEnd(input, spread));
    return { payload, next, ...(length !== undefined && { warning: wrongLength }) };
  }
  const payload = input.subarray(start, end);
  if (length === undefined) return { payload, next: end + 1 };
  // The length is wrong. A JSON payload ends at its line; anything else cannot be separated from what follows.
  return { payload, next: looksLikeJson(payload) ? end + 1 : input.length, warning: wrongLength };
}

/** How far behind a line is looked for what follows it. */
const peekBytesMax = 64;

/**
 * Whether a payload without a length ends at its line: that is so of nearly all, and seen without reading them. JSON of
 * several lines begins with a bracket and either has no closing one at the end of its first line, or goes on after it
 * with what no item begins with.
 */
function isWholeLine(input: Uint8Array, start: number, end: number): boolean {
  const first = input[start];
  if (first !== openingBrace && first !== openingBracket) return true;
  if (!looksLikeJson(input.subarray(start, end))) return false;
  const next = afterBlanks(input, end, peekBytesMax);
  return next >= input.length || input[next] === openingBrace || isBlank(input[next]);
}

/** Where JSON of several lines ends, or of a line that others share; -1 where none does. */
function endOfSpread(input: Uint8Array, start: number, scan: Scan): number {
  const first = input[start];
  if (first !== openingBrace && first !== openingBracket) return -1;
  const end = scan(start);
  if (end < 0 || afterLineEnd(input, end) >= 0) return end;
  return input[end] === openingBrace ? end : -1;
}

/** Position after blanks and a line end, or the end of the input; -1 where something else comes first. */
function afterLineEnd(input: Uint8Array, from: number): number {
  const last = Math.min(input.length, from + peekBytesMax);
  let at = from;
  while (at < last && isBlank(input[at]) && input[at] !== newline) at++;
  if (at >= input.length) return input.length;
  return input[at] === newline ? at + 1 : -1;
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
