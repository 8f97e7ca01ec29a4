import { join } from "node:path";
import type { Stack } from "./harness";
import type { SingleWorkerOptions } from "./simulator/start-worker";

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
export function withProbe(options: SingleWorkerOptions) {
  const { modules, modulesRoot } = options as { modules: object[]; modulesRoot: string };
  const window = { type: "ESModule", path: join(modulesRoot, "probe.js"), contents: probe };
  return { ...options, modules: [window, ...modules] } as SingleWorkerOptions;
}

/** Whether each thing that is shared takes new members, and the names of those it has. */
export const readShared = async ({ url }: Stack): Promise<(boolean | string)[][]> =>
  (await (await fetch(url + path)).json()) as (boolean | string)[][];
