import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { makeScratch, removeAbandoned } from "./scratch";

test("a folder of a process that is gone is removed, others stay", () => {
  const own = makeScratch("scratch");
  const { pid: gone } = spawnSync(process.execPath, ["-e", ""]);
  const abandoned = own.replace(`-${process.pid}-`, `-${gone}-`);
  const unnamed = own.replace(`-${process.pid}-`, "-");
  for (const folder of [abandoned, unnamed]) mkdirSync(folder);
  removeAbandoned();
  expect([own, abandoned, unnamed].map((folder) => existsSync(folder))).toEqual([
    true,
    false,
    true,
  ]);
  for (const folder of [own, unnamed]) rmSync(folder, { recursive: true });
});
