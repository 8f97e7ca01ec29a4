// Answers with the files of `[assets]` as Cloudflare would; runs in workerd over a service that reads them from the disk.

import assets from "./assets.json";
import { compressor, encodingFor } from "./compress-asset.mjs";
import { assetFinder, encodePath, matches } from "./find-asset.mjs";

const { find } = assetFinder(assets);
const files = new Map(
  assets.files.map(([path, etag, contentType, bytes]) => [path, { etag, contentType, bytes }]),
);
const compressed = compressor();

async function answer(request, { FILES }) {
  const { pathname, search } = new URL(request.url);
  const found = find(pathname);
  if (!found) return new Response(null, { status: 404 });
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
  }
  if (found.redirect) {
    return new Response(null, { status: 307, headers: { location: found.redirect + search } });
  }
  const { etag, contentType, bytes } = files.get(found.file);
  const { encoding, varies } = encodingFor(request.headers, contentType, bytes);
  // As Cloudflare does: what is compressed on the way is the same file, if not the same bytes.
  const headers = new Headers({ etag: encoding ? `W/"${etag}"` : `"${etag}"` });
  if (varies) headers.set("vary", "accept-encoding");
  if (contentType) headers.set("content-type", contentType);
  if (!request.headers.has("authorization") && !request.headers.has("range")) {
    headers.set("cache-control", "public, max-age=0, must-revalidate");
  }
  if ([`"${etag}"`, `W/"${etag}"`].includes(request.headers.get("if-none-match"))) {
    return new Response(null, { status: 304, headers });
  }
  const { method } = request;
  const file = await FILES.fetch(`http://files${encodePath(found.file)}`, { method });
  // It was taken away since the start.
  if (!file.ok) return new Response(null, { status: 404 });
  if (encoding) {
    headers.set("content-encoding", encoding);
    const body = method === "HEAD" ? null : await compressed(found.file, encoding, file);
    return new Response(body, { status: found.status, headers, encodeBody: "manual" });
  }
  return new Response(method === "HEAD" ? null : file.body, { status: found.status, headers });
}

/** What `_headers` says comes last; a header that two rules set has both values. */
function withRules(response, pathname) {
  const isSet = new Set();
  for (const { path, set, remove } of assets.headerRules) {
    if (!matches(path, pathname)) continue;
    for (const name of remove) response.headers.delete(name);
    for (const [name, value] of set) {
      if (isSet.has(name.toLowerCase())) response.headers.append(name, value);
      else response.headers.set(name, value);
      isSet.add(name.toLowerCase());
    }
  }
  return response;
}

export default {
  async fetch(request, env) {
    return withRules(await answer(request, env), new URL(request.url).pathname);
  },
};
