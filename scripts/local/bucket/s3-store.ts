import { Readable } from "node:stream";
import { Fault } from "../../../src/fault";
import type { BlobHead, BlobRange, BlobStore, OpenBlob } from "./blob-store";
import { inGroups } from "./in-groups";
import { type S3Answer, type S3Settings, s3Client, textIn } from "./s3-client";
import { headOf, metadataHeaders } from "./s3-headers";
import { elementsOf, textOf } from "./s3-xml";

/** Objects up to this size are sent at once, larger ones in parts of it: so much of a body is in memory. */
const partBytes = 8 * 1024 * 1024;
const partsMax = 10_000;
const requestsAtOnce = 16;
const listLimit = 1000;

/** Objects of any S3-compatible store: R2, MinIO, Garage, S3 itself. */
export function s3Store(settings: S3Settings): BlobStore {
  const ask = s3Client(settings);
  const base = `${settings.endpoint.replace(/\/$/, "")}/${settings.bucket}`;
  const urlOf = (key: string) => `${base}/${pathOf(key)}`;

  const head = async (key: string) => {
    const { status, headers, body } = await ask(urlOf(key), { method: "HEAD", expected: [404] });
    body.resume();
    return status === 404 ? undefined : headOf(key, headers);
  };
  return {
    head,
    put: async (key, body, about) => {
      const headers = metadataHeaders(about);
      const parts = inParts(body, about.size);
      const first = (await parts.next()).value ?? new Uint8Array();
      const second = first.length < partBytes ? undefined : (await parts.next()).value;
      if (second === undefined) {
        (await ask(urlOf(key), { method: "PUT", body: first, headers })).body.resume();
      } else {
        await putInParts(ask, urlOf(key), headers, chained([first, second], parts));
      }
      const made = await head(key);
      if (!made) throw new Fault("unavailable", "The object is gone right after it was written.");
      return made;
    },
    get: async (key, range) => {
      const answer = await ask(urlOf(key), { headers: rangeHeader(range), expected: [404, 416] });
      if (answer.status < 300) return opened(key, answer);
      answer.body.resume();
      return answer.status === 404 ? undefined : emptyOrRefused(await head(key), range);
    },
    delete: (keys) =>
      inGroups(keys, requestsAtOnce, async (key) => {
        (await ask(urlOf(key), { method: "DELETE", expected: [404] })).body.resume();
      }).then(() => undefined),
    list: async ({ prefix, after, limit, withMetadata }) => {
      const query = {
        "list-type": "2",
        "encoding-type": "url",
        "max-keys": String(Math.min(limit, listLimit)),
        ...(prefix && { prefix }),
        ...(after && { "start-after": after }),
      };
      const words = Object.entries(query).map(
        ([name, value]) => `${name}=${encodeStrictly(value)}`,
      );
      const xml = await textIn(await ask(`${base}?${words.join("&")}`));
      const blobs = elementsOf(xml, "Contents").map(listedBlob);
      const next = textOf(xml, "IsTruncated") === "true" ? blobs.at(-1)?.key : undefined;
      // A listing of S3 says nothing of an object's metadata.
      const heads = withMetadata
        ? await inGroups(blobs, requestsAtOnce, ({ key }) => head(key))
        : blobs;
      return {
        blobs: heads.filter((each) => each !== undefined),
        ...(next !== undefined && { next }),
      };
    },
  };
}

async function putInParts(
  ask: ReturnType<typeof s3Client>,
  url: string,
  headers: Record<string, string>,
  parts: AsyncIterable<Uint8Array>,
): Promise<void> {
  const started = await textIn(await ask(`${url}?uploads=`, { method: "POST", headers }));
  const upload = `uploadId=${encodeStrictly(textOf(started, "UploadId") ?? "")}`;
  try {
    const done: string[] = [];
    for await (const body of parts) {
      const number = done.length + 1;
      if (number > partsMax) throw new Fault("too_large", "The object has too many parts.");
      const answer = await ask(`${url}?partNumber=${number}&${upload}`, { method: "PUT", body });
      answer.body.resume();
      const etag = `<ETag>${answer.headers.get("etag")}</ETag>`;
      done.push(`<Part><PartNumber>${number}</PartNumber>${etag}</Part>`);
    }
    const body = `<CompleteMultipartUpload>${done.join("")}</CompleteMultipartUpload>`;
    const answer = await textIn(await ask(`${url}?${upload}`, { method: "POST", body }));
    // S3 answers 200 before it knows how it ends.
    if (answer.includes("<Error>")) {
      throw new Fault("unavailable", "The S3 store could not join the parts of an object.");
    }
  } catch (error) {
    await ask(`${url}?${upload}`, { method: "DELETE", expected: [404] }).then(
      ({ body }) => body.resume(),
      () => undefined,
    );
    throw error;
  }
}

/** A body in pieces of `partBytes`, the last one shorter. Faults: invalid (another size than was said). */
async function* inParts(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  size: number | undefined,
): AsyncGenerator<Uint8Array, undefined> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let bytes = 0;
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    bytes += chunk.length;
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + partBytes - heldBytes);
      held.push(piece);
      heldBytes += piece.length;
      at += piece.length;
      if (heldBytes < partBytes) continue;
      yield Buffer.concat(held);
      held = [];
      heldBytes = 0;
    }
  }
  if (size !== undefined && bytes !== size) {
    throw new Fault("invalid", `The body is not of ${size} bytes, as its sender said.`);
  }
  if (heldBytes > 0) yield Buffer.concat(held);
  return undefined;
}

async function* chained<T>(first: T[], rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield* first;
  yield* rest;
}

function rangeHeader(range: BlobRange | undefined): Record<string, string> {
  if (!range) return {};
  if ("suffix" in range) return { range: `bytes=-${range.suffix}` };
  const { offset = 0, length } = range;
  return { range: `bytes=${offset}-${length === undefined ? "" : offset + length - 1}` };
}

/** No range is inside of an object without bytes, also not all of it. */
function emptyOrRefused(
  head: BlobHead | undefined,
  range: BlobRange | undefined,
): OpenBlob | undefined {
  if (head?.size === 0 && (!range || ("suffix" in range ? range.suffix > 0 : !range.offset))) {
    return { head, offset: 0, length: 0, body: Readable.from([]) };
  }
  throw new Fault("unprocessable", "The requested range is not in the object.");
}

function opened(key: string, { headers, body }: S3Answer): OpenBlob {
  const head = headOf(key, headers);
  const [, first, last, size] =
    /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers.get("content-range") ?? "") ?? [];
  if (first === undefined) return { head, offset: 0, length: head.size, body };
  const length = Number(last) - Number(first) + 1;
  return { head: { ...head, size: Number(size) }, offset: Number(first), length, body };
}

function listedBlob(xml: string): BlobHead {
  const etag = (textOf(xml, "ETag") ?? "").replaceAll('"', "");
  return {
    key: decodeURIComponent((textOf(xml, "Key") ?? "").replaceAll("+", " ")),
    size: Number(textOf(xml, "Size")),
    etag,
    version: etag,
    uploadedAtMs: Date.parse(textOf(xml, "LastModified") ?? ""),
    custom: [],
    http: {},
  };
}

/** Addresses know no parts `.` and `..`, however they are written: such a key would name something else. */
function pathOf(key: string): string {
  const parts = key.split("/");
  if (key === "" || !key.isWellFormed() || parts.some((part) => part === "." || part === "..")) {
    throw new Fault("invalid", "An S3 store has no object of such a key.");
  }
  return parts.map(encodeStrictly).join("/");
}

/** As the signature wants it: everything but unreserved characters (RFC 3986). */
const encodeStrictly = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
