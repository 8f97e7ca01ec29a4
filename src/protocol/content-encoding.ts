import { Buffer } from "node:buffer";
// The default export: zstd exists in workerd and newer Node only, and a missing name must not break the import.
import zlib from "node:zlib";
import { Fault } from "../fault";
import { isZstd } from "./compress";

const stringify = (value: Uint8Array) => new TextDecoder("latin1").decode(value);

/**
 * Undoes every Content-Encoding that SDKs use, then what they do without saying so: gzip and zstd bytes behind a
 * proxy that dropped the header. Stops at `bytesMax` while inflating.
 * Faults: unsupported (unknown coding), invalid (corrupt), too_large.
 */
export function decodeBody(
  body: Uint8Array,
  encoding: string | null,
  bytesMax: number,
): Uint8Array {
  const codings = (encoding ?? "")
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  let decoded = body;
  for (const coding of codings.toReversed()) decoded = inflate(decoded, coding, bytesMax);
  if (decoded[0] === 0x1f && decoded[1] === 0x8b) decoded = inflate(decoded, "gzip", bytesMax);
  else if (isZstd(decoded)) decoded = inflate(decoded, "zstd", bytesMax);
  if (decoded.length > bytesMax) throw tooLarge(bytesMax);
  return decoded;
}

/**
 * The body of /store/: JSON, or the same as zlib, or as base64 of zlib (raven clients), or a form of ancient
 * browser clients with the JSON in it. Expects Content-Encoding to be undone already.
 */
export function decodeStoreBody(body: Uint8Array, bytesMax: number): Uint8Array {
  let at = 0;
  while (at < body.length && (body[at] ?? 0) <= 32) at++;
  if (body[at] === 0x7b) return body;
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
      case "x-gzip":
        return zlib.gunzipSync(body, options);
      case "deflate":
        // The name means zlib, but some senders take it for the bare stream.
        return (((body[0] ?? 0) << 8) | (body[1] ?? 0)) % 31 === 0 && ((body[0] ?? 0) & 15) === 8
          ? zlib.inflateSync(body, options)
          : zlib.inflateRawSync(body, options);
      case "br":
        return zlib.brotliDecompressSync(body, options);
      case "zstd":
        return zlib.zstdDecompressSync(body, options);
    }
  } catch (error) {
    if (isOverLimit(error)) throw tooLarge(bytesMax);
    throw new Fault("invalid", `The body is not valid ${coding}.`, { cause: error });
  }
  throw new Fault("unsupported", `Unknown content encoding: ${coding.slice(0, 32)}`);
}

/** workerd throws "Memory limit exceeded" without a code, Node ERR_BUFFER_TOO_LARGE. */
const isOverLimit = (error: unknown) =>
  error instanceof Error &&
  (error.message.includes("Memory limit exceeded") ||
    (error as Error & { code?: string }).code === "ERR_BUFFER_TOO_LARGE");

const tooLarge = (bytesMax: number) =>
  new Fault("too_large", `The body is larger than ${bytesMax} bytes after decompression.`);
