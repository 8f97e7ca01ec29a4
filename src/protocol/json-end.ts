const quote = 34;
const backslash = 92;

/** Position after the list or object that begins at `start`; -1 where there is none, or it never ends. One pass. */
export function endOfJson(json: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) at = endOfText(json, at);
    else if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
    if (depth === 0) return byte === 0x5d || byte === 0x7d ? at + 1 : -1;
  }
  return -1;
}

/** Position of the quote that ends the text whose first quote is at `start`. */
export function endOfText(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
  return at;
}
