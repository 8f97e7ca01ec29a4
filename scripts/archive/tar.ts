/*
 * Tar as POSIX has it (ustar), for members with short names of our own making: what `tar -tzf` can list. A library for
 * it would bring native code along.
 */

const blockBytes = 512;
const nameBytesMax = 100;
/** Eleven octal digits. */
const sizeMax = 8 ** 11 - 1;

/** The block before a member. */
export function tarHeader(name: string, size: number, mode: number, modifiedAtMs: number): Buffer {
  if (Buffer.byteLength(name) > nameBytesMax || size > sizeMax) {
    throw new Error(`${name} does not fit into a tar file.`);
  }
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  block.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(Math.floor(modifiedAtMs / 1000), 136, 12);
  block.write("0ustar\x0000", 156, "latin1");
  block.write("        ", 148, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** What fills the last block of a member. */
export const tarPadding = (size: number): Buffer =>
  Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);

export const tarEnd = (): Buffer => Buffer.alloc(2 * blockBytes);

export type TarMember = {
  name: string;
  size: number;
  /** What is not read of it is passed over. */
  body: AsyncGenerator<Buffer>;
};

/** The members of a tar file, one after another. Throws, naming the file, where it is cut or damaged. */
export async function* readTar(
  stream: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<TarMember> {
  const damaged = (why: string, cause?: unknown) =>
    new Error(`${file} is damaged or not whole: ${why}`, { cause });
  const bytes = byteSource(stream, damaged);
  for (;;) {
    const block = await bytes.whole(blockBytes);
    // To its very end: the sum of all bytes stands there.
    if (block.every((byte) => byte === 0)) return bytes.passOver();
    const header = parseHeader(block);
    if (!header) throw damaged("a header does not fit");
    const { name, size } = header;
    const body = bytes.pieces(size);
    yield { name, size, body };
    for await (const _ of body);
    await bytes.whole(tarPadding(size).length);
  }
}

function parseHeader(block: Buffer): { name: string; size: number } | undefined {
  const text = (at: number, length: number) =>
    block
      .toString("latin1", at, at + length)
      .split("\0")[0]
      ?.trim() ?? "";
  const said = Number.parseInt(text(148, 8), 8);
  const blank = Buffer.from(block).fill(" ", 148, 156);
  if (said !== blank.reduce((total, byte) => total + byte, 0)) return undefined;
  return { name: text(0, nameBytesMax), size: Number.parseInt(text(124, 12), 8) };
}

function byteSource(
  stream: AsyncIterable<Buffer>,
  damaged: (why: string, cause?: unknown) => Error,
) {
  const chunks = stream[Symbol.asyncIterator]();
  const read = () =>
    chunks.next().catch((error: Error) => {
      throw damaged(error.message, error);
    });
  let held: Buffer = Buffer.alloc(0);
  const next = async (max: number): Promise<Buffer> => {
    while (held.length === 0) {
      const { value, done } = await read();
      if (done) throw damaged("it ends early");
      held = value;
    }
    const piece = held.subarray(0, max);
    held = held.subarray(piece.length);
    return piece;
  };
  const pieces = async function* (length: number) {
    for (let left = length; left > 0; ) {
      const piece = await next(left);
      left -= piece.length;
      yield piece;
    }
  };
  return {
    pieces,
    passOver: async () => {
      while (!(await read()).done);
    },
    whole: async (length: number) => {
      const all: Buffer[] = [];
      for await (const piece of pieces(length)) all.push(piece);
      return Buffer.concat(all);
    },
  };
}
