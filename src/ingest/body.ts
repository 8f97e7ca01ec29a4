import { Fault } from "../fault";

/**
 * A client that is cut off while it sends sees a broken connection instead of the answer. So a body that is too
 * large is read on and thrown away, up to this many times the cap.
 */
const drainedCapsMax = 4;

/** Reads a body of unknown length and keeps no more than the cap of it. Faults: too_large. */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length"));
  if (announced > bytesMax) {
    if (request.body) await drain(request.body.getReader(), bytesMax * drainedCapsMax);
    throw tooLarge(bytesMax);
  }
  // A length within the cap was promised and the runtime holds the client to it.
  if (announced > 0) return new Uint8Array(await request.arrayBuffer());
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > bytesMax) {
      chunks.length = 0;
      await drain(reader, bytesMax * drainedCapsMax - size);
      throw tooLarge(bytesMax);
    }
    chunks.push(value);
  }
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

async function drain(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  bytesMax: number,
): Promise<void> {
  for (let left = bytesMax; left > 0; ) {
    const { done, value } = await reader.read();
    if (done) return;
    left -= value.length;
  }
  await reader.cancel();
}

const tooLarge = (bytesMax: number) =>
  new Fault("too_large", `The request is larger than ${bytesMax} bytes.`);
