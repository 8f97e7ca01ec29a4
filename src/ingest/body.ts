import { Fault } from "../fault";

/** Reads a body of unknown length and stops as soon as it passes the cap. Faults: too_large. */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length"));
  if (announced > bytesMax) {
    await request.body?.cancel();
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
      await reader.cancel();
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

const tooLarge = (bytesMax: number) =>
  new Fault("too_large", `The request is larger than ${bytesMax} bytes.`);
