import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SingleWorkerOptions } from "../scripts/dev/worker";
import type { Stack } from "./harness";

const path = "/what-is-shared";

/** Beside the worker in its isolate: tells what a walk through inherited members finds there. */
const probe = `
  import worker from "./worker.js";
  const shared = [Object, Array, String, Number, Boolean, Function, Map, Set, Promise, RegExp, Date]
    .flatMap((made) => [made, made.prototype]);
  const members = () => shared.map((each) => [
    Object.isExtensible(each),
    ...Reflect.ownKeys(each).map(String).sort(),
  ]);
  export default {
    ...worker,
    fetch: (request, env, context) =>
      new URL(request.url).pathname === "${path}"
        ? Response.json(members())
        : worker.fetch(request, env, context),
  };`;

/** The bundle with a window into its isolate. */
export function withProbe({
  scriptPath = "",
  ...options
}: SingleWorkerOptions & { scriptPath?: string }) {
  const folder = dirname(scriptPath);
  const texts = readdirSync(folder).filter((name) => /-swagger-ui[\w-]*\.(js|css)$/.test(name));
  const { modulesRules: _, modulesRoot: __, ...kept } = options as Record<string, unknown>;
  return {
    ...kept,
    modulesRoot: folder,
    modules: [
      { type: "ESModule" as const, path: join(folder, "probe.js"), contents: probe },
      { type: "ESModule" as const, path: scriptPath },
      ...texts.map((name) => ({ type: "Text" as const, path: join(folder, name) })),
    ],
  } as SingleWorkerOptions;
}

/** Whether each thing that is shared takes new members, and the names of those it has. */
export const readShared = async ({ url }: Stack): Promise<(boolean | string)[][]> =>
  (await (await fetch(url + path)).json()) as (boolean | string)[][];
