import { Fault } from "../../../src/fault";

/*
 * How keys become names of files. Any key is allowed, so a name holds lower-case letters, digits, `-` and `_` as they
 * are and every other byte as %hh: no `..`, nothing that a file system which ignores case would mix up. A part between
 * two slashes that has 64 bytes or more goes on in a folder whose name ends with `+`. Files end with `.object`. All
 * names of one folder sort by what they stand for in the same order as the keys below them.
 */

const keyBytesMax = 1024;
const partBytes = 64;
const ending = ".object";
/** An empty part between two slashes is a folder too. */
const emptyPart = "=";

/** Relative path of the file that holds an object. Faults: invalid. */
export function objectPath(key: string): string {
  const bytes = Buffer.from(key);
  if (bytes.length === 0 || bytes.length > keyBytesMax || !key.isWellFormed()) {
    throw new Fault("invalid", `A key is 1 to ${keyBytesMax} bytes of valid Unicode.`);
  }
  const folders = bytes.toString("latin1").split("/");
  const last = folders.pop() ?? "";
  return [...folders.flatMap(folderNames), ...fileNames(last)].join("/");
}

/** Keys as bytes, one a character: they compare in the order of the listing. */
export const keyOrder = (key: string): string => Buffer.from(key).toString("latin1");
export const keyOf = (order: string): string => Buffer.from(order, "latin1").toString();

export type Entry = {
  name: string;
  /** What it adds to the key of its folder. */
  adds: string;
  isObject: boolean;
};

/** What a name in a folder stands for; undefined for what is not of this store. */
export function entryOf(name: string): Entry | undefined {
  if (name.endsWith(ending)) {
    const adds = decode(name.slice(0, -ending.length));
    return adds === undefined ? undefined : { name, adds, isObject: true };
  }
  const isPart = name.endsWith("+");
  const part = name === emptyPart ? "" : decode(isPart ? name.slice(0, -1) : name);
  if (part === undefined) return undefined;
  return { name, adds: isPart ? part : `${part}/`, isObject: false };
}

const folderNames = (part: string): string[] => {
  const [rest, parts] = partsOf(part);
  return [...parts, encode(rest) || emptyPart];
};

const fileNames = (part: string): string[] => {
  const [rest, parts] = partsOf(part);
  return [...parts, encode(rest) + ending];
};

function partsOf(part: string): [rest: string, parts: string[]] {
  const parts: string[] = [];
  let at = 0;
  for (; part.length - at >= partBytes; at += partBytes) {
    parts.push(`${encode(part.slice(at, at + partBytes))}+`);
  }
  return [part.slice(at), parts];
}

const encode = (bytes: string): string =>
  bytes.replace(/[^a-z0-9_-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);

function decode(name: string): string | undefined {
  if (/^[a-z0-9_-]*$/.test(name)) return name;
  const bytes = name.replace(/%([0-9a-f]{2})/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  // What another program put here has other names.
  return encode(bytes) === name ? bytes : undefined;
}
