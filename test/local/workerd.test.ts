import { afterAll, expect, test } from "vitest";
import { eventually } from "../harness";
import { sampleAnswers, sampleFiles, sampleToml } from "./sample-worker";
import { endAll, project, requestRaw } from "./workerd-project";

afterAll(endAll);

const ask = async (url: string, path: string) => {
  const headers = { "sec-fetch-mode": "navigate" };
  const { status, text } = await requestRaw(url, path, { headers });
  return [path, status, text];
};

test("a worker with objects, assets and a service runs as its wrangler.toml says, and keeps what it stored", async () => {
  const { start } = project(sampleToml("without"), sampleFiles);
  const home = await start(true, { CONTROL_SECRET: "control" });
  const door = await start(false);
  for (const expected of sampleAnswers) expect(await ask(door.url, expected[0])).toEqual(expected);
  await home.kill();
  await start(true, { CONTROL_SECRET: "control" });
  await eventually(async () =>
    expect(await ask(door.url, "/api/count")).toEqual(["/api/count", 200, "3"]),
  );
});
