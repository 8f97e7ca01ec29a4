const privateNames = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|localdomain)$/;

/**
 * Why an address that a user typed must not be called, or undefined. Only what can be seen in the address itself:
 * who fetches it must look at the connection too.
 */
export function reasonNotPublic(text: string): string | undefined {
  const reason = reasonNotHttp(text);
  if (reason) return reason;
  return isPublicHost(new URL(text).hostname) ? undefined : isInside;
}

/** Why a text is no address that may be asked over HTTP, wherever it leads; undefined where it is one. */
export function reasonNotHttp(text: string): string | undefined {
  if (!URL.canParse(text)) return "is not a URL";
  const { protocol, username, password } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") return "must begin with http:// or https://";
  return username || password ? "must not hold credentials" : undefined;
}

/**
 * Whether a name may be one of the internet, and an address is; as the URL parser writes them, which reads every other
 * spelling of an address (decimal, octal, hexadecimal, shortened, full-width) as the one that is called.
 */
export function isPublicHost(hostname: string): boolean {
  const host = bareHost(hostname);
  if (host.includes(":")) return !isPrivateV6(host);
  if (isDotted(host)) return !isPrivateV4(host);
  return host.includes(".") && !privateNames.test(host);
}

/** Whether it is an address, so that nobody has to be asked which one it stands for. */
export const isAddress = (hostname: string): boolean => {
  const host = bareHost(hostname);
  return host.includes(":") || isDotted(host);
};

/** Without the brackets of an address and the dot at the end of a name. */
export const bareHost = (hostname: string): string =>
  hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();

const isDotted = (host: string) => /^\d+\.\d+\.\d+\.\d+$/.test(host);

export const isInside = "must be a public address";

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
    (a === 192 && b === 88 && c === 99) ||
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
