import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { S3Settings } from "../../../scripts/local/bucket/s3-client";
import { listen } from "../../../scripts/local/neon-bridge";

type Kept = { bytes: Buffer; etag: string; headers: Record<string, string> };

export type S3Stub = {
  settings: S3Settings;
  objects: Map<string, Kept>;
  /** What was asked, as method and path. */
  asked: string[];
  /** Of the next requests, the first ones are answered with these statuses. */
  failures: number[];
  uploads: Map<string, Upload>;
  close(): Promise<void>;
};
type Upload = { key: string; headers: Record<string, string>; parts: Map<number, Buffer> };

/** As much of S3 as a client needs, in memory. It checks each signature by its own arithmetic. */
export async function startS3Stub(): Promise<S3Stub> {
  const settings = {
    bucket: "brinkwatch",
    region: "auto",
    accessKeyId: "an-access-key",
    secretAccessKey: "a-secret-key",
  };
  const stub = {
    objects: new Map<string, Kept>(),
    asked: [] as string[],
    failures: [] as number[],
    uploads: new Map<string, Upload>(),
  };
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? "", "http://stub");
    stub.asked.push(`${request.method} ${url.pathname}`);
    const failure = stub.failures.shift();
    if (failure) return fail(response, failure, "SlowDown");
    if (!isSigned(request, url, body, settings)) {
      return fail(response, 403, "SignatureDoesNotMatch");
    }
    const [, bucket = "", ...rest] = url.pathname.split("/");
    if (bucket !== settings.bucket) return fail(response, 404, "NoSuchBucket");
    answer(stub, { request, response, url, body, key: decodeURIComponent(rest.join("/")) });
  };
  const server = createServer((request, response) => void take(request, response));
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return {
    ...stub,
    settings: { ...settings, endpoint: `http://127.0.0.1:${port}` },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  body: Buffer;
  key: string;
};

function answer(stub: Omit<S3Stub, "settings" | "close">, exchange: Exchange): void {
  const { request, response, url, body, key } = exchange;
  const query = url.searchParams;
  const upload = stub.uploads.get(query.get("uploadId") ?? "");
  if (key === "") return list(stub.objects, query, response);
  if (query.has("uploads")) {
    const id = `upload+/${stub.uploads.size}`;
    stub.uploads.set(id, { key, headers: keptHeaders(request), parts: new Map() });
    return xml(response, `<R><UploadId>${id}</UploadId></R>`);
  }
  if (query.has("uploadId") && !upload) return fail(response, 404, "NoSuchUpload");
  if (upload && request.method === "PUT") {
    upload.parts.set(Number(query.get("partNumber")), body);
    response.writeHead(200, { etag: `"${md5(body)}"` }).end();
    return;
  }
  if (upload && request.method === "POST") {
    const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)</g)].map(([, n]) => Number(n));
    const bytes = Buffer.concat(numbers.map((n) => upload.parts.get(n) ?? Buffer.alloc(0)));
    const etag = `${md5(bytes)}-${numbers.length}`;
    stub.objects.set(upload.key, { bytes, etag, headers: upload.headers });
    stub.uploads.delete(query.get("uploadId") ?? "");
    return xml(response, `<R><ETag>"${etag}"</ETag></R>`);
  }
  if (upload) {
    stub.uploads.delete(query.get("uploadId") ?? "");
    response.writeHead(204).end();
    return;
  }
  if (request.method === "PUT") {
    stub.objects.set(key, { bytes: body, etag: md5(body), headers: keptHeaders(request) });
    response.writeHead(200).end();
    return;
  }
  if (request.method === "DELETE") {
    stub.objects.delete(key);
    response.writeHead(204).end();
    return;
  }
  read(stub.objects.get(key), request, response);
}

function read(kept: Kept | undefined, request: IncomingMessage, response: ServerResponse): void {
  if (!kept) return fail(response, 404, "NoSuchKey");
  const { bytes, etag } = kept;
  const headers = {
    ...kept.headers,
    etag: `"${etag}"`,
    "last-modified": new Date(0).toUTCString(),
  };
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (first === "" && last === "") {
    response.writeHead(200, { ...headers, "content-length": bytes.length });
    response.end(request.method === "HEAD" ? undefined : bytes);
    return;
  }
  const start = first === "" ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const end = first === "" || last === "" ? bytes.length : Math.min(bytes.length, Number(last) + 1);
  if (start >= bytes.length) return fail(response, 416, "InvalidRange");
  response.writeHead(206, {
    ...headers,
    "content-length": end - start,
    "content-range": `bytes ${start}-${end - 1}/${bytes.length}`,
  });
  response.end(bytes.subarray(start, end));
}

function list(objects: Map<string, Kept>, query: URLSearchParams, response: ServerResponse): void {
  const after = Buffer.from(query.get("start-after") ?? "");
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(query.get("prefix") ?? ""))
    .filter((key) => after.length === 0 || Buffer.compare(Buffer.from(key), after) > 0)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const page = keys.slice(0, Number(query.get("max-keys")));
  const contents = page.map((key) => {
    const { bytes, etag } = objects.get(key) ?? { bytes: Buffer.alloc(0), etag: "" };
    return `<Contents><Key>${encodeURIComponent(key)}</Key><Size>${bytes.length}</Size><ETag>&quot;${etag}&quot;</ETag><LastModified>1970-01-01T00:00:00.000Z</LastModified></Contents>`;
  });
  const isTruncated = `<IsTruncated>${page.length < keys.length}</IsTruncated>`;
  xml(response, `<ListBucketResult>${isTruncated}${contents.join("")}</ListBucketResult>`);
}

const keptHeaders = (request: IncomingMessage) =>
  Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) =>
        /^(x-amz-meta-|content-(type|language|disposition|encoding)$|cache)/.test(name),
      )
      .map(([name, value]) => [name, String(value)]),
  );

const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("hex");

function xml(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "application/xml" }).end(text);
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status).end(`<Error><Code>${code}</Code><Message>No.</Message></Error>`);
}

/** AWS Signature Version 4, as its documentation describes it. */
function isSigned(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  { region, secretAccessKey, accessKeyId }: Omit<S3Settings, "endpoint">,
): boolean {
  const [, credential = "", names = "", given = ""] =
    /Credential=([^,]+), SignedHeaders=([^,]+), Signature=(\w+)/.exec(
      request.headers.authorization ?? "",
    ) ?? [];
  const hash = createHash("sha256").update(body).digest("hex");
  const date = String(request.headers["x-amz-date"]);
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
  const canonical = [
    request.method,
    url.pathname,
    [...url.searchParams]
      .map(([name, value]) => `${encodeAll(name)}=${encodeAll(value)}`)
      .sort()
      .join("&"),
    ...names.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}`),
    "",
    names,
    request.headers["x-amz-content-sha256"],
  ].join("\n");
  const text = [
    "AWS4-HMAC-SHA256",
    date,
    scope,
    createHash("sha256").update(canonical).digest("hex"),
  ].join("\n");
  const key = scope
    .split("/")
    .reduce<Buffer | string>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  return (
    credential === `${accessKeyId}/${scope}` &&
    request.headers["x-amz-content-sha256"] === hash &&
    hmac(key, text).toString("hex") === given
  );
}

const hmac = (key: Buffer | string, text: string) =>
  createHmac("sha256", key).update(text).digest();
const encodeAll = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
