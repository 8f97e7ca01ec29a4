import { dictionaryOf } from "../protocol/dictionary";
import { isObject, type JsonObject } from "../protocol/json";
import { readAddress, readAddresses } from "../protocol/network-address";
import { isNothing, objectIn, saysAnything } from "./expected";
import { exactly, noteError, type Report } from "./report";
import { textOf } from "./text";
import { clip } from "./tree";

export type Geo = { country_code?: string; city?: string; region?: string; subdivision?: string };

export type User = {
  id?: string;
  username?: string;
  email?: string;
  name?: string;
  ip_address?: string;
  geo?: Geo;
  data?: JsonObject;
};

/** The connection that brought the event: what may stand in for an address that the SDK left to us. */
export type Connection = { ip?: string; geo?: Geo };

const dataLimits = { depth: 4, chars: 4096, stringChars: 1024, members: 50 };
const clientPlatforms = new Set(["javascript", "cocoa", "objc"]);
const fields = ["id", "username", "email", "name"] as const;

/**
 * The person and their address. `inferIp` is `sdk.settings.infer_ip`: "auto" fills a missing address from the
 * connection, "never" nothing; without it `{{auto}}` and client-side platforms do (older SDKs).
 * An address that was given is never replaced; the text `{{auto}}` is never kept.
 */
export function normalizeUser(
  value: unknown,
  context: {
    platform: string;
    inferIp: unknown;
    remoteAddress: string | undefined;
    connection: Connection;
  },
  report: Report,
): User | undefined {
  const source = objectIn(report, "user", value) ?? {};
  const user: User = {};
  for (const key of fields) {
    const text = textOf(exactly(source[key], report), 256);
    if (text) user[key] = text;
  }
  const given = addressOf(source.ip_address, report);
  const address = given ?? inferredAddress(source.ip_address, context);
  const place = objectIn(report, "user.geo", source.geo) ?? {};
  const geo = geoOf(place);
  if (!geo && saysAnything(place)) noteError(report, "invalid_data", "user.geo", place);
  const ownGeo = address && address === context.connection.ip ? context.connection.geo : undefined;
  if (geo ?? ownGeo) user.geo = geo ?? ownGeo;
  if (address) user.ip_address = address;

  const known = new Set<string>([...fields, "ip_address", "geo", "data"]);
  const extra = Object.entries(source).filter(([key, each]) => !known.has(key) && each !== null);
  const data = {
    ...dictionaryOf(extra),
    ...(isObject(source.data) ? source.data : !isNothing(source.data) && { data: source.data }),
  };
  if (Object.keys(data).length > 0)
    user.data = clip(data, dataLimits, report, "user.data") as JsonObject;
  return Object.keys(user).length > 0 ? user : undefined;
}

function inferredAddress(
  given: unknown,
  context: {
    platform: string;
    inferIp: unknown;
    remoteAddress: string | undefined;
    connection: Connection;
  },
): string | undefined {
  const { connection, inferIp, platform } = context;
  const remoteAddress = context.remoteAddress && readAddresses(context.remoteAddress)[0];
  const auto = given === "{{auto}}";
  if (inferIp === "auto") return remoteAddress && !auto ? remoteAddress : connection.ip;
  if (inferIp !== undefined && inferIp !== null) return undefined;
  if (auto) return connection.ip;
  if (remoteAddress) return remoteAddress;
  return clientPlatforms.has(platform) ? connection.ip : undefined;
}

const addressCharsMax = 1024;

/** The address that was given, which of several is the client's own; what is left out of it leaves a note. */
function addressOf(value: unknown, report: Report): string | undefined {
  const list = Array.isArray(value) ? value.slice(0, 32).join() : value;
  if (isNothing(list) || list === "{{auto}}") return undefined;
  const text = typeof list === "string" && list.length <= addressCharsMax ? list.trim() : "";
  const only = readAddress(text);
  if (!only) noteError(report, "invalid_data", "user.ip_address", value);
  return only ?? readAddresses(text)[0];
}

function geoOf(value: JsonObject): Geo | undefined {
  const geo: Geo = {};
  for (const key of ["country_code", "city", "region", "subdivision"] as const) {
    const text = textOf(value[key], 128);
    if (text) geo[key] = text;
  }
  return Object.keys(geo).length > 0 ? geo : undefined;
}

/** What makes a person distinct: `id:…`, else username, email or address. */
export function identityOf(user: User | undefined): string | undefined {
  if (!user) return undefined;
  if (user.id) return `id:${user.id}`;
  if (user.username) return `username:${user.username}`;
  if (user.email) return `email:${user.email}`;
  return user.ip_address ? `ip:${user.ip_address}` : undefined;
}
