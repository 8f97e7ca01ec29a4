import { decodeBody } from "../../src/protocol/content-encoding";
import { parseDsn } from "../../src/protocol/dsn";
import {
  bodyOf,
  headersOf,
  type RecordedRequest,
  recordedKey,
  recordedRequests,
} from "../../test/fixtures";

const repeatsMax = 5;
const inflatedBytesMax = 20_000_000;

/** Sends recorded requests of several SDKs to a project, as these SDKs would. Throws where nobody answers. */
export async function sendRecorded(dsn: string | undefined): Promise<void> {
  const target = parseDsn(dsn);
  if (!dsn || !target) {
    throw new Error(
      "There is no DSN: start Brinkwatch with `npm start` first, or name one with --dsn.",
    );
  }
  const events = recordedRequests.filter(
    ({ file, url }) => file && /^\/api\/42\/(envelope|store|security)\//.test(url),
  );
  let sent = 0;
  let refused = 0;
  for (const [index, request] of events.entries()) {
    for (let repeat = 0; repeat <= index % repeatsMax; repeat++) {
      if ((await send(request, repeat, dsn, target)) === 200) sent++;
      else refused++;
    }
    if (process.stdout.isTTY) {
      process.stdout.write(`\r${index + 1} of ${events.length} recorded requests`);
    }
  }
  if (process.stdout.isTTY) process.stdout.write("\n");
  const sdks = new Set(events.map(({ file }) => file?.replace(/-\d.*/, ""))).size;
  console.log(
    `${sent} requests of ${sdks} SDKs were accepted${refused ? `, ${refused} refused` : ""}.`,
  );
}

type Target = NonNullable<ReturnType<typeof parseDsn>>;

/** One recorded request, under our key and project; repeats get ids of their own. */
async function send(
  request: RecordedRequest,
  repeat: number,
  dsn: string,
  target: Target,
): Promise<number> {
  const { origin } = new URL(dsn);
  const path = request.url
    .replace("/api/42/", `/api/${target.projectId}/`)
    .replace(recordedKey.publicKey, target.publicKey);
  const recorded = bodyOf(request);
  // An envelope is opened: it gets an event id of its own, and the DSN of the target in place of the recorded one.
  const isEnvelope = path.includes("/envelope/");
  const encoding = request.headers["content-encoding"] ?? null;
  const body = isEnvelope
    ? rewrite(Buffer.from(decodeBody(recorded, encoding, inflatedBytesMax)), repeat, dsn)
    : recorded;
  const kept = Object.entries(headersOf(request))
    .filter(([name]) => !isEnvelope || name !== "content-encoding")
    .map(([name, value]) => [name, value.replaceAll(recordedKey.publicKey, target.publicKey)]);
  try {
    const response = await fetch(origin + path, {
      method: "POST",
      headers: Object.fromEntries(kept),
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    throw new Error(`Brinkwatch does not answer at ${origin}: ${(error as Error).message}`);
  }
}

/** Latin-1 keeps binary payloads as they are; ids keep their length, and so do announced lengths. */
function rewrite(recorded: Buffer, repeat: number, dsn: string): Buffer {
  const text = recorded.toString("latin1");
  const end = text.indexOf("\n") < 0 ? text.length : text.indexOf("\n");
  const header = text.slice(0, end).replace(/"dsn":\s?"[^"]*"/, `"dsn":"${dsn}"`);
  const renamed = (header + text.slice(end)).replace(
    /("event_id":\s?")([0-9a-f]{32})(")/g,
    (_, before: string, id: string, after: string) => {
      const suffix = (Number.parseInt(id.slice(28), 16) + repeat * 257 + 1) % 65_536;
      return `${before}${id.slice(0, 28)}${suffix.toString(16).padStart(4, "0")}${after}`;
    },
  );
  return Buffer.from(renamed, "latin1");
}
