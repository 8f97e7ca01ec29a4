import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { serverProtocols } from "../src/protocol/server-url";
import { commandLine } from "./command-line";
import { makeScratch } from "./scratch";
import { commandNames, filesBelow, read, root } from "./sources";

const run = promisify(execFile);
const names = Object.keys(serverProtocols);
const nowhere = join(makeScratch("server-settings"), "home");

const database = { DATABASE_URL: "postgres://app:hunter#2hunter@db.example/shop" };
const bucket = {
  DATABASE_URL: "postgres://app:word@127.0.0.1:1/shop",
  S3_BUCKET: "errors",
  S3_ACCESS_KEY_ID: "id",
  S3_SECRET_ACCESS_KEY: "word",
};
const cut = { ...bucket, S3_ENDPOINT: "https://app:hunter#2hunter@s3.example" };
const withLogin = { ...bucket, S3_ENDPOINT: "https://app:hunter2hunter@s3.example" };

/** Every command that reads addresses of servers; the start is in test/protocol/server-url.test.ts. */
const commands: [script: string, args: string[], settings: Record<string, string>][] = [
  ["migrate", [], database],
  ["seed", [], { ...database, PUBLIC_URL: "https://errors.example" }],
  ["create-user", ["--email", "ada@example.com"], database],
  ["backup", [join(nowhere, "file")], database],
  ["backup", [join(nowhere, "file")], cut],
  ["export", [join(nowhere, "folder")], withLogin],
  ["import", [join(nowhere, "folder")], cut],
];

test.concurrent.each(commands)(
  "%s names the setting that is wrong and no piece of it (%#)",
  async (script, args, settings) => {
    const env = { PATH: process.env.PATH, BRINKWATCH_HOME: nowhere, ...settings };
    const running = run(process.execPath, [...commandLine(script), ...args], {
      cwd: root,
      env,
    });
    running.child.stdin?.end();
    const { code, stdout, stderr } = await running.then(
      () => ({ code: 0, stdout: "", stderr: "" }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    const name = "S3_ENDPOINT" in settings ? "S3_ENDPOINT" : "DATABASE_URL";
    expect([code, stdout, stderr]).toEqual([1, "", expect.stringMatching(`^${name}: .+\n$`)]);
    expect(stderr).not.toMatch(/hunter|app/);
    expect(existsSync(nowhere)).toBe(false);
  },
);

test("no script reads an address of a server past the check", () => {
  const any = names.join("|");
  const past = new RegExp(
    `\\b(?:env|environment)(?:\\.|\\[")(?:${any})\\b|\\{[^{}]*\\b(?:${any})\\b[^{}]*\\} = process\\.env`,
  );
  expect(past.test("const { PORT, DATABASE_URL } = process.env;")).toBe(true);
  expect(past.test('connect(process.env.REDIS_URL ?? "")')).toBe(true);
  const found = filesBelow("scripts", /\.(?:ts|mjs)$/).filter((path) => past.test(read(path)));
  expect(found).toEqual([]);
});

test("every command that opens a database or a bucket is walked above, or says why not", () => {
  const others = [
    // It reads the whole file first, and then the settings as the others do (`openHome`).
    "restore",
    // It asks for what is not set, and checks both (`checkedServer`).
    "deploy-setup/main",
    // They know the server that runs here, or are given an address over HTTP.
    "demo",
    "dead-letters",
    "local/reset",
  ];
  const walked = new Set(commands.map(([script]) => script));
  expect(commandNames.toSorted()).toEqual([...walked, ...others].toSorted());
});
