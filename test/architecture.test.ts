import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { code, read, root, webCode } from "./sources";

/** Who may import whom (ARCHITECTURE.md, "Folders" and "Levels"). A failure names the import and what to do instead. */

const levels: [level: number, name: string, pattern: RegExp][] = [
  [
    0,
    "types and schemas",
    /^src\/(fault\.ts|item-type\.ts|protocol\/)|^src\/[\w-]+\/(schemas|scopes)\.ts$|^queues\/catalog\.ts$/,
  ],
  [1, "infrastructure", /^drizzle\/|^src\/platform\/|^src\/deps\.ts$/],
  [6, "entry points", /^src\/(worker|host|api|env)\.ts$/],
  [
    4,
    "HTTP and queue plumbing",
    /^src\/http\/|^src\/access\/(allow|same-site)\.ts$|^src\/accounts\/(allow-confirmed|form-pages)\.ts$|^queues\/(consume|publish|dead-letters)\.ts$/,
  ],
  [5, "routes and consumers", /^src\/[\w-]+\/([\w-]+-)?routes\.ts$|^queues\//],
  [2, "SQL", /^src\/[\w/-]+\/([\w-]+-)?queries\.ts$/],
  [3, "logic", /^src\//],
];

/**
 * Which folder may use which, the lowest first: a folder uses those above it in this list only, so that nothing goes
 * round in a circle. What is downstream is reached by a message. No folder uses ingest or admin.
 */
const uses: [folder: string, folders: string][] = [
  ["protocol", ""],
  ["queues/catalog.ts", ""],
  ["drizzle", "queues/catalog.ts"],
  ["platform", "protocol"],
  ["events", "platform protocol"],
  ["http", "platform protocol"],
  ["access", "drizzle http platform protocol"],
  ["audit", "access drizzle http platform protocol"],
  ["stats", "access drizzle http platform protocol"],
  ["accounts", "access audit drizzle http platform protocol"],
  ["projects", "access audit drizzle http platform protocol"],
  ["ingest", "access drizzle http platform projects protocol"],
  ["alerts", "access audit drizzle http platform projects protocol"],
  ["orgs", "access accounts audit drizzle http platform projects protocol"],
  ["releases", "access drizzle http platform projects protocol"],
  [
    "issues",
    "access audit drizzle events http platform projects protocol queues/catalog.ts releases stats",
  ],
  ["digest", "events issues platform projects protocol stats"],
  [
    "queues",
    "accounts audit digest events issues orgs platform projects protocol queues/catalog.ts stats",
  ],
  ["admin", "access accounts drizzle http platform protocol queues stats"],
];
const folders = uses.map(([folder, names]) => ({
  folder,
  uses: names.split(" ").filter((name) => name !== ""),
}));

const levelOf = (path: string) => levels.find(([, , pattern]) => pattern.test(path));
/** Messages are words that everybody may use; files that lie in no folder are held by the levels alone. */
const folderOf = (path: string): string | undefined =>
  path === "queues/catalog.ts"
    ? path
    : /^(?:src\/([\w-]+)|(queues|drizzle))\//.exec(path)?.slice(1).find(Boolean);

type Import = { from: string; to: string; isType: boolean };

const importPattern =
  /^(?:import|export)\s+(?<type>type\s)?(?<names>[^"';]*?)from\s+["'](?<path>\.[^"']+)["']|^import\s+["'](?<bare>\.[^"']+)["']|\bimport\(["'](?<late>\.[^"']+)["']\)/gm;

/** What a file imports of this project, also later on, and whether it names types only. */
function importsIn(from: string, text: string): Import[] {
  return [...text.matchAll(importPattern)].flatMap(({ 0: whole, groups = {}, index }) => {
    const target = groups.path ?? groups.bare ?? groups.late ?? "";
    const names = groups.names
      ?.match(/\{([^}]*)\}/)?.[1]
      ?.split(",")
      .filter((name) => name.trim());
    const isType =
      groups.type !== undefined ||
      (names?.every((name) => name.trim().startsWith("type ")) ?? false) ||
      (whole.startsWith("import(") && /typeof\s+$/.test(text.slice(0, index)));
    const path = join(dirname(from), target);
    return [{ from, to: path.endsWith(".json") ? path : `${path}.ts`, isType }];
  });
}
const imports = code
  .flatMap((from) => importsIn(from, read(from)))
  .filter(({ to }) => code.includes(to));

test("there is something to check", () => {
  expect(imports.length).toBeGreaterThan(1000);
  expect(code.filter((path) => !levelOf(path))).toEqual([]);
  const found = importsIn(
    "src/a/b.ts",
    `import { type X, y } from "./c";
import type { X } from "../d";
import type { Z } from "../e/f";
import "./g";
type H = typeof import("./h");
const { i } = await import("./i");
export { j } from "./j";
import json from "./k.json";
import hono from "hono";`,
  );
  expect(found.map(({ to, isType }) => [to, isType])).toEqual([
    ["src/a/c.ts", false],
    ["src/d.ts", true],
    ["src/e/f.ts", true],
    ["src/a/g.ts", false],
    ["src/a/h.ts", true],
    ["src/a/i.ts", false],
    ["src/a/j.ts", false],
    ["src/a/k.json", false],
  ]);
});

test("a file imports from its own level or a lower one", () => {
  const wrong = imports.flatMap(({ from, to, isType }) => {
    const [above, below] = [levelOf(from), levelOf(to)];
    // The types of SQL rows and messages may be named by what is below them; values may not.
    if (!above || !below || below[0] <= above[0] || isType) return [];
    return [
      `${from} (${above[1]}) imports ${to} (${below[1]}): pass it in as an argument, or move the shared part down`,
    ];
  });
  expect(wrong).toEqual([]);
});

test("the list of folders names each once, and for each only folders before it", () => {
  const names = folders.map(({ folder }) => folder);
  const existing = new Set(code.flatMap((path) => folderOf(path) ?? []));
  expect(names.toSorted()).toEqual([...existing].toSorted());
  for (const [place, { folder, uses }] of folders.entries()) {
    const before = names.slice(0, place);
    expect([folder, uses.filter((each) => !before.includes(each))]).toEqual([folder, []]);
  }
});

test("ARCHITECTURE draws the folders in layers, each above what uses it", () => {
  const picture = read("ARCHITECTURE.md").split("## Folders\n")[1]?.split("```\n")[1] ?? "";
  const columns = 30;
  const layers = picture
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(0, columns).trim().split(/\s+/));
  expect(layers.flat().toSorted()).toEqual(folders.map(({ folder }) => folder).toSorted());
  const layerOf = (folder: string) => layers.findIndex((layer) => layer.includes(folder));
  const wrong = folders.flatMap(({ folder, uses: used }) =>
    used
      .filter((each) => layerOf(each) >= layerOf(folder))
      .map((each) => `${folder} is not drawn below ${each}`),
  );
  expect(wrong).toEqual([]);
});

/** Imports from one folder by another. */
const crossings = imports.flatMap((each) => {
  const [mine, theirs] = [folderOf(each.from), folderOf(each.to)];
  return !mine || !theirs || mine === theirs ? [] : [{ ...each, mine, theirs }];
});
const valueCrossings = crossings.filter(({ isType }) => !isType);

test("a folder uses only the folders that the list gives it, and all of them", () => {
  const given = new Map(folders.map(({ folder, uses }) => [folder, uses]));
  const wrong = valueCrossings
    .filter(({ mine, theirs }) => !given.get(mine)?.includes(theirs))
    .map(
      ({ from, to, mine, theirs }) =>
        `${from} imports ${to}: publish a message, take it as an argument, or add ${theirs} to what ${mine} uses, with a reason`,
    );
  expect(wrong).toEqual([]);
  const unused = folders.flatMap(({ folder, uses }) =>
    uses
      .filter(
        (each) => !valueCrossings.some(({ mine, theirs }) => mine === folder && theirs === each),
      )
      .map((each) => `${folder} does not use ${each}`),
  );
  expect(unused).toEqual([]);
});

/** A request carries who is calling, whom access finds out. */
const typesUp = ["src/http/app-env.ts names what is in src/access/caller.ts"];

test("types of a folder further down in the list are named in one place alone", () => {
  const names = folders.map(({ folder }) => folder);
  const up = crossings
    .filter(({ mine, theirs }) => names.indexOf(theirs) > names.indexOf(mine))
    .map(({ from, to }) => `${from} names what is in ${to}`);
  expect(up).toEqual(typesUp);
});

// Every feature takes Deps: it would use, by them, whatever they name.
test("what all features are given names no feature", () => {
  const named = imports.filter(({ from }) => from === "src/deps.ts").map(({ to }) => to);
  expect(named.length).toBeGreaterThan(5);
  const allowed = /^src\/(?:platform|protocol)\/|^queues\/catalog\.ts$/;
  expect(named.filter((path) => !allowed.test(path))).toEqual([]);
});

test("ingest and all routes are reached by the mount list alone", () => {
  const isMounted = (path: string) =>
    path.startsWith("src/ingest/") || /^src\/[\w-]+\/([\w-]+-)?routes\.ts$/.test(path);
  const found = imports
    .filter(({ from, to }) => isMounted(to) && folderOf(from) !== folderOf(to))
    .filter(({ from }) => from !== "src/api.ts" && from !== "src/worker.ts")
    .map(({ from, to }) => `${from} imports ${to}: the shared part is no route`);
  expect(found).toEqual([]);
});

/** Those that lie on a way round, with all that lie on the same one. */
function circlesIn(arrows: [from: string, to: string][]): string[] {
  const next = new Map<string, string[]>();
  for (const [from, to] of arrows) next.set(from, [...(next.get(from) ?? []), to]);
  const reached = (start: string) => {
    const seen = new Set<string>();
    const open = [start];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      for (const to of next.get(name) ?? []) {
        if (!seen.has(to)) open.push(to);
        seen.add(to);
      }
    }
    return seen;
  };
  const all = new Map([...next.keys()].map((name) => [name, reached(name)]));
  const round = [...all.keys()].filter((name) => all.get(name)?.has(name));
  const circles = round.map((name) =>
    round.filter((other) => all.get(name)?.has(other) && all.get(other)?.has(name)).join(", "),
  );
  return [...new Set(circles)];
}

test("there is no circle of files, types included, and none of folders", () => {
  expect(
    circlesIn([
      ["a", "b"],
      ["b", "c"],
      ["c", "b"],
      ["c", "d"],
      ["e", "e"],
    ]),
  ).toEqual(["b, c", "e"]);
  expect(circlesIn(imports.map(({ from, to }) => [from, to]))).toEqual([]);
  expect(circlesIn(valueCrossings.map(({ mine, theirs }) => [mine, theirs]))).toEqual([]);
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
    .filter(({ from, to, isType }) => isQueries(to) && !isType && folderOf(from) !== folderOf(to))
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
  issue_texts: "issues",
  issue_hours: "issues",
  issue_users: "issues",
  issue_changes: "issues",
  issue_change_failures: "issues",
  issue_activities: "issues",
  issue_assignments: "issues",
  issue_marks: "issues",
  issue_shares: "issues",
  suggested_owners: "issues",
  issue_jobs: "issues",
  issue_job_slices: "issues",
  regrouped_events: "issues",
  regrouped_hashes: "issues",
  deleted_issues: "issues",
  issue_states: "issues",
  saved_views: "issues",
  view_marks: "issues",
  recent_searches: "issues",
  change_slices: "issues",
  status_changes: "issues",
  status_change_slices: "issues",
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
  const tableOf = new Map(
    code
      .filter((path) => path.startsWith("drizzle/schema/"))
      .flatMap((path) =>
        [...read(path).matchAll(/export const (\w+) = pgTable\(\s*"(\w+)"/g)].map(
          ([, name, table]) => [name, table] as const,
        ),
      ),
  );
  const written = (path: string) =>
    [
      ...read(path).matchAll(
        /\b(?:insert into|update|delete from)\s+(?:\$\{)?(\w+)|(?:\.(?:insert|update|delete)|\binsertSelect)\(\s*(\w+)\s*[,)]/g,
      ),
    ].map(([, named = "", built = ""]) => tableOf.get(built || named) ?? named);
  expect(code.flatMap(written).filter((table) => table in owners).length).toBeGreaterThan(50);
  const wrong = code.flatMap((path) =>
    written(path).flatMap((table) =>
      owners[table] && owners[table] !== folderOf(path)
        ? [`${path} writes ${table}, which belongs to ${owners[table]}`]
        : [],
    ),
  );
  expect(wrong).toEqual([]);
});

test("SQL takes names of tables, and of columns it inserts, from the schema: a renamed one is a type error", () => {
  const names = Object.keys(owners).join("|");
  const literals = [
    new RegExp(`\\b(?:from|join|into|update|using)\\s+(?:${names})\\b`, "g"),
    new RegExp(`, (?:${names}) [a-z]{1,2}\\b(?=[\\s\`])`, "g"),
    new RegExp(`\\b(?:${names})\\.[a-z]+_[a-z_]+\\b`, "g"),
    /\binsert into \$\{\w+\} \((?!\$\{)/g,
  ];
  const literalsIn = (text: string) => {
    const withoutComments = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^import .*/gm, "");
    // Only what is written in SQL: words of the code may be called like a table.
    const templates = [...withoutComments.matchAll(/`(?:[^`\\]|\\.)*`/g)].join("\n");
    return literals.flatMap((literal) => templates.match(literal) ?? []);
  };
  expect(literalsIn("/** from users */ sql`select ${users.id} from ${users} u`")).toEqual([]);
  expect(
    [
      "sql`update users set name = ''`",
      "sql`select 1 from ${x}, teams t where t.id = 1`",
      "sql`select users.is_active from ${users}`",
      "sql`insert into ${users} (name) select 'x'`",
    ].map((text) => literalsIn(text).length),
  ).toEqual([1, 1, 1, 1]);
  const files = code.filter((path) => path.startsWith("src/") && path.endsWith("queries.ts"));
  expect(files.length).toBeGreaterThan(25);
  const wrong = files.flatMap((path) =>
    literalsIn(read(path)).map((found) => `${path}: ${found}: name it through drizzle/schema`),
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

/** Calls that make an entry of the audit log and stand in no list of statements of commitUnder. */
const loose = (text: string): number[] =>
  [...text.matchAll(/(?<![\w.])audit(?:Statement|OfChange)\(/g)]
    .map(({ index }) => index)
    .filter((index) => {
      const list = openerOf(text, index);
      const around = openerOf(text, list);
      const isFirst = text.slice(list + 1, index).trim() === "";
      return (
        text[list] !== "[" ||
        !/\bcommitUnder$/.test(text.slice(0, Math.max(around, 0))) ||
        // What it reads is to be as it was before the change.
        (text.startsWith("auditOfChange", index) && !isFirst)
      );
    });

// Else a change could be kept without its entry, or an entry without its change; and what it hangs on could be gone.
test("an entry of the audit log is committed with its change, under what that hangs on", () => {
  const good = "commitUnder(db, { orgId: f(1) }, [change(db, [1]), auditStatement(db, { a: [] })])";
  expect(loose(good)).toEqual([]);
  const bad = [
    good.replace("commitUnder", "commit"),
    good.replace("auditStatement", "auditOfChange"),
    "commit(db, [auditOfChange(db, 1), change(db)])",
    "await auditStatement(db, 1)",
    "commitUnder(db, {}, [change(db)]); await auditStatement(db)",
    "const entry = auditStatement(db); return [entry]",
  ];
  expect(bad.map((text) => loose(text).length)).toEqual([1, 1, 1, 1, 1, 1]);
  const callers = code.filter((path) => path !== "src/audit/audit.ts");
  const calls = callers.filter((path) => /(?<![\w.])auditStatement\(/.test(read(path)));
  expect(calls.length).toBeGreaterThan(5);
  expect(callers.filter((path) => loose(read(path)).length > 0)).toEqual([]);
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

// One place looks where an address leads, and at each redirect again.
test("an address that users typed is asked by src/platform/outbound.ts alone", () => {
  const asking = code.filter(
    (path) => path.startsWith("src/") && /(?<![\w.])fetch\(|cloudflare:sockets/.test(read(path)),
  );
  expect(asking, "ask deps.outbound, or say here which server of the installation it is").toEqual([
    "src/platform/database.ts",
    "src/platform/local-status.ts",
    "src/platform/mailer.ts",
    "src/platform/outbound.ts",
    "src/platform/resolve-name.ts",
  ]);
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

/** What a route file would not need if it only parsed, called and shaped. */
const beyondRoutes: [pattern: RegExp, advice: string][] = [
  [/^import (?!type\b)[^;]*?\bfrom "\.[^"]*queries";/gms, "call a function of the feature"],
  [/\bdeps\.db\b|\bcommit(?:Under)?\(|\bfrom "drizzle-orm"/g, "write in a function of the feature"],
  [/\bnew Date\(\+|\bdeps\.blobs\b|\bdeps\.publish\(/g, "decide in a function of the feature"],
];
const routeLinesMax = 300;

test("a route file parses, calls and shapes: other protocols call the same functions", () => {
  const faultsIn = (text: string) =>
    beyondRoutes.flatMap(([pattern, advice]) =>
      [...text.matchAll(pattern)]
        .filter(([found]) => !/^import \{(?:\s*type \w+,?)+\s*\}/.test(found))
        .map(([found]) => `${found}: ${advice}`),
    );
  const good =
    'import type { Row } from "./queries";\nimport { type A, type B } from "./key-queries";';
  expect(faultsIn(good)).toEqual([]);
  const bad = [
    'import { type Row, selectRow } from "./queries";',
    'import {\n  selectRow,\n} from "./row-queries";',
    "await c.var.deps.db.batch([])",
    "commitUnder(db, {}, [])",
  ];
  expect(bad.map((text) => faultsIn(text).length > 0)).toEqual(bad.map(() => true));
  const routes = code.filter((path) => /^src\/.*routes\.ts$/.test(path));
  expect(routes.length).toBeGreaterThan(25);
  expect(
    routes.flatMap((path) => faultsIn(read(path)).map((fault) => `${path}: ${fault}`)),
  ).toEqual([]);
  const long = routes.filter((path) => read(path).split("\n").length > routeLinesMax);
  expect(long, "move what is decided there into functions of the feature").toEqual([]);
});

test("a page of a list is cut in one place, in one spelling", () => {
  const cutting = code.filter(
    (path) =>
      path.endsWith("queries.ts") && /\bcursor\??\.\w|\bbackward\b|\blimit \+ 1\b/.test(read(path)),
  );
  expect(cutting, "ask keyset of src/platform/keyset.ts").toEqual([]);
});

// Else each of them would be two words for one thing in half of the code.
test("names that clients use and the schema does not are translated in shapes", () => {
  const ofClients =
    /\b(?:eventThrottleRate|allowedDomains|dataScrubberDefaults|scrubIPAddresses)\b/;
  const allowed = /(?:schemas|shapes|routes)\.ts$|^src\/protocol\//;
  const wrong = code.filter((path) => !allowed.test(path) && ofClients.test(read(path)));
  expect(wrong, "take the name of the column").toEqual([]);
});

const webLevels: [name: string, pattern: RegExp][] = [
  ["words, addresses and choices", /^src\/web\/[\w-]+\.tsx?$/],
  ["the API", /^src\/web\/api\//],
  ["parts", /^src\/web\/parts\//],
  ["the frame", /^src\/web\/frame\//],
  ["pages", /^src\/web\/[\w-]+\//],
];
/** What is mounted last, and names all pages; leads from old addresses to new ones with the help of the API. */
const webEntries = /^src\/web\/(?:main|routes|other-pages|boot|old-addresses)\.tsx?$/;
const webLevelOf = (path: string) =>
  webEntries.test(path)
    ? webLevels.length
    : webLevels.findIndex(([, pattern]) =>
        pattern.test(path.startsWith("src/protocol/") ? "src/web/x.ts" : path),
      );
const featureOf = (path: string) => /^src\/web\/([\w-]+)\//.exec(path)?.[1];

/** What files of the UI import of this project, with the ending that the file has. */
const webImports = webCode.flatMap((from) =>
  importsIn(from, read(from)).map(({ to, ...rest }) => ({
    ...rest,
    to: existsSync(join(root, `${to}x`)) ? `${to}x` : to,
  })),
);

test("the UI imports itself, the pure words of the protocol and types of the API; nothing imports the UI", () => {
  expect(webImports.length).toBeGreaterThan(100);
  const outside = webImports
    .filter(({ to }) => !to.startsWith("src/web/") && !to.startsWith("src/protocol/"))
    .map(({ from, to }) => `${from} imports ${to}`);
  const inside = imports
    .filter(({ to }) => to.startsWith("src/web/"))
    .map(({ from, to }) => `${from} imports ${to}`);
  expect([...outside, ...inside]).toEqual([]);
});

test("within the UI a file imports from its own level or a lower one, and no page from another area", () => {
  const wrong = webImports.flatMap(({ from, to }) => {
    const [mine, theirs] = [webLevelOf(from), webLevelOf(to)];
    if (theirs > mine) return [`${from} imports ${to}, which stands above it`];
    const isOtherArea = mine === 4 && theirs === 4 && featureOf(from) !== featureOf(to);
    return isOtherArea
      ? [`${from} imports ${to}: what two areas need stands in frame or parts`]
      : [];
  });
  expect(wrong).toEqual([]);
});
