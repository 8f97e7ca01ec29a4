import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildLauncher } from "../../scripts/local/build-launcher.mjs";
import { makeScratch } from "../scratch";

const before = { ...process.env };
let home: string;
beforeEach(() => {
  home = makeScratch("launcher");
  process.env.BRINKWATCH_HOME = home;
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  for (const name of ["BRINKWATCH_HOME", "BRINKWATCH_PROJECT"]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

const inRun = (name: string) => join(home, "run", name);
/** A file that is written anew is another one. */
const madeAt = (name: string) => statSync(inRun(name), { bigint: true }).mtimeNs;

test("what the launcher is made of is compiled once, not at each start", async () => {
  const main = fileURLToPath(await buildLauncher());
  expect(main).toBe(inRun("main.mjs"));
  const files = ["bridges.mjs", "made-of", "main.mjs", "prepare.mjs"];
  expect(readdirSync(join(home, "run")).toSorted()).toEqual(files);
  const first = madeAt("main.mjs");
  await buildLauncher();
  expect(madeAt("main.mjs")).toBe(first);
});

test("other sources, another place of the project or a half-made launcher are compiled anew", async () => {
  await buildLauncher();
  const made = () => {
    const at = madeAt("main.mjs");
    return async () => {
      await buildLauncher();
      expect(madeAt("main.mjs")).not.toBe(at);
    };
  };
  for (const spoil of [
    () => writeFileSync(inRun("made-of"), "/elsewhere 0123"),
    () => rmSync(inRun("made-of")),
    () => rmSync(inRun("bridges.mjs")),
  ]) {
    const isMadeAnew = made();
    spoil();
    await isMadeAnew();
  }
});
