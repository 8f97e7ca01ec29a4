import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { packEnvelope, unpackEnvelope } from "../queues/catalog";
import { type NeonQuery, startNeonBridge } from "../scripts/local/neon-bridge";
import { startPostgres } from "../scripts/local/postgres";
import { migrateDatabase } from "../scripts/migrate-database";
import type { Deps } from "../src/deps";
import { digest } from "../src/digest/digest";
import { openEnvelope } from "../src/digest/open";
import { prepare } from "../src/digest/prepare";
import { selectKey } from "../src/ingest/queries";
import { openDatabase } from "../src/platform/database";
import { recordOutcomes } from "../src/stats/outcomes";

/**
 * `npx tsx test/record-digest-sql.ts`, once a release: writes down every statement that this release sends for
 * accepting and digesting, so that test/digest/previous-release.test.ts can run them on the next schema.
 */

const file = join(import.meta.dirname, "fixtures/digest-sql/previous-release.json");
const [orgId, projectId, keyId] = [7000, 7001, "0123456789abcdef0123456789abcdef"];
const receivedAt = Date.UTC(2026, 10, 26, 12);

let sent = 0;

const folder = mkdtempSync(join(tmpdir(), "brinkwatch-record-"));
// The database runs as another user when this runs as root.
chmodSync(folder, 0o711);
const postgres = await startPostgres(join(folder, "postgres"), { settings: { fsync: "off" } });
try {
  await migrateDatabase(postgres.url);
  const recorded: NeonQuery[] = [];
  const bridge = await startNeonBridge(postgres.url, ({ query, params }) =>
    recorded.push({ query, params: params ?? [] }),
  );
  const setup = [
    `insert into organizations (id, name, slug) overriding system value values (${orgId}, 'Acme', 'acme')`,
    `insert into projects (id, org_id, name, slug) overriding system value values (${projectId}, ${orgId}, 'Shop', 'shop')`,
    `insert into project_keys (public_key, project_id) values ('${keyId}', ${projectId})`,
  ];
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  for (const statement of setup) await client.query(statement);
  await client.end();

  const deps = depsWith(openDatabase(postgres.url, 60_000, bridge.url));
  await selectKey(deps.db, keyId);
  // A new issue, then two of a known one among a new one, and a message that brings nothing but counts.
  await digestAll(deps, [event("a1", "Error")]);
  await digestAll(deps, [event("b1", "Error"), event("b2", "TypeError"), event("b1", "Error", 5)]);
  await digestAll(deps, [`{}\n{"type":"session"}\n{}`]);
  const hour = receivedAt - (receivedAt % 3_600_000);
  const refused = { hour, category: "error", outcome: "rate_limited", reason: "key", quantity: 3 };
  const counts = [{ projectId, ...refused }];
  await recordOutcomes(deps, [
    { v: 1, id: "019ab000-0000-7000-8000-0000000000ff", receivedAt, counts },
  ]);
  await bridge.close();
  writeFileSync(file, `${JSON.stringify({ setup, statements: recorded }, null, 1)}\n`);
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Everything outside that a digest touches, the database alone being real. */
function depsWith(db: Deps["db"]): Deps {
  const blobs = { put: async () => undefined };
  return {
    db,
    blobs,
    publish: async () => undefined,
    log: () => undefined,
    now: () => new Date(receivedAt + 1000),
    config: {
      inflatedBytesMax: 40_000_000,
      retentionDays: 90,
      newIssuesPerHour: 1000,
      newReleasesPerDay: 500,
      newEnvironmentsPerDay: 100,
    },
  } as unknown as Deps;
}

function event(id: string, type: string, laterMs = 0): string {
  const payload = {
    platform: "node",
    release: "shop@1",
    environment: "production",
    tags: { plan: "pro" },
    user: { id: `u-${id}` },
    timestamp: (receivedAt + laterMs) / 1000,
    exception: { values: [{ type, value: "it broke" }] },
  };
  return `{"event_id":"${id.padEnd(32, "0")}"}\n{"type":"event"}\n${JSON.stringify(payload)}`;
}

async function digestAll(deps: Deps, bodies: string[]): Promise<void> {
  const batch = [];
  const parked = [];
  for (const body of bodies) {
    const index = sent++;
    const packed = packEnvelope({
      meta: {
        v: 1,
        id: `019ab000-0000-7000-8000-00000000000${index}`,
        door: "envelope",
        receivedAt: receivedAt + index,
        projectId,
        orgId,
        encoding: null,
        scrubDefaults: true,
        scrubIpAddresses: false,
      },
      body: new TextEncoder().encode(body),
    });
    const message = unpackEnvelope(packed);
    const envelope = await openEnvelope(deps, message);
    if (envelope) batch.push(prepare(message.meta, envelope));
    parked.push(message.meta);
  }
  await digest(deps, batch, { parked, turn: "try" });
}
