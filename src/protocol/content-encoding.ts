import { Buffer } from "node:buffer";
import type { Transform } from "node:stream";
// The default export: zstd exists in workerd and newer Node only, and a missing name must not break the import.
import zlib from "node:zlib";
import { Fault } from "../fault";
import { isZstd } from "./compress";

const stringify = (value: Uint8Array) => new TextDecoder("latin1").decode(value);

/** Codings one upon another: each is as much work as a whole body. */
const codingsMax = 2;

/** What clients write that have not coded anything: a charset, the encoding of a mail, a variable without a value. */
const asItIs = new Set(
  "identity none null undefined false utf-8 utf8 utf-16 us-ascii ascii iso-8859-1 iso-8859-15 latin1 windows-1252 binary 7bit 8bit plain text text/plain json application/json chunked".split(
    " ",
  ),
);
const otherNames = new Map([
  ["x-gzip", "gzip"],
  ["gz", "gzip"],
  ["x-deflate", "deflate"],
  ["zlib", "deflate"],
  ["brotli", "br"],
  ["zst", "zstd"],
  ["x-zstd", "zstd"],
]);

/**
 * Undoes every Content-Encoding that SDKs use, then what they do without saying so: gzip and zstd bytes behind a
 * proxy that dropped the header. A body that is plainly not what its label says stays as it is: a proxy or a script
 * has inflated it and kept the label, or wrote one that means nothing. Stops at `bytesMax` while inflating.
 * Faults: unsupported (unknown coding), invalid (corrupt), too_large.
 */
export function decodeBody(
  body: Uint8Array,
  encoding: string | null,
  bytesMax: number,
): Uint8Array {
  let decoded = body;
  for (const coding of codingsOf(encoding)) decoded = inflateIfCoded(decoded, coding, bytesMax);
  const untold = untoldCodingOf(decoded);
  if (untold) decoded = inflate(decoded, untold, bytesMax);
  if (decoded.length > bytesMax) throw tooLarge(bytesMax);
  return decoded;
}

/**
 * The beginning of what decodeBody makes of a body, at most `bytesMax`; nothing behind it is inflated. For what must be
 * known of a body before its sender is. Faults: unsupported, invalid (corrupt from the start).
 */
export async function decodeHead(
  body: Uint8Array,
  encoding: string | null,
  bytesMax: number,
): Promise<Uint8Array> {
  let head = body;
  for (const coding of codingsOf(encoding)) head = await inflateHead(head, coding, bytesMax);
  const untold = untoldCodingOf(head);
  if (untold) head = await inflateHead(head, untold, bytesMax);
  return head.subarray(0, bytesMax);
}

/** In the order in which they are undone. */
function codingsOf(encoding: string | null): string[] {
  const codings = (encoding ?? "")
    .toLowerCase()
    .split(",")
    .map((coding) => coding.replaceAll('"', "").split(";", 1)[0]?.trim() ?? "")
    .filter((coding) => coding !== "" && !asItIs.has(coding))
    .map((coding) => otherNames.get(coding) ?? coding);
  if (codings.length > codingsMax) throw new Fault("unsupported", "Too many content encodings");
  return codings.toReversed();
}

/**
 * Codings with a mark of their own are known by it. The others may begin with anything: only what they fail on is taken
 * for plain, so that nothing is paid for it otherwise.
 */
function inflateIfCoded(body: Uint8Array, coding: string, bytesMax: number): Uint8Array {
  if (isMarkMissing(body, coding)) return body;
  try {
    return inflate(body, coding, bytesMax);
  } catch (error) {
    if (isPlain(body, error)) return body;
    throw error;
  }
}

const isMarkMissing = (body: Uint8Array, coding: string): boolean =>
  (coding === "gzip" && !isGzip(body)) || (coding === "zstd" && !isZstd(body));

const isGzip = (body: Uint8Array) => body[0] === 0x1f && body[1] === 0x8b;

/** Whether what could not be inflated is JSON as it is. */
const isPlain = (body: Uint8Array, error: unknown): boolean => {
  const first = body[skipBlanks(body)];
  return error instanceof Fault && error.kind !== "too_large" && (first === 0x7b || first === 0x5b);
};

function untoldCodingOf(body: Uint8Array): string | undefined {
  if (isGzip(body)) return "gzip";
  return isZstd(body) ? "zstd" : undefined;
}

const blankBytesMax = 1024;

/**
 * The body of /store/: JSON, or the same as zlib, or as base64 of zlib (raven clients), or a form of ancient
 * browser clients with the JSON in it. Expects Content-Encoding to be undone already.
 */
export function decodeStoreBody(body: Uint8Array, bytesMax: number): Uint8Array {
  if (body[skipBlanks(body)] === 0x7b) return body;
  if (body[0] === 0x78) return inflate(body, "deflate", bytesMax);
  const text = stringify(body).trim();
  const form = /^(?:sentry_data=)?(%7[bB].*)$/s.exec(text) ?? /^sentry_data=(.*)$/s.exec(text);
  if (form?.[1]) return Buffer.from(decodeForm(form[1]));
  if (!/^[A-Za-z0-9+/_\-\s]+=*$/.test(text))
    throw new Fault("invalid", "The body is not an event.");
  const bytes = Buffer.from(text, "base64");
  if (bytes[0] === 0x7b) return bytes;
  return inflate(bytes, "deflate", bytesMax);
}

/** Position of the first byte that is no blank, line end or byte order mark. */
function skipBlanks(body: Uint8Array): number {
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (at < blankBytesMax && at < body.length && (body[at] ?? 0) <= 32) at++;
  return at;
}

function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " ").replace(/=$/, ""));
  } catch {
    throw new Fault("invalid", "The body is not an event.");
  }
}

function inflate(body: Uint8Array, coding: string, bytesMax: number): Uint8Array {
  const options = { maxOutputLength: bytesMax };
  try {
    switch (coding) {
      case "gzip":
        return zlib.gunzipSync(body, options);
      case "deflate":
        return isZlib(body) ? zlib.inflateSync(body, options) : zlib.inflateRawSync(body, options);
      case "br":
        return zlib.brotliDecompressSync(body, options);
      case "zstd":
        return zlib.zstdDecompressSync(body, options);
    }
  } catch (error) {
    if (isOverLimit(error)) throw tooLarge(bytesMax);
    throw invalid(coding, error);
  }
  throw unknown(coding);
}

function inflaterOf(body: Uint8Array, coding: string): Transform {
  switch (coding) {
    case "gzip":
      return zlib.createGunzip();
    case "deflate":
      return isZlib(body) ? zlib.createInflate() : zlib.createInflateRaw();
    case "br":
      return zlib.createBrotliDecompress();
    case "zstd":
      return zlib.createZstdDecompress();
  }
  throw unknown(coding);
}

/** A stream stops where nobody reads on, whatever a few bytes of input would still become. */
async function inflateHead(
  body: Uint8Array,
  coding: string,
  bytesMax: number,
): Promise<Uint8Array> {
  if (isMarkMissing(body, coding)) return body;
  try {
    return await inflateStart(body, coding, bytesMax);
  } catch (error) {
    if (isPlain(body, error)) return body;
    throw error;
  }
}

async function inflateStart(
  body: Uint8Array,
  coding: string,
  bytesMax: number,
): Promise<Uint8Array> {
  const stream = inflaterOf(body, coding);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    stream.end(body);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= bytesMax) break;
    }
  } catch (error) {
    // Of a coding within a coding, only the beginning is there.
    if (size === 0) throw invalid(coding, error);
  }
  return Buffer.concat(chunks);
}

/** The name means zlib, but some senders take it for the bare stream. */
const isZlib = (body: Uint8Array) =>
  (((body[0] ?? 0) << 8) | (body[1] ?? 0)) % 31 === 0 && ((body[0] ?? 0) & 15) === 8;

const invalid = (coding: string, cause: unknown) =>
  new Fault("invalid", `The body is not valid ${coding}.`, { cause });
const unknown = (coding: string) =>
  new Fault("unsupported", `Unknown content encoding: ${coding.slice(0, 32)}`);

/** workerd throws "Memory limit exceeded" without a code, Node ERR_BUFFER_TOO_LARGE. */
const isOverLimit = (error: unknown) =>
  error instanceof Error &&
  (error.message.includes("Memory limit exceeded") ||
    (error as Error & { code?: string }).code === "ERR_BUFFER_TOO_LARGE");

const tooLarge = (bytesMax: number) =>
  new Fault("too_large", `The body is larger than ${bytesMax} bytes after decompression.`);
