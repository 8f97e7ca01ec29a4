import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { afterEach, expect, test } from "vitest";
import { assertNoFormerSetting, takeOver } from "../scripts/local/take-over";
import { makeScratch } from "./scratch";

let folder = "";
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const outsideName = (product: string, home: string) =>
  `${product}-${createHash("sha256").update(home).digest("hex").slice(0, 12)}`;

const worker = `export default { async fetch(request, { BLOBS }) {
  if (request.method === "PUT") return new Response(String(await BLOBS.put("segments/one", await request.text())));
  return new Response((await BLOBS.get("segments/one"))?.body);
} }`;

/** Asks what the simulator keeps of a bucket under a name. */
async function ask(home: string, name: string, request?: { method: string; body: string }) {
  const simulator = new Miniflare({
    modules: true,
    script: worker,
    r2Buckets: { BLOBS: name },
    r2Persist: join(home, "r2"),
  });
  try {
    return await (await simulator.dispatchFetch("http://bucket.example", request)).text();
  } finally {
    await simulator.dispose();
  }
}

async function earlierStart(home: string) {
  mkdirSync(join(home, "postgres"), { recursive: true });
  writeFileSync(join(home, "postgres", "faultline-password"), "x");
  writeFileSync(join(home, "auth-secret"), "kept");
  await ask(home, "faultline", { method: "PUT", body: "payload" });
}

const found = (home: string) => ask(home, "brinkwatch");

test("the folder of an earlier start becomes ours, with its objects, and is taken over once", async () => {
  folder = makeScratch("take-over");
  const [home, earlier, outside] = ["new", "old", "outside"].map((name) => join(folder, name));
  if (!home || !earlier || !outside) throw new Error("no folders");
  await earlierStart(earlier);
  mkdirSync(join(outside, outsideName("faultline", earlier), "postgres"), { recursive: true });
  expect(takeOver(home, earlier, [outside], outsideName)).toContain(home);
  expect(existsSync(earlier)).toBe(false);
  expect(readdirSync(home).toSorted()).toEqual(["auth-secret", "postgres", "r2"]);
  expect(readdirSync(join(home, "postgres"))).toEqual([]);
  expect(readdirSync(outside)).toEqual([outsideName("brinkwatch", home)]);
  expect(await found(home)).toBe("payload");
  expect(takeOver(home, earlier, [outside], outsideName)).toBeUndefined();
});

test("what a start has compiled before it looks goes along and does not hide the earlier folder", async () => {
  folder = makeScratch("take-over");
  const [home, earlier] = [join(folder, "new"), join(folder, "old")];
  await earlierStart(earlier);
  mkdirSync(join(home, "run"), { recursive: true });
  writeFileSync(join(home, "run", "main.mjs"), "");
  expect(takeOver(home, earlier, [], outsideName)).toContain(home);
  expect(readdirSync(home).toSorted()).toEqual(["auth-secret", "postgres", "r2", "run"]);
  expect(readdirSync(join(home, "run"))).toEqual(["main.mjs"]);
});

test("a folder that was named by the person is taken over where it is", async () => {
  folder = makeScratch("take-over");
  const home = join(folder, "mine");
  await earlierStart(home);
  expect(takeOver(home, join(folder, "none"), [], outsideName)).toContain(home);
  expect(await found(home)).toBe("payload");
});

test("a folder that has data of ours already leaves the earlier one alone", async () => {
  folder = makeScratch("take-over");
  const [home, earlier] = [join(folder, "new"), join(folder, "old")];
  await earlierStart(earlier);
  mkdirSync(join(home, "postgres"), { recursive: true });
  expect(takeOver(home, earlier, [], outsideName)).toBeUndefined();
  expect(existsSync(join(earlier, "postgres", "faultline-password"))).toBe(true);
});

test("nothing is moved below a server that still runs on it", async () => {
  folder = makeScratch("take-over");
  const [home, earlier] = [join(folder, "new"), join(folder, "old")];
  await earlierStart(earlier);
  writeFileSync(join(earlier, "postgres", "postmaster.pid"), `${process.pid}\n`);
  expect(() => takeOver(home, earlier, [], outsideName)).toThrow("still runs");
  expect([existsSync(home), existsSync(join(earlier, "postgres", "faultline-password"))]).toEqual([
    false,
    true,
  ]);
});

test("a setting of the former name is not ignored without a word", () => {
  expect(() => assertNoFormerSetting({ FAULTLINE_HOME: "/data" })).toThrow("BRINKWATCH_HOME");
  assertNoFormerSetting({ FAULTLINE_HOME: "/data", BRINKWATCH_HOME: "/data" });
  assertNoFormerSetting({});
});
