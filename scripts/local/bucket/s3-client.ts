import { createHash } from "node:crypto";
import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import { Fault } from "../../../src/fault";
import { minuteMs } from "../../../src/protocol/durations";
import { serverSetting } from "../../server-setting";
import { textOf } from "./s3-xml";

export type S3Settings = {
  /** Without the bucket's name, which goes into the path. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
};

export type S3Request = {
  method?: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  headers?: Record<string, string>;
  body?: Uint8Array | string;
  /** Statuses that are an answer too. */
  expected?: number[];
};

export type S3Answer = { status: number; headers: Headers; body: IncomingMessage };

/** Of one request, with pauses that double. */
const attemptsMax = 5;
const firstPauseMs = 50;
/** Without a sign of life. */
const silenceMsMax = minuteMs;
const textBytesMax = 16 * 1024 * 1024;

/**
 * Sends signed requests (AWS Signature Version 4). `fetch` would unpack objects that are kept compressed, so it is
 * Node's own client. Faults: unavailable, too_large.
 */
export function s3Client(settings: S3Settings) {
  const client = new AwsClient({
    accessKeyId: settings.accessKeyId,
    secretAccessKey: settings.secretAccessKey,
    region: settings.region,
    service: "s3",
  });
  return async (url: string, asked: S3Request = {}): Promise<S3Answer> => {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === attemptsMax;
      const answer = await send(client, url, asked).catch((error: Error) => error);
      if (answer instanceof Error) {
        if (isLast)
          throw new Fault("unavailable", `The S3 store cannot be reached: ${answer.message}`);
      } else {
        const { status } = answer;
        if (status < 300 || asked.expected?.includes(status)) return answer;
        if (isLast || (status < 500 && status !== 429)) throw await refused(answer);
        answer.body.resume();
      }
      await pause(firstPauseMs * 2 ** (attempt - 1));
    }
  };
}

async function send(client: AwsClient, url: string, asked: S3Request): Promise<S3Answer> {
  const { method = "GET", body = "" } = asked;
  const signed = await client.sign(url, {
    method,
    headers: {
      ...asked.headers,
      "x-amz-content-sha256": createHash("sha256").update(body).digest("hex"),
    },
  });
  const request = url.startsWith("https:") ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const headers = {
      ...Object.fromEntries(signed.headers),
      ...(body.length > 0 && { "content-length": String(Buffer.byteLength(body)) }),
    };
    const sent = request(url, { method, headers, timeout: silenceMsMax }, (response) => {
      const pairs = Object.entries(response.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]);
      resolve({ status: response.statusCode ?? 0, headers: new Headers(pairs), body: response });
    });
    sent.on("timeout", () => sent.destroy(new Error("no sign of life in time")));
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The text of an answer. */
export async function textIn({ body }: S3Answer): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > textBytesMax) throw new Fault("unavailable", "The S3 store's answer is too long.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** The store's own code and words, which name no secret. */
async function refused(answer: S3Answer): Promise<Fault> {
  const text = await textIn(answer);
  const said = [textOf(text, "Code"), textOf(text, "Message")].filter(Boolean).join(": ");
  const kind = answer.status === 413 ? "too_large" : "unavailable";
  return new Fault(kind, `The S3 store answered ${answer.status}${said && ` (${said})`}.`);
}

/** What the environment says of an S3 store; undefined when it says nothing. Throws where it says only a part. */
export function s3SettingsOf(environment: NodeJS.ProcessEnv): S3Settings | undefined {
  const needed = ["S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const;
  const [, bucket = "", accessKeyId = "", secretAccessKey = ""] = needed.map(
    (name) => environment[name] ?? "",
  );
  const missing = needed.filter((name) => !environment[name]);
  if (missing.length === needed.length) return undefined;
  if (missing.length > 0) throw new Error(`For an S3 store set ${missing.join(", ")} too.`);
  return {
    endpoint: serverSetting("S3_ENDPOINT", environment) ?? "",
    bucket,
    region: environment.S3_REGION || "auto",
    accessKeyId,
    secretAccessKey,
  };
}
