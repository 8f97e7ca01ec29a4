import { bareHost, isAddress, isInside, isPublicHost, reasonNotHttp } from "./public-url";

/** Where requests to addresses that users typed may go. */
export type OutboundRules = {
  /** Whether networks that are nobody else's may be asked: people watch their own machines. */
  allowsPrivate: boolean;
  /** Servers of this installation, which nobody reaches by an address they typed. Names in lower case. */
  own: readonly OwnServer[];
};

/** Without a port, all of them. */
export type OwnServer = { host: string; port: number | undefined };

/** `host:port` of a URL that the settings name. */
export function ownServerOf(url: string): OwnServer {
  const { hostname, port, protocol } = new URL(url);
  return { host: bareHost(hostname), port: port ? Number(port) : usualPorts.get(protocol) };
}

const usualPorts = new Map([
  ["http:", 80],
  ["https:", 443],
  ["postgres:", 5432],
  ["postgresql:", 5432],
]);

/** Mail, and protocols that a line of HTTP can be smuggled into. */
const forbiddenPorts: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
  103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
  512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
  995, 1719, 1720, 1723, 2049, 3659, 4045, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6697, 10_080,
]);

/** Why an address must not be asked over HTTP, or undefined; what its name stands for is looked at apart. */
export function reasonNotAsked(text: string, rules: OutboundRules): string | undefined {
  const reason = reasonNotHttp(text);
  if (reason) return reason;
  const { hostname, port, protocol } = new URL(text);
  const number = port ? Number(port) : protocol === "http:" ? 80 : 443;
  if (forbiddenPorts.has(number)) return `must not be at port ${number}`;
  return reasonNotReached(hostname, number, rules);
}

/** Mail leaves a machine by this one, and nothing else does. */
const mailPort = 25;

/** Why no connection to a host may be made, or undefined. `hostname` as the URL parser writes it. */
export function reasonNotReached(
  hostname: string,
  port: number,
  rules: OutboundRules,
): string | undefined {
  if (port === mailPort) return `must not be at port ${port}`;
  const host = bareHost(hostname);
  if (isMetadata(host)) return isInside;
  const isPublic = isPublicHost(host);
  if (!isPublic && !rules.allowsPrivate) return isInside;
  return rules.own.some((own) => isOwn(own, host, port, isPublic, rules.allowsPrivate))
    ? "must not be a server of this installation"
    : undefined;
}

/**
 * A server that has no address of the internet can be reached by many: its port is closed at all of them, and at names,
 * which may stand for it, where these are not looked up.
 */
function isOwn(
  own: OwnServer,
  host: string,
  port: number,
  isPublic: boolean,
  allowsPrivate: boolean,
): boolean {
  const hasPort = own.port === undefined || own.port === port;
  if (!hasPort) return false;
  if (own.host === host) return true;
  if (isPublicHost(own.host) || own.port === undefined) return false;
  return !isPublic || (allowsPrivate && !isAddress(host));
}

/** Where machines of clouds are given their credentials; of no use to anybody else. */
function isMetadata(host: string): boolean {
  return (
    /^(::ffff:)?169\.254\./.test(host) ||
    // 169.254.0.0/16, as the URL parser writes it inside an address of IPv6.
    host.startsWith("::ffff:a9fe:") ||
    /^fe[89ab][\da-f]?:/.test(host) ||
    host === "fd00:ec2::254" ||
    host === "metadata.google.internal"
  );
}

const forbiddenHeaders =
  /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|keep-alive|expect|via|forwarded|x-real-ip|proxy-.*|cf-.*|x-forwarded-.*|true-client-ip|sec-.*)$/i;
/** RFC 9110, section 5.6.2. */
const headerName = /^[\w!#$%&'*+.^`|~-]{1,128}$/;

/** Why a header must not be sent, or undefined. */
export function reasonNotSent(name: string, value: string): string | undefined {
  if (!headerName.test(name)) return "is no name of a header";
  if (forbiddenHeaders.test(name)) return "is set by the connection itself";
  // oxlint-disable-next-line no-control-regex -- What a header cannot hold.
  return /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/.test(value)
    ? "has characters that no header can hold"
    : undefined;
}

/** Sent to the origin that they were meant for alone: who answers with a redirect elsewhere is not given them. */
export const isForOneOrigin = (header: string): boolean =>
  !/^(accept|accept-language|accept-encoding|content-type|cache-control|user-agent)$/i.test(header);
