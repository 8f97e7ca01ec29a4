import { readFileSync } from "node:fs";
import { join } from "node:path";

export type RecordedRequest = {
  sdk: string;
  step: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  file?: string;
};

const folder = join(import.meta.dirname, "fixtures/envelopes");

/** Requests of real SDKs, byte for byte; DSN key and project are those of `recordedKey`. */
export const recordedRequests: RecordedRequest[] = JSON.parse(
  readFileSync(join(folder, "INDEX.json"), "utf8"),
).requests;

export const recordedKey = { publicKey: "a1b2c3d4e5f60718293a4b5c6d7e8f90", projectId: 42 };

export const bodyOf = ({ file }: RecordedRequest): Buffer =>
  file ? readFileSync(join(folder, file)) : Buffer.alloc(0);

/** Headers that fetch sets itself, or that only make sense on the recorded connection. */
const transportHeaders = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "expect",
]);

export const headersOf = ({ headers }: RecordedRequest): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !transportHeaders.has(name)));
