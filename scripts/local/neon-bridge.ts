import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import pg from "pg";
import { dictionaryOf, lookUp } from "../../src/protocol/dictionary";

export type Bridge = { url: string; close(): Promise<void> };

export type NeonQuery = { query: string; params?: unknown[] };

const rawTypes = { getTypeParser: () => (value: unknown) => value };
const connectionsMax = 12;

/**
 * Speaks the HTTP protocol of Neon's serverless driver in front of any PostgreSQL: one statement, or a list of
 * statements as one transaction. Only databases of the given server are served, to whoever shows its user and password.
 */
export async function startNeonBridge(
  serverUrl: string,
  onQuery?: (query: NeonQuery) => void,
  port?: number,
): Promise<Bridge> {
  const pools = new Map<string, pg.Pool>();
  const poolOf = (connectionString: string) => {
    if (!isOfServer(connectionString, serverUrl)) throw refusal();
    let pool = pools.get(connectionString);
    if (!pool) {
      pool = new pg.Pool({ connectionString, max: connectionsMax, idleTimeoutMillis: 10_000 });
      // A lost idle connection is replaced by the next query; without a listener it would end the process.
      pool.on("error", () => undefined);
      // Nor may a connection that breaks between two queries of its user.
      pool.on("connect", (client) => client.on("error", () => undefined));
      pools.set(connectionString, pool);
    }
    return pool;
  };

  const server = createServer((request, response) => {
    answer(request, poolOf, onQuery).then(
      (body) => response.writeHead(200, { "content-type": "application/json" }).end(body),
      (error: pg.DatabaseError & { status?: number }) => {
        // Neon answers SQL errors with 400 and the fields of the error; anything else is its own trouble.
        const status = error.severity ? 400 : 503;
        const { message, severity, code, detail, hint, position, where } = error;
        const { schema, table, column, constraint } = error;
        response.writeHead(status, { "content-type": "application/json" }).end(
          JSON.stringify({
            message,
            severity,
            code,
            detail,
            hint,
            position,
            where,
            schema,
            table,
            column,
            constraint,
          }),
        );
      },
    );
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${portOf(server)}/sql`,
    close: async () => {
      await closeServer(server);
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

/** Same place, same user, same password. */
function isOfServer(connectionString: string, serverUrl: string): boolean {
  const server = new URL(serverUrl);
  if (!URL.canParse(connectionString)) return false;
  const given = new URL(connectionString);
  const credentials = ({ username, password }: URL) => JSON.stringify([username, password]);
  return given.host === server.host && isSame(credentials(given), credentials(server));
}

/** As PostgreSQL itself puts it. */
function refusal(): Error {
  const error: Error & { severity?: string; code?: string } = new Error(
    "password authentication failed",
  );
  error.severity = "FATAL";
  error.code = "28P01";
  return error;
}

/** Compares secrets in a time that does not tell where they differ. */
export function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function answer(
  request: IncomingMessage,
  poolOf: (url: string) => pg.Pool,
  onQuery?: (query: NeonQuery) => void,
): Promise<string> {
  const body = JSON.parse((await readAll(request)).toString("utf8"));
  if (onQuery) for (const query of body.queries ?? [body]) onQuery(query);
  const rowAsArray = request.headers["neon-array-mode"] === "true";
  const client = await poolOf(String(request.headers["neon-connection-string"])).connect();
  let broken: Error | undefined;
  try {
    if (!Array.isArray(body.queries)) return JSON.stringify(await run(client, body, rowAsArray));
    await client.query(beginWith(request));
    try {
      const results = [];
      for (const query of body.queries as NeonQuery[]) {
        results.push(await run(client, query, rowAsArray));
      }
      await client.query("commit");
      return JSON.stringify({ results });
    } catch (error) {
      await client.query("rollback").catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    }
  } catch (error) {
    if (!(error as pg.DatabaseError).severity) broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

function beginWith(request: IncomingMessage): string {
  const levels: Record<string, string> = {
    ReadUncommitted: "read uncommitted",
    ReadCommitted: "read committed",
    RepeatableRead: "repeatable read",
    Serializable: "serializable",
  };
  const level = lookUp(levels, String(request.headers["neon-batch-isolation-level"]));
  const readOnly = request.headers["neon-batch-read-only"] === "true" ? " read only" : "";
  return `begin${level ? ` isolation level ${level}` : ""}${readOnly}`;
}

async function run(client: pg.PoolClient, { query, params }: NeonQuery, rowAsArray: boolean) {
  const result = await client.query({
    text: query,
    values: params ?? [],
    rowMode: "array",
    types: rawTypes,
  });
  const fields = result.fields.map((field) => ({ ...field, format: "text" }));
  const rows = rowAsArray
    ? result.rows
    : result.rows.map((row: unknown[]) =>
        dictionaryOf(row.map((value, index) => [result.fields[index]?.name ?? "", value])),
      );
  return { command: result.command, rowCount: result.rowCount, rowAsArray, fields, rows };
}

export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Idle connections stay open: whoever was busy with something else when one was closed would send its next request into
 * nothing, and take what is there for away.
 */
export function listen(server: Server, port = 0): Promise<void> {
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
