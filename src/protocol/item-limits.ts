const mebibyte = 1024 * 1024;

/** Bytes of one payload that are read. An event is stored trimmed; what it was trimmed of has to be read all the same. */
const bytesMaxOf = new Map([
  ["event", 16 * mebibyte],
  ["raw_security", mebibyte],
  ["client_report", mebibyte / 16],
]);

/** Whether nobody will read an item, however well it is formed. Types that are counted only have no limit. */
export const isTooLarge = ({ type, payload }: { type: string; payload: Uint8Array }): boolean =>
  payload.length > (bytesMaxOf.get(type) ?? Number.POSITIVE_INFINITY);
