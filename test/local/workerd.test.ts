import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { eventually } from "../harness";
import { needed, sampleAnswers, sampleFiles, sampleToml } from "./sample-worker";
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

test("texts reach the worker as they are written, whatever they hold, and settings win over vars", async () => {
  const words = {
    QUOTES: `"double" 'single' \\ \\n \${x}`,
    LINES: "one\ntwo\r\n\tthree\u0000four\u007f",
    UNICODE: "grüße ☃ 🦊 \u0085 \u2028",
    EMPTY: "",
    NUMBERS: { list: [1, -2.5, true], deep: { 'a"b': "c\nd" } },
    GIVEN: "from wrangler.toml",
  };
  const toml = `${needed}\n[vars]\n${Object.entries(words)
    .map(([name, value]) => `${name} = ${tomlOf(value)}`)
    .join("\n")}`;
  const { folder, start } = project(toml, {
    "worker.js": "export default { fetch: (request, env) => Response.json(env) };",
  });
  const { url } = await start(true, { GIVEN: 'a secret\n"ü"', MORE: "x" });
  expect(JSON.parse((await requestRaw(url, "/")).text)).toMatchObject({
    ...words,
    GIVEN: 'a secret\n"ü"',
    MORE: "x",
  });
  // Values of settings are in the environment of the process alone.
  expect(readFileSync(join(folder, "part-0.capnp"), "utf8")).not.toContain("a secret");
});

/** JSON strings are strings of TOML; tables are written inline. */
const tomlOf = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(tomlOf).join(", ")}]`;
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value).replaceAll("\u007f", String.raw`\u007f`);
  }
  const members = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)} = ${tomlOf(each)}`,
  );
  return `{ ${members.join(", ")} }`;
};

test("what needs another worker is refused by name before anything starts", () => {
  const { configOf } = project(sampleToml("with"), sampleFiles);
  expect(configOf).toThrow(
    "wrangler.toml: NEIGHBOUR needs the worker neighbour; FOREIGN needs the worker neighbour, which does not run beside this one.",
  );
});

test("an address that cannot be had is said in the words of workerd", async () => {
  const { start } = project(needed, { "worker.js": "export default {};" });
  const { url } = await start(true);
  await expect(start(true, {}, url.slice("http://".length))).rejects.toThrow(
    "Address already in use",
  );
});

test("a part that is started again on a full disk writes nothing", async () => {
  const { folder, start } = project(needed, { "worker.js": "export default {};" });
  const first = await start(true, { CONTROL_SECRET: "x" });
  const written = () =>
    readdirSync(folder).map((name) => [
      name,
      statSync(join(folder, name), { bigint: true }).mtimeNs,
    ]);
  const before = written();
  await first.kill();
  await start(true, { CONTROL_SECRET: "x" }, first.url.slice("http://".length), "part-0");
  expect(written()).toEqual(before);
});

test("a client cannot say for itself where it comes from", async () => {
  const { start } = project(needed, {
    "worker.js": `export default { fetch: (request) => new Response(request.headers.get("cf-connecting-ip")) };`,
  });
  const { url } = await start(true);
  const headers = { "CF-Connecting-IP": "203.0.113.9" };
  expect((await requestRaw(url, "/", { headers })).text).toBe("");
});
