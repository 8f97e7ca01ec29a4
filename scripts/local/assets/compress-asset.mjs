// What Cloudflare's edge does with text on its way out: in brotli or gzip for whoever takes it. Runs in workerd.

import zlib from "node:zlib";

/** As on Cloudflare: text, and what is text by another name. Pictures and newer fonts are compressed already. */
const isText =
  /^(?:text\/|application\/(?:json|manifest\+json|wasm|xml)|image\/(?:svg\+xml|vnd\.microsoft\.icon)|font\/ttf)/;
/** Smaller ones gain nothing. */
const bytesMin = 200;
/** Larger ones are sent as they are: they would keep the others waiting. */
const bytesMax = 4 * 1024 * 1024;
/** What is kept of compressed files; beyond that they are compressed anew each time. */
const keptBytesMax = 32 * 1024 * 1024;
const partsMax = 20;

/** How a file is sent, and whether that depends on who asks. */
export function encodingFor(headers, contentType, bytes) {
  const varies = isText.test(contentType ?? "") && bytes >= bytesMin && bytes <= bytesMax;
  // A part of a file is one of the file itself.
  if (!varies || headers.has("range")) return { encoding: undefined, varies };
  const accepted = acceptedIn(headers.get("accept-encoding") ?? "");
  return { encoding: ["br", "gzip"].find((name) => accepted.has(name)), varies };
}

/** The encodings that a header names, without those that it refuses by `q=0`. */
function acceptedIn(text) {
  const named = text
    .toLowerCase()
    .split(",", partsMax)
    .map((part) => part.split(";", 2));
  return new Set(
    named
      .filter(([, quality = ""]) => !/^\s*q=0(?:\.0{0,3})?\s*$/.test(quality))
      .map(([name]) => name.trim()),
  );
}

/** Compresses a file once and keeps it: files do not change while they are served. */
export function compressor() {
  const known = new Map();
  let kept = 0;
  return async (path, encoding, file) => {
    const key = `${encoding} ${path}`;
    const before = known.get(key);
    if (before) {
      await file.body?.cancel();
      return before;
    }
    const made = compress(encoding, new Uint8Array(await file.arrayBuffer()));
    if (kept + made.length <= keptBytesMax && !known.has(key)) {
      kept += made.length;
      known.set(key, made);
    }
    return made;
  };
}

/** Some tens of milliseconds for the largest script, once a start; the best quality would be a second. */
function compress(encoding, bytes) {
  if (encoding === "gzip") return zlib.gzipSync(bytes);
  const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_SIZE_HINT: size } = zlib.constants;
  return zlib.brotliCompressSync(bytes, { params: { [quality]: 9, [size]: bytes.length } });
}
