import type { Frame } from "../../events/frames";
import type { NormalEvent } from "../../events/normal-event";
import { isObject, type Json } from "../../protocol/json";

type Image = { start: bigint; end: bigint; name: string };

/**
 * Where in which library a frame without a name is: `liba.so+0x5000`. The offset does not depend on where the library
 * was loaded; without a list of libraries there is only its name. Addresses may be beyond what a number holds.
 */
export function nativePlaces(event: NormalEvent): (frame: Frame) => string | undefined {
  let images: Image[] | undefined;
  return (frame) => {
    const address = addressOf(frame.instruction_addr);
    const library = libraryOf(frame.package ?? "");
    if (address === undefined) return library || undefined;
    const mode = typeof frame.addr_mode === "string" ? frame.addr_mode : "";
    if (mode.startsWith("rel")) return `${library}+0x${address.toString(16)}`;
    const start = addressOf(frame.image_addr);
    if (library && start !== undefined && address >= start) return at(library, address - start);
    images ??= imagesOf(event.debug_meta?.images ?? []);
    const image = images.find((each) => address >= each.start && address < each.end);
    if (!image) return library || undefined;
    return at(library || image.name, address - image.start);
  };
}

const at = (library: string, offset: bigint) => `${library}+0x${offset.toString(16)}`;

const imagesOf = (list: Json[]): Image[] =>
  list.flatMap((image) => {
    if (!isObject(image)) return [];
    const start = addressOf(image.image_addr);
    const size = addressOf(image.image_size);
    const file = [image.code_file, image.debug_file, image.name].find(
      (each) => typeof each === "string",
    );
    if (start === undefined || size === undefined) return [];
    return [{ start, end: start + size, name: libraryOf(typeof file === "string" ? file : "") }];
  });

function addressOf(value: unknown): bigint | undefined {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
  }
  if (typeof value !== "string") return undefined;
  if (/^0x[0-9a-f]{1,16}$/i.test(value)) return BigInt(value);
  if (/^\d{1,19}$/.test(value)) return BigInt(value);
  return /^[0-9a-f]{1,16}$/i.test(value) ? BigInt(`0x${value}`) : undefined;
}

/** The base name of a library without its version: `libc-2.31.so`, `libc.so.6` and `libc.so` are one. */
const libraryOf = (path: string): string =>
  (path.split(/[\\/!]/).at(-1) ?? "")
    .toLowerCase()
    .replace(/(?:-\d{1,6}(?:\.\d{1,6}){0,4})?\.so(?:\.\d{1,6}){0,4}$/, ".so");
