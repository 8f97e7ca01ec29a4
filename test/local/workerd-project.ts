import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { dirname, join } from "node:path";
import { freePort } from "../../scripts/local/postgres";
import { startWorkerd } from "../../scripts/local/workerd";
import { type WorkerdProcess, workerdConfig } from "../../scripts/local/workerd-config";
import { readWranglerConfig } from "../../scripts/local/wrangler-config";
import { makeScratch } from "../scratch";

const scratch = makeScratch("workerd");
const endings: (() => unknown)[] = [() => rmSync(scratch, { recursive: true, force: true })];
/** Ends what was started and removes its files. */
export const endAll = async () => {
  for (const end of endings.toReversed()) await end();
};

let count = 0;
/** A folder with a wrangler.toml and the files of its worker, and what starts parts of it in workerd. */
export function project(toml: string, files: Record<string, string>) {
  const folder = join(scratch, String(count++));
  for (const [name, text] of Object.entries({ ...files, "wrangler.toml": toml })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const config = readWranglerConfig(join(folder, "wrangler.toml"));
  const partOf = (isHome: boolean, address: string, settings: string[]): WorkerdProcess => ({
    config,
    bundle: join(folder, "worker.js"),
    settings,
    bridges: { host: "127.0.0.1:1", secret: "of the bridges" },
    ...(settings.includes("CONTROL_SECRET")
      ? { role: "consumer", controlAddress: address }
      : { role: "door", address, controlAddress: "127.0.0.1:0" }),
    objects: { isHome, folder: join(folder, "objects") },
  });
  let parts = 0;
  /** With a CONTROL_SECRET it is a consumer. */
  const start = async (
    isHome: boolean,
    settings: Record<string, string> = {},
    at?: string,
    name = `part-${parts++}`,
  ) => {
    const address = at ?? `127.0.0.1:${await freePort()}`;
    const lines: string[] = [];
    const running = await startWorkerd(
      name,
      partOf(isHome, address, Object.keys(settings)),
      settings,
      (line) => lines.push(line),
    );
    endings.push(() => running.stop(1000));
    const kill = async () => {
      process.kill(running.pid, "SIGKILL");
      await running.ended;
    };
    return { lines, url: `http://${address}`, kill };
  };
  return {
    folder,
    start,
    configOf: (settings: string[] = []) => workerdConfig(partOf(true, "127.0.0.1:1", settings)),
  };
}

const agent = new Agent({ keepAlive: true });
endings.push(() => agent.destroy());

/** One request whose path and headers reach the server as they are; `fetch` would put its own in their place. */
export function requestRaw(
  url: string,
  path: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asking = request({ host, port, path, method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    asking.on("error", reject);
    asking.end();
  });
}
