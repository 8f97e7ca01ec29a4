const privateNames = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|localdomain)$/;

/**
 * Why an address that a user typed must not be called, or undefined. Only what can be seen in the address itself:
 * who fetches it must look at the connection too.
 */
export function reasonNotPublic(text: string): string | undefined {
  if (!URL.canParse(text)) return "is not a URL";
  const { protocol, hostname, username, password } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") return "must begin with http:// or https://";
  if (username || password) return "must not hold credentials";
  const host = hostname.replace(/\.$/, "").toLowerCase();
  if (host.startsWith("[")) return isPrivateV6(host.slice(1, -1)) ? isInside : undefined;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isPrivateV4(host) ? isInside : undefined;
  return !host.includes(".") || privateNames.test(host) ? isInside : undefined;
}

const isInside = "must be a public address";

/** IANA's special-purpose registry: this network, private, shared, loopback, link-local, test, multicast, reserved. */
function isPrivateV4(host: string): boolean {
  const [a = 0, b = 0, c = 0] = host.split(".").map(Number);
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    a >= 224 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 192 && b === 0 && (c === 0 || c === 2)) ||
    (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) ||
    (a === 203 && b === 0 && c === 113)
  );
}

/** The URL parser has brought the address into its shortest form; only 2000::/3 is out there. */
function isPrivateV6(address: string): boolean {
  const first = Number.parseInt(address.split(":")[0] || "0", 16);
  const isGlobal = first >= 0x2000 && first < 0x4000;
  // 6to4 and Teredo carry another address inside, documentation is nobody's.
  const isSpecial =
    first === 0x2002 || address.startsWith("2001:0:") || /^2001:(db8)?:/.test(address);
  return !isGlobal || isSpecial;
}
