import type { BlobHead, BlobPut, HttpFields } from "./blob-store";

/** Names as S3 has them, in lower case. */
const headerOf = {
  contentType: "content-type",
  contentLanguage: "content-language",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  cacheControl: "cache-control",
  cacheExpiry: "x-amz-meta-brinkwatch-cache-expiry",
} as const satisfies Record<keyof HttpFields, string>;

const metaPrefix = "x-amz-meta-";
/** All of the metadata, where a header would change names or values. */
const exactly = `${metaPrefix}brinkwatch`;

/**
 * Metadata as headers, so that whoever reads the object by another way finds it. Names of headers have no case and no
 * signs, values only ASCII: then it is also there as it was, as JSON in base64.
 */
export function metadataHeaders({ custom = [], http = {} }: BlobPut): Record<string, string> {
  const plain = custom
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name, value]) => isToken(name) && isPlain(value));
  const isExact =
    plain.length === custom.length && custom.every(([name], at) => name === plain[at]?.[0]);
  const fields = Object.entries(http).map(([name, value]): [string, string] => [
    headerOf[name as keyof HttpFields],
    value,
  ]);
  return Object.fromEntries([
    ...fields,
    ...plain.map(([name, value]) => [metaPrefix + name, value]),
    ...(isExact ? [] : [[exactly, Buffer.from(JSON.stringify(custom)).toString("base64url")]]),
  ]);
}

const isToken = (name: string) =>
  /^[a-z0-9_-]{1,100}$/.test(name) && !name.startsWith("brinkwatch");
const isPlain = (value: string) => /^[!-~]([ -~]*[!-~])?$/.test(value);

/** What the headers of an answer say about an object. */
export function headOf(key: string, headers: Headers): BlobHead {
  const etag = (headers.get("etag") ?? "").replaceAll('"', "");
  const modified = Date.parse(headers.get("last-modified") ?? "");
  const http = Object.entries(headerOf).flatMap(([name, header]) => {
    const value = headers.get(header);
    return value === null ? [] : [[name, value]];
  });
  return {
    key,
    size: Number(headers.get("content-length") ?? 0),
    etag,
    version: etag,
    uploadedAtMs: Number.isNaN(modified) ? 0 : modified,
    custom: customOf(headers),
    http: Object.fromEntries(http),
  };
}

function customOf(headers: Headers): [string, string][] {
  const exact = headers.get(exactly);
  if (exact !== null) return JSON.parse(Buffer.from(exact, "base64url").toString());
  return [...headers]
    .filter(([name]) => name.startsWith(metaPrefix) && !name.startsWith(exactly))
    .map(([name, value]) => [name.slice(metaPrefix.length), value]);
}
