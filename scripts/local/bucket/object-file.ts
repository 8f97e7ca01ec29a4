import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { z } from "zod";
import { Fault } from "../../../src/fault";
import type { BlobHead, BlobPut } from "./blob-store";

/*
 * One object is one file: its bytes, then what is known about it as JSON, then the length of that JSON and a mark. So
 * one rename commits both, ranges need no arithmetic, and a file that was cut anywhere has no mark at its end.
 */

const mark = Buffer.from("BWOBJECT");
const lengthBytes = 4;
const trailerBytes = lengthBytes + mark.length;
/** Most descriptions are read with the trailer. */
const tailBytes = 2048;
const descriptionBytesMax = 64 * 1024;

const Description = z.object({
  key: z.string(),
  size: z.number(),
  etag: z.string(),
  version: z.string(),
  uploadedAtMs: z.number(),
  custom: z.array(z.tuple([z.string(), z.string()])),
  http: z.record(z.string(), z.string()),
});

/** Writes a whole object to an empty file and answers with what was written at its end. Faults: invalid. */
export async function writeObject(
  file: FileHandle,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  about: BlobPut & Pick<BlobHead, "key" | "version" | "uploadedAtMs">,
): Promise<BlobHead> {
  const md5 = createHash("md5");
  let size = 0;
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    size += chunk.length;
    if (about.size !== undefined && size > about.size) break;
    md5.update(chunk);
    await writeAll(file, chunk);
  }
  if (about.size !== undefined && size !== about.size) {
    throw new Fault("invalid", `The body is not of ${about.size} bytes, as its sender said.`);
  }
  const head: BlobHead = {
    key: about.key,
    size,
    etag: md5.digest("hex"),
    version: about.version,
    uploadedAtMs: about.uploadedAtMs,
    custom: about.custom ?? [],
    http: about.http ?? {},
  };
  const description = Buffer.from(JSON.stringify(head));
  if (description.length > descriptionBytesMax) {
    throw new Fault("invalid", "The metadata of the object is too large.");
  }
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(description.length);
  await writeAll(file, Buffer.concat([description, length, mark]));
  return head;
}

/** A write may take less than it is given, above all on a disk that is nearly full. */
export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at);
    at += bytesWritten;
  }
}

/** What is known about the object in a file; undefined when the file is cut or is something else. */
export async function readDescription(
  file: FileHandle,
  key: string,
): Promise<BlobHead | undefined> {
  const { size } = await file.stat();
  const tail = await readEnd(file, size, Math.min(size, tailBytes));
  if (tail.length < trailerBytes || !tail.subarray(-mark.length).equals(mark)) return undefined;
  const length = tail.readUInt32LE(tail.length - trailerBytes);
  const whole = length + trailerBytes;
  if (length > descriptionBytesMax || whole > size) return undefined;
  const end = whole <= tail.length ? tail : await readEnd(file, size, whole);
  const text = end.subarray(end.length - whole, end.length - trailerBytes).toString();
  const parsed = Description.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.size + whole !== size || parsed.data.key !== key) {
    return undefined;
  }
  return parsed.data;
}

async function readEnd(file: FileHandle, size: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, size - length);
  return buffer.subarray(0, bytesRead);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
