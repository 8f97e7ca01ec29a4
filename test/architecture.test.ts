import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { code, read } from "./sources";

/** Who may import whom (ARCHITECTURE.md, "Levels"). A failure names the import and what to do instead. */

const levels: [level: number, name: string, pattern: RegExp][] = [
  [
    0,
    "types and schemas",
    /^src\/(fault\.ts|protocol\/)|^src\/[\w-]+\/(schemas|scopes)\.ts$|^queues\/catalog\.ts$/,
  ],
  [1, "infrastructure", /^drizzle\/|^src\/platform\/|^src\/deps\.ts$/],
  [6, "entry points", /^src\/(worker|host|api|env)\.ts$/],
  [
    4,
    "HTTP and queue plumbing",
    /^src\/http\/|^src\/access\/(allow|same-site)\.ts$|^src\/accounts\/(allow-confirmed|form-pages)\.ts$|^queues\/(consume|publish|dead-letters)\.ts$/,
  ],
  [5, "routes and consumers", /^src\/[\w-]+\/([\w-]+-)?routes\.ts$|^queues\//],
  [2, "SQL", /^src\/[\w-]+\/([\w-]+-)?queries\.ts$/],
  [3, "logic", /^src\//],
];

/** Which feature may use which other feature's actions, rules and shapes. Downstream is reached by a message. */
const featurePairs: Record<string, string[]> = {
  access: [],
  accounts: ["access", "audit"],
  admin: ["access", "accounts", "stats"],
  alerts: ["access", "audit", "projects"],
  audit: ["access"],
  digest: ["events", "issues", "stats"],
  events: [],
  ingest: [],
  issues: ["access", "events", "projects", "releases", "stats"],
  orgs: ["access", "accounts", "audit", "projects"],
  projects: ["access", "audit"],
  releases: ["access", "projects"],
  stats: ["access"],
};
const notFeatures = new Set(["platform", "protocol", "http"]);

const levelOf = (path: string) => levels.find(([, , pattern]) => pattern.test(path));
const featureOf = (path: string) => {
  const [, feature] = /^src\/([\w-]+)\//.exec(path) ?? [];
  return feature && !notFeatures.has(feature) ? feature : undefined;
};
const imports = code.flatMap((from) =>
  [...read(from).matchAll(/^(?:import|export)\s+(type\s)?[^"']*?from\s+["'](\.[^"']+)["']/gm)].map(
    ([, type, target = ""]) => {
      const path = join(dirname(from), target);
      return { from, to: path.endsWith(".json") ? path : `${path}.ts`, isType: type !== undefined };
    },
  ),
);

test("there is something to check", () => {
  expect(imports.length).toBeGreaterThan(150);
  expect(code.filter((path) => !levelOf(path))).toEqual([]);
});

test("a file imports from its own level or a lower one", () => {
  const wrong = imports
    .filter(({ to }) => code.includes(to))
    .flatMap(({ from, to, isType }) => {
      const [above, below] = [levelOf(from), levelOf(to)];
      // The types of SQL rows and messages may be named by what is below them; values may not.
      if (!above || !below || below[0] <= above[0] || isType) return [];
      return [
        `${from} (${above[1]}) imports ${to} (${below[1]}): pass it in as an argument, or move the shared part down`,
      ];
    });
  expect(wrong).toEqual([]);
});

test("a feature uses only the features it may know", () => {
  const wrong = imports.flatMap(({ from, to }) => {
    const [mine, theirs] = [featureOf(from), featureOf(to)];
    if (!mine || !theirs || mine === theirs) return [];
    if (to.endsWith("/schemas.ts")) return [];
    return featurePairs[mine]?.includes(theirs)
      ? []
      : [
          `${from} imports ${to}: publish a message instead, or add ${mine} → ${theirs} to the table with a reason`,
        ];
  });
  expect(wrong).toEqual([]);
});

test("SQL lives in queries.ts files, which only their own feature imports", () => {
  const isQueries = (path: string) => /\/([\w-]+-)?queries\.ts$/.test(path);
  const builders = code.filter(
    (path) =>
      path.startsWith("src/") &&
      !isQueries(path) &&
      /\.(select|insert|update|delete|execute)\(\s*(sql|\{|[a-z]+\))/i.test(read(path)) &&
      /from "drizzle-orm"/.test(read(path)),
  );
  expect(builders.filter((path) => path !== "src/platform/database.ts")).toEqual([]);
  const foreign = imports
    .filter(({ from, to, isType }) => isQueries(to) && !isType && featureOf(from) !== featureOf(to))
    // An entry of the audit log is part of the statement that it tells about.
    .filter(({ from, to }) => !(isQueries(from) && to === "src/audit/entry-queries.ts"))
    .map(({ from, to }) => `${from} imports ${to}: call an action of that feature`);
  expect(foreign).toEqual([]);
});

/** One writer per table: the feature that owns it. */
const owners: Record<string, string> = {
  users: "accounts",
  accounts: "accounts",
  api_tokens: "access",
  sessions: "accounts",
  verifications: "accounts",
  two_factors: "accounts",
  passkeys: "accounts",
  user_emails: "accounts",
  organizations: "orgs",
  organization_members: "orgs",
  teams: "orgs",
  team_members: "orgs",
  audit_log: "audit",
  projects: "projects",
  project_teams: "projects",
  project_keys: "projects",
  project_subscriptions: "projects",
  alert_rules: "alerts",
  alert_recipients: "alerts",
  issues: "issues",
  issue_details: "issues",
  issue_hashes: "issues",
  issue_sequences: "issues",
  issue_tags: "issues",
  issue_hours: "issues",
  issue_users: "issues",
  issue_changes: "issues",
  issue_change_failures: "issues",
  events: "issues",
  releases: "releases",
  release_projects: "releases",
  environments: "releases",
  environment_projects: "releases",
  sighting_counts: "releases",
  outcome_hours: "stats",
  counted_messages: "stats",
};

test("every table has one feature that writes it, and no other does", () => {
  const tables = code
    .filter((path) => path.startsWith("drizzle/schema/"))
    .flatMap((path) => [...read(path).matchAll(/pgTable\(\s*"(\w+)"/g)].map(([, table]) => table));
  expect(tables.toSorted()).toEqual(Object.keys(owners).toSorted());
  const wrong = code.flatMap((path) =>
    [...read(path).matchAll(/\b(?:insert into|update|delete from)\s+(\w+)/g)].flatMap(
      ([, table = ""]) =>
        owners[table] && owners[table] !== featureOf(path)
          ? [`${path} writes ${table}, which belongs to ${owners[table]}`]
          : [],
    ),
  );
  expect(wrong).toEqual([]);
});

/** Where the bracket opens in which a place lies; brackets in between are closed ones. */
function openerOf(text: string, place: number): number {
  let depth = 0;
  for (let at = place - 1; at >= 0; at--) {
    if (/[)\]}]/.test(text[at] ?? "")) depth++;
    else if (/[([{]/.test(text[at] ?? "") && depth-- === 0) return at;
  }
  return -1;
}

/** Calls of a function that stand in no list of statements of commitUnder. */
const loose = (text: string, call: string): number[] =>
  [...text.matchAll(new RegExp(`(?<![\\w.])${call}\\(`, "g"))]
    .map(({ index }) => index)
    .filter((index) => {
      const list = openerOf(text, index);
      const around = openerOf(text, list);
      return text[list] !== "[" || !/\bcommitUnder$/.test(text.slice(0, Math.max(around, 0)));
    });

// Else a change could be kept without its entry, or an entry without its change; and what it hangs on could be gone.
test("an entry of the audit log is committed with its change, under what that hangs on", () => {
  const good = "commitUnder(db, { orgId: f(1) }, [change(db, [1]), auditStatement(db, { a: [] })])";
  expect(loose(good, "auditStatement")).toEqual([]);
  const bad = [
    good.replace("commitUnder", "commit"),
    "await auditStatement(db, 1)",
    "commitUnder(db, {}, [change(db)]); await auditStatement(db)",
    "const entry = auditStatement(db); return [entry]",
  ];
  expect(bad.map((text) => loose(text, "auditStatement").length)).toEqual([1, 1, 1, 1]);
  const callers = code.filter((path) => path !== "src/audit/audit.ts");
  const calls = callers.filter((path) => /(?<![\w.])auditStatement\(/.test(read(path)));
  expect(calls.length).toBeGreaterThan(5);
  expect(callers.filter((path) => loose(read(path), "auditStatement").length > 0)).toEqual([]);
});

test("only src/platform and the queues reach outside, where every call has its deadline", () => {
  const wrong = code
    .filter((path) => path.startsWith("src/") && !path.startsWith("src/platform/"))
    .filter((path) => path !== "src/host.ts")
    .flatMap((path) =>
      [
        ...read(path).matchAll(
          /(?<![\w.])fetch\(|\bneon\(|new Redis\(|\benv\.(BLOBS|EMAIL|ENVELOPES|OUTCOMES|ISSUE_CHANGES)\b/g,
        ),
      ].map(([text]) => `${path}: ${text}: ask through deps, whose parts keep a deadline`),
    );
  expect(wrong).toEqual([]);
});

// Those of PostgreSQL may differ in its next version: what is stored must not depend on them.
test("hash functions of PostgreSQL choose locks only", () => {
  const wrong = code
    .flatMap((path) => read(path).split("\n"))
    .filter((line) => /hashtext|hash_any|hashint/.test(line) && !/pg_advisory/.test(line));
  expect(wrong).toEqual([]);
});

test("nothing reads the clock, chance or the environment by itself", () => {
  const allowed = new Set(["src/host.ts", "src/platform/ids.ts"]);
  const wrong = code
    .filter((path) => !allowed.has(path))
    .flatMap((path) =>
      [
        ...read(path).matchAll(
          /Date\.now\(\)|new Date\(\)|Math\.random|process\.env|crypto\.random\w+/g,
        ),
      ].map(
        ([text]) =>
          `${path}: ${text}: take now from deps.now(), settings from deps.config, ids from src/platform/ids.ts`,
      ),
    );
  expect(wrong).toEqual([]);
});

test("routes answer errors in one place, but those of ingest, which answers SDKs by itself", () => {
  const catching = code.filter(
    (path) => path.endsWith("routes.ts") && /\bcatch\b/.test(read(path)),
  );
  expect(catching).toEqual(["src/ingest/routes.ts"]);
});
