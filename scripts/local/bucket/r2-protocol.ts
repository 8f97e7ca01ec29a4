import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { Fault } from "../../../src/fault";
import type { BlobHead, BlobRange, BlobStore } from "./blob-store";
import { R2Request, type R2RequestOf } from "./r2-requests";

/** 1000 keys of 1 KB, with room for escapes. */
const requestBytesMax = 8 * 1024 * 1024;
/** What R2 allows, in bytes of UTF-8. */
const customBytesMax = 2048;
const listLimit = 1000;

/**
 * Answers what the `r2Bucket` binding of workerd sends: a request as JSON in a header, or before the body, and the
 * answer as JSON before the object's bytes. Never throws.
 */
export async function answerR2(
  store: BlobStore,
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void,
): Promise<void> {
  try {
    const { asked, body, bodySize } =
      request.method === "PUT" ? await requestBeforeBody(request) : requestInHeader(request);
    switch (asked.method) {
      case "head":
        return answerJson(response, r2Object(await found(store.head(asked.object))));
      case "get":
        return await answerObject(store, asked, response);
      case "put":
        assertMetadata(asked.customFields ?? []);
        return answerJson(
          response,
          r2Object(
            await store.put(asked.object, body, {
              ...(bodySize !== undefined && { size: bodySize }),
              custom: asked.customFields ?? [],
              http: asked.httpFields ?? {},
            }),
          ),
        );
      case "delete":
        await store.delete(asked.objects ?? (asked.object === undefined ? [] : [asked.object]));
        response.writeHead(200).end();
        return;
      case "list":
        return answerJson(response, await listed(store, asked));
    }
  } catch (error) {
    answerError(request, response, error, log);
  }
}

type Asked = { asked: R2Request; body: AsyncIterable<Uint8Array>; bodySize?: number };

function requestInHeader(request: IncomingMessage): Asked {
  const header = request.headers["cf-r2-request"];
  if (typeof header !== "string")
    throw new Fault("invalid", "The header cf-r2-request is missing.");
  // Node reads headers as Latin-1, workerd writes UTF-8.
  return { asked: parse(Buffer.from(header, "latin1")), body: nothing() };
}

async function requestBeforeBody(request: IncomingMessage): Promise<Asked> {
  const size = Number(request.headers["cf-r2-metadata-size"]);
  if (!Number.isInteger(size) || size <= 0 || size > requestBytesMax) {
    throw new Fault("invalid", "The header cf-r2-metadata-size is missing or too large.");
  }
  const chunks: AsyncIterator<Buffer> = request[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  for (let bytes = 0; bytes < size; ) {
    const { value, done } = await chunks.next();
    if (done) throw new Fault("invalid", "The request ended early.");
    read.push(value);
    bytes += value.length;
  }
  const start = Buffer.concat(read);
  const length = Number(request.headers["content-length"] ?? Number.NaN);
  return {
    asked: parse(start.subarray(0, size)),
    body: rest(start.subarray(size), chunks),
    ...(Number.isInteger(length) && { bodySize: length - size }),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* rest(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

function parse(bytes: Buffer): R2Request {
  const parsed = R2Request.safeParse(JSON.parse(bytes.toString()));
  if (parsed.success) return parsed.data;
  const words = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Fault("unsupported", `This bucket does not know such a request: ${words.join("; ")}`);
}

async function found<T>(reading: Promise<T | undefined>): Promise<T> {
  const result = await reading;
  if (result === undefined) throw new Fault("not_found", "The specified key does not exist.");
  return result;
}

function assertMetadata(pairs: [string, string][]): void {
  const bytes = pairs.reduce((sum, pair) => sum + Buffer.byteLength(pair.join("")), 0);
  if (bytes > customBytesMax) {
    throw new Fault("too_large", `The metadata of an object is at most ${customBytesMax} bytes.`);
  }
}

async function answerObject(
  store: BlobStore,
  asked: R2RequestOf<"get">,
  response: ServerResponse,
): Promise<void> {
  const { head, offset, length, body } = await found(store.get(asked.object, rangeOf(asked)));
  const about = Buffer.from(JSON.stringify({ ...r2Object(head), range: { offset, length } }));
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": about.length + length,
    "cf-r2-metadata-size": about.length,
  });
  response.write(about);
  await pipeline(body, response);
}

function rangeOf({ range, rangeHeader }: R2RequestOf<"get">): BlobRange | undefined {
  if (rangeHeader !== undefined) return rangeOfHeader(rangeHeader);
  if (!range) return undefined;
  const { suffix, offset, length } = range;
  if (suffix !== undefined) return { suffix };
  return { ...(offset !== undefined && { offset }), ...(length !== undefined && { length }) };
}

/** One range of bytes (RFC 9110, section 14.1.2); what is none is no range, as HTTP has it. */
function rangeOfHeader(header: string): BlobRange | undefined {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim()) ?? [];
  if (first === "") return last === "" ? undefined : { suffix: Number(last) };
  if (last === "") return { offset: Number(first) };
  if (Number(last) < Number(first)) return undefined;
  return { offset: Number(first), length: Number(last) - Number(first) + 1 };
}

async function listed(store: BlobStore, asked: R2RequestOf<"list">) {
  const starts = [asked.startAfter, asked.cursor && decodeCursor(asked.cursor)];
  const after = starts
    .filter((start) => start !== undefined && start !== "")
    .sort()
    .at(-1);
  const page = await store.list({
    limit: asked.limit ?? listLimit,
    ...(asked.prefix !== undefined && { prefix: asked.prefix }),
    ...(after !== undefined && { after }),
    withMetadata: (asked.include ?? []).length > 0,
  });
  return {
    objects: page.blobs.map(r2Object),
    truncated: page.next !== undefined,
    ...(page.next !== undefined && { cursor: encodeCursor(page.next) }),
    delimitedPrefixes: [],
  };
}

const encodeCursor = (key: string) => Buffer.from(key).toString("base64url");
const decodeCursor = (cursor: string) => Buffer.from(cursor, "base64url").toString();

/** An object in the words of workerd. */
const r2Object = (head: BlobHead) => ({
  name: head.key,
  version: head.version,
  size: head.size,
  etag: head.etag,
  uploaded: head.uploadedAtMs,
  httpFields: head.http,
  customFields: head.custom.map(([k, v]) => ({ k, v })),
  checksums: /^[0-9a-f]{32}$/.test(head.etag) ? { 0: head.etag } : {},
});

function answerJson(response: ServerResponse, content: unknown): void {
  const body = Buffer.from(JSON.stringify(content));
  response
    .writeHead(200, {
      "content-type": "application/json",
      "content-length": body.length,
      "cf-r2-metadata-size": body.length,
    })
    .end(body);
}

/** R2's own numbers for what a program may want to tell apart. */
const codes: Partial<Record<Fault["kind"], number>> = {
  not_found: 10007,
  invalid: 10029,
  too_large: 10012,
  unprocessable: 10039,
  unsupported: 10029,
};
const internalError = 10001;

function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  log: (line: string) => void,
): void {
  const isKnown = error instanceof Fault && error.kind !== "unavailable";
  if (!isKnown && !request.destroyed) log(`The bucket: ${(error as Error).message}`);
  // Bytes that are announced cannot be taken back; a body that is too short says that it is not whole.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const fault = error instanceof Fault ? error : undefined;
  const message = fault?.message ?? "The bucket failed; its log says why.";
  const status = fault?.status === 422 ? 416 : (fault?.status ?? 500);
  request.resume();
  response
    .writeHead(status, {
      "content-length": 0,
      "cf-r2-error": headerJson({
        version: 1,
        v4code: (fault && codes[fault.kind]) ?? internalError,
        message,
      }),
    })
    .end();
}

/** Headers are ASCII. */
const headerJson = (value: unknown) =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
