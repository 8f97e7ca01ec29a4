const addressCharsMax = 100;
const portMax = 65_535;
/** Proxies add one each. */
const listMax = 32;

/**
 * One IPv4 or IPv6 address, as gateways and frameworks write it: with a port, in brackets, in quotes, with the zone of a
 * link, as `for=…` of RFC 7239. What is left is the address alone, so that each connection is no other person. Undefined
 * for everything else: nothing here is nearly an address.
 */
export function readAddress(text: string): string | undefined {
  if (text.length > addressCharsMax) return undefined;
  const bare = text.split(";", 1)[0]?.trim().replace(/^for=/i, "").replace(/^"|"$/g, "");
  if (bare === undefined) return undefined;
  const [, inner, innerPort] = /^\[([^\]]{2,64})\](?::(\d{1,5}))?$/.exec(bare) ?? [];
  if (inner !== undefined) return isPort(innerPort) ? readV6(inner) : undefined;
  const [, dotted, port] = /^([\d.]{7,15})(?::(\d{1,5}))?$/.exec(bare) ?? [];
  if (dotted !== undefined) return isV4(dotted) && isPort(port) ? dotted : undefined;
  return readV6(bare);
}

/** The addresses in a list like that of X-Forwarded-For, the client's own first; parts that are none are left out. */
export const readAddresses = (text: string): string[] =>
  text.split(",", listMax).flatMap((part) => readAddress(part) ?? []);

const isPort = (port: string | undefined) => port === undefined || Number(port) <= portMax;

function isV4(text: string): boolean {
  const parts = text.split(".");
  // A zero before other digits is octal for some readers and decimal for others.
  return parts.length === 4 && parts.every((part) => octet.test(part) && Number(part) <= 255);
}

const octet = /^(?:0|[1-9]\d{0,2})$/;

/** RFC 4291; the zone says which of our own links it was. */
function readV6(text: string): string | undefined {
  const address = text.replace(/%[\w.-]{1,32}$/, "");
  const halves = address.split("::");
  if (halves.length > 2 || !address.includes(":")) return undefined;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const dotted = last.includes(".");
  if (dotted && (!isV4(last) || !address.endsWith(last))) return undefined;
  const hex = dotted ? groups.slice(0, -1) : groups;
  if (!hex.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  const count = hex.length + (dotted ? 2 : 0);
  return (halves.length === 2 ? count <= 7 : count === 8) ? address : undefined;
}
