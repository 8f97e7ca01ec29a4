import { parseArgs } from "node:util";
import { readCredentials } from "./local/credentials";

/** `npm run dead-letters [-- replay [ID…]]`: shows the messages that were given up, or sends them again. */

type Letter = {
  id: string;
  queue: string;
  reason: string;
  attempts: number;
  failedAt: string;
  bytes: number;
};

const usage = `npm run dead-letters                    list, oldest first
npm run dead-letters -- replay          send all of them again
npm run dead-letters -- replay ID ...   send some of them again
Options: --url ADDRESS --token TOKEN; without them the ones of \`npm start\`, or BRINKWATCH_URL and
BRINKWATCH_TOKEN. \`npm run create-user -- --email YOU --token --internal\` makes such a token of a superuser.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: "string" }, token: { type: "string" }, help: { type: "boolean" } },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const local = readCredentials();
const url = (
  values.url ??
  process.env.BRINKWATCH_URL ??
  (local && new URL(local.dsn).origin)
)?.replace(/\/+$/, "");
const token = values.token ?? process.env.BRINKWATCH_TOKEN ?? local?.token;
if (!url || !token) {
  console.error(`There is no address or token.\n${usage}`);
  process.exit(1);
}

try {
  const letters = await list();
  if (positionals[0] === "replay") await replay(letters, positionals.slice(1));
  else if (positionals.length > 0) {
    console.error(usage);
    process.exitCode = 1;
  } else show(letters);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function list(): Promise<Letter[]> {
  const letters: Letter[] = [];
  let cursor: string | undefined;
  do {
    const page = await call(
      "GET",
      `/api/0/internal/dead-letters/${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`,
    );
    letters.push(...page.letters);
    cursor = page.cursor;
  } while (cursor);
  return letters;
}

function show(letters: Letter[]): void {
  for (const { id, queue, reason, attempts, failedAt, bytes } of letters) {
    console.log(`${id}  ${failedAt}  ${queue}  ${bytes} bytes, ${attempts} deliveries: ${reason}`);
  }
  console.log(
    letters.length === 0 ? "There are no dead letters." : `${letters.length} dead letters.`,
  );
}

async function replay(letters: Letter[], ids: string[]): Promise<void> {
  const unknown = ids.filter((id) => !letters.some((letter) => letter.id === id));
  if (unknown.length > 0) throw new Error(`There is no dead letter ${unknown.join(", ")}.`);
  const chosen = ids.length > 0 ? letters.filter(({ id }) => ids.includes(id)) : letters;
  let sent = 0;
  for (const { id, queue } of chosen) {
    try {
      await call("POST", "/api/0/internal/dead-letters/replay/", { id, queue });
      sent++;
    } catch (error) {
      // One that can no longer be sent must not keep the others.
      console.error(`${id} was not sent again: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
  console.log(`${sent} messages were sent again.`);
}

async function call(
  method: string,
  path: string,
  body?: object,
): Promise<{ letters: Letter[]; cursor?: string }> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((error: Error) => {
    throw new Error(`Brinkwatch does not answer at ${url}: ${error.message}`);
  });
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { letters: Letter[]; cursor?: string };
}
