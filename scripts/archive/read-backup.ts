import { createHash } from "node:crypto";
import { accessSync, constants, createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { Header, Manifest, type Member } from "./manifest";
import { readTar, type TarMember } from "./tar";

export type Verified = { header: Header; manifest: Manifest };

/** Of everything but objects, which are streams. */
const memberBytesMax = 1024 * 1024 * 1024;

/** The members of a backup. Throws with words where the file is damaged or cut. */
export async function* backupMembers(file: string): AsyncGenerator<TarMember> {
  accessSync(file, constants.R_OK);
  const read = createReadStream(file, { highWaterMark: 256 * 1024 });
  const unpacked = createGunzip();
  read.on("error", (error) => unpacked.destroy(error));
  try {
    yield* readTar(read.pipe(unpacked), file);
  } finally {
    read.destroy();
    unpacked.destroy();
  }
}

/** Reads a backup from end to end and compares all checksums. Throws when anything is missing or changed. */
export async function verifyBackup(file: string): Promise<Verified> {
  let header: Header | undefined;
  let manifest: Manifest | undefined;
  const found = new Map<string, string>();
  const objects = { count: 0, hash: createHash("sha256") };
  for await (const member of backupMembers(file)) {
    if (member.name.startsWith("objects/")) {
      objects.count++;
      for await (const chunk of member.body) objects.hash.update(chunk);
      continue;
    }
    const bytes = await wholeOf(member);
    found.set(member.name, createHash("sha256").update(bytes).digest("hex"));
    if (member.name === "header.json") header = parsed(file, Header, bytes);
    if (member.name === "manifest.json") manifest = parsed(file, Manifest, bytes);
  }
  if (!header || !manifest) throw new Error(`${file} is not whole: its end is missing.`);
  found.delete("manifest.json");
  const said = manifest.objects ?? { count: 0 };
  const isWhole =
    manifest.members.length === found.size &&
    manifest.members.every(({ name, sha256 }) => found.get(name) === sha256) &&
    objects.count === said.count &&
    (!manifest.objects || objects.hash.digest("hex") === manifest.objects.sha256);
  if (!isWhole) throw new Error(`${file} is damaged: its checksums do not fit.`);
  return { header, manifest };
}

function parsed<T>(file: string, schema: { parse(value: unknown): T }, bytes: Buffer): T {
  try {
    return schema.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    throw new Error(`${file} is no backup that this version reads.`, { cause: error });
  }
}

export async function wholeOf({ name, size, body }: TarMember): Promise<Buffer> {
  if (size > memberBytesMax) throw new Error(`${name} is too large.`);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export const partsOf = (manifest: Manifest): Map<string, Member> =>
  new Map(manifest.members.map((member) => [member.name, member]));
