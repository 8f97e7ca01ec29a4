import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { operatorScope, scopes } from "../src/access/schemas";
import { hashToken, isTokenForm } from "../src/access/token";
import { openControl } from "./control";
import { eventually } from "./eventually";
import { askKeeper } from "./keeper";
import { flushLog, noteSecret, watchLog } from "./secrets";
import { authSecret, type LaunchOptions, linesOf, type StackAddress } from "./stack";

export { eventually };

export type Stack = StackAddress & {
  sql: pg.Pool;
  control: ReturnType<typeof openControl>;
  /** What the worker printed since this file began, complete up to now. */
  logs(): Promise<string[]>;
  /** Takes its Redis away; only of a stack of one's own. */
  closeRedis(): Promise<void>;
  dispose(): Promise<void>;
};

export type StackOptions = {
  /** A server of one's own, for tests that break it. */
  serverUrl?: string;
  bindings?: Record<string, string>;
  adjust?: LaunchOptions["adjust"];
};

/** A stack of one's own, in a database that nobody else uses. Takes a second; see `useStack`. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { launchStack } = await import("./stack");
  const { serverUrl, ...rest } = options;
  const launched = await launchStack({
    ...rest,
    ...(serverUrl
      ? { serverUrl }
      : {
          serverUrl: inject("serverUrl"),
          template: inject("template"),
          neonUrl: inject("neonUrl"),
        }),
    bundle: inject("bundle"),
    logFolder: inject("folder"),
  });
  return openStack(launched, launched);
}

function openStack(
  address: StackAddress,
  owned: { closeRedis?(): Promise<void>; dispose?(): Promise<void> },
): Stack {
  const { url, controlUrl, databaseUrl, redisUrl, logFile } = address;
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  sql.on("error", () => undefined);
  sql.on("connect", (client) => client.on("error", () => undefined));
  const from = statSync(logFile).size;
  watchLog(address);
  noteSecret(authSecret);
  return {
    url,
    controlUrl,
    databaseUrl,
    redisUrl,
    logFile,
    sql,
    control: openControl(controlUrl),
    logs: async () => {
      await flushLog(address);
      return linesOf(logFile, from).filter((line) => !line.startsWith("mark "));
    },
    closeRedis: async () => {
      if (!owned.closeRedis) throw new Error("This Redis is shared: use startStack.");
      await owned.closeRedis();
    },
    dispose: async () => {
      if (owned.dispose) await flushLog(address).catch(() => undefined);
      await sql.end();
      await owned.dispose?.();
    },
  };
}

/** Those that files use one after another, by what asks their database. */
const sharedStacks = new WeakMap<pg.Pool, Stack>();
/** What files before this one sent to its stack, once it is digested. */
const settled = new WeakMap<pg.Pool, Promise<void>>();

/**
 * Waits, once a file, until what files before it sent to the same stack is digested: an event of ours comes after all of
 * that.
 */
export function untilSettled(sql: pg.Pool): Promise<void> {
  const settling = settled.get(sql) ?? settle(sharedStacks.get(sql));
  settled.set(sql, settling);
  return settling;
}

async function settle(stack: Stack | undefined): Promise<void> {
  if (!stack) return;
  const tenant = await makeTenant(stack);
  await tenant.send(eventEnvelope());
  await untilDigested(stack, tenant, 1);
}

/**
 * The stack of this test worker with these bindings, before the tests of a file. Other files use it before and after,
 * so a test sees its own tenant only; what needs an empty installation says `fresh`.
 */
export function useStack(
  options: {
    bindings?: Record<string, string>;
    fresh?: boolean;
    adjust?: LaunchOptions["adjust"];
  } = {},
): Stack {
  const { fresh, ...rest } = options;
  const holder: { stack?: Stack } = {};
  beforeAll(async () => {
    if (fresh || rest.adjust) {
      holder.stack = await startStack(rest);
      return;
    }
    holder.stack = openStack(await askKeeper(inject("keeperUrl"), rest.bindings ?? {}), {});
    sharedStacks.set(holder.stack.sql, holder.stack);
  });
  afterAll(() => holder.stack?.dispose());
  return new Proxy({} as Stack, {
    get: (_, property) => holder.stack?.[property as keyof Stack],
  });
}

/** A token in the form of ours; what has another is never looked up. */
export const newToken = () => randomBytes(32).toString("hex");

export type Tenant = Awaited<ReturnType<typeof makeTenant>>;

/** A user with an organization, a project, a key and a token that may do everything. */
export async function makeTenant(
  stack: Stack,
  options: {
    projectId?: number;
    publicKey?: string;
    superuser?: boolean;
    slug?: string;
    /** g1 unless it says g2: then an event has hashes of both versions, and few tests are about which of them decide. */
    groupingVersion?: "g1" | "g2";
  } = {},
) {
  const one = async <T>(text: string, values: unknown[]): Promise<T> =>
    (await stack.sql.query(text, values)).rows[0];
  const slug = options.slug ?? `org-${randomBytes(4).toString("hex")}`;
  const user = await one<{ id: string }>(
    "insert into users (email, name, is_superuser) values ($1, 'Ada', $2) returning id",
    [`${slug}@example.com`, options.superuser ?? false],
  );
  const org = await one<{ id: string }>(
    "insert into organizations (name, slug) values ('Acme', $1) returning id",
    [slug],
  );
  await stack.sql.query(
    "insert into organization_members (org_id, user_id, role, is_primary) values ($1, $2, 'owner', true)",
    [org.id, user.id],
  );
  const token = newToken();
  const addToken = (value: string, allowed: readonly string[]) => {
    if (!isTokenForm(value)) throw new Error("A token has the form of ours: use newToken()");
    noteSecret(value);
    return stack.sql.query(
      "insert into api_tokens (token_hash, user_id, scopes) values ($1, $2, $3)",
      [hashToken(value), user.id, allowed],
    );
  };
  await addToken(token, options.superuser ? [...scopes, operatorScope] : scopes);
  const project = await one<{ id: string }>(
    options.projectId
      ? "insert into projects (id, org_id, name, slug, platform, grouping_version) overriding system value values ($3, $1, 'Shop', 'shop', 'node', $2) returning id"
      : "insert into projects (org_id, name, slug, platform, grouping_version) values ($1, 'Shop', 'shop', 'node', $2) returning id",
    [org.id, options.groupingVersion ?? "g1", ...(options.projectId ? [options.projectId] : [])],
  );
  const projectId = Number(project.id);
  const publicKey = options.publicKey ?? randomUUID().replaceAll("-", "");
  await stack.sql.query("insert into project_keys (public_key, project_id) values ($1, $2)", [
    publicKey,
    projectId,
  ]);

  const call = async (method: string, path: string, body?: unknown, bearer = token) =>
    fetch(stack.url + path, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    slug,
    orgId: Number(org.id),
    userId: Number(user.id),
    projectId,
    publicKey,
    token,
    addToken,
    call,
    /** Parsed body of a GET that must succeed. */
    get: async <T = unknown>(path: string): Promise<T> => {
      const response = await call("GET", path);
      if (response.status !== 200)
        throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    /** Sends a body to an ingest door with the key in the query. */
    send: (
      body: BodyInit,
      init: { door?: string; query?: string; headers?: Record<string, string> } = {},
    ) =>
      fetch(
        `${stack.url}/api/${projectId}/${init.door ?? "envelope"}/?sentry_key=${publicKey}${init.query ?? ""}`,
        { method: "POST", body, ...(init.headers && { headers: init.headers }) },
      ),
    issues: async (query = "") => {
      const response = await call("GET", `/api/0/organizations/${slug}/issues/${query}`);
      return (await response.json()) as {
        id: string;
        title: string;
        count: string;
        [key: string]: unknown;
      }[];
    },
    countEvents: async () => {
      const { rows } = await stack.sql.query(
        "select count(*)::int as n from events where project_id = $1",
        [projectId],
      );
      return rows[0].n as number;
    },
    /** `category outcome reason` → quantity. */
    outcomes: async (): Promise<Record<string, number>> => {
      const { rows } = await stack.sql.query(
        `select category, outcome, reason, sum(quantity)::int as n from outcome_hours
          where project_id = $1 group by 1, 2, 3`,
        [projectId],
      );
      return Object.fromEntries(
        rows.map(({ category, outcome, reason, n }) => [
          `${category} ${outcome} ${reason}`.trim(),
          n,
        ]),
      );
    },
  };
}

/** Cookies and headers of a browser in which a user signed in, just now unless asked otherwise. */
export async function signIn(
  stack: Stack,
  userId: number,
  minutesAgo = 0,
): Promise<Record<string, string>> {
  const token = randomBytes(24).toString("base64url");
  noteSecret(token);
  await stack.sql.query(
    `insert into sessions (token, user_id, expires_at, authenticated_at)
     values ($1, $2, now() + interval '1 day', now() - $3 * interval '1 minute')`,
    [token, userId, minutesAgo],
  );
  const signature = createHmac("sha256", authSecret).update(token).digest("base64");
  const session = encodeURIComponent(`${token}.${signature}`);
  return { cookie: `sessionid=${session}; csrftoken=abc`, "x-csrftoken": "abc" };
}

/** Another person in an organization, with a token that may do everything. */
export async function makeMember(stack: Stack, tenant: Tenant, role: string) {
  const email = `${role}-${randomBytes(4).toString("hex")}@example.com`;
  const { rows: users } = await stack.sql.query(
    "insert into users (email, name) values ($1, $2) returning id",
    [email, role],
  );
  const userId = Number(users[0].id);
  const { rows: members } = await stack.sql.query(
    "insert into organization_members (org_id, user_id, role) values ($1, $2, $3) returning id",
    [tenant.orgId, userId, role],
  );
  const token = newToken();
  await stack.sql.query(
    "insert into api_tokens (token_hash, user_id, scopes) values ($1, $2, $3)",
    [hashToken(token), userId, scopes],
  );
  noteSecret(token);
  return { email, userId, memberId: String(members[0].id), token };
}

export const randomId = () => randomUUID().replaceAll("-", "");

/** An envelope with one event; an Error with a stack unless asked otherwise. */
export function eventEnvelope(
  event: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): string {
  const eventId = header.event_id ?? randomId();
  const payload = {
    platform: "node",
    timestamp: Date.now() / 1000,
    exception: {
      values: [
        {
          type: "Error",
          value: "it broke",
          stacktrace: {
            frames: [{ filename: "/app/shop.js", function: "pay", lineno: 10, in_app: true }],
          },
        },
      ],
    },
    ...event,
  };
  return `${JSON.stringify({ event_id: eventId, ...header })}\n{"type":"event"}\n${JSON.stringify(payload)}`;
}

/**
 * Waits until nothing of a project's digest is still to come, where it would look like the work of a door. What a test
 * writes by itself is handed to nobody.
 */
export const untilHandled = (stack: Stack, { projectId }: Pick<Tenant, "projectId">) =>
  eventually(async () => {
    const unhandled =
      "select 1 from issue_changes join issues i on i.id = issue_id where project_id = $1 and handled_at is null";
    expect((await stack.sql.query(unhandled, [projectId])).rows).toEqual([]);
  });

/** The same, after a project has so many events. */
export async function untilDigested(stack: Stack, tenant: Tenant, events: number): Promise<void> {
  await eventually(async () => expect(await tenant.countEvents()).toBe(events));
  await untilHandled(stack, tenant);
}

/** Limits count in whole minutes: what ran across the turn of one is done again. */
export async function inOneMinute<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    const minute = Math.floor(Date.now() / 60_000);
    const result = await work();
    if (minute === Math.floor(Date.now() / 60_000)) return result;
  }
}
