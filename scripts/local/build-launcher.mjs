import { mkdirSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, stop } from "esbuild";

// What runs for months is compiled once, into the data folder: a process that compiles while it loads never gives the
// memory for that back.

const here = dirname(fileURLToPath(import.meta.url));

/** Returns the address of the compiled launcher; the other processes of Node lie beside it. */
export async function buildLauncher() {
  const root = resolve(here, "../..");
  // What is compiled lies elsewhere and finds the project by this.
  process.env.BRINKWATCH_PROJECT = root;
  const home = process.env.BRINKWATCH_HOME
    ? resolve(process.env.BRINKWATCH_HOME)
    : join(root, ".brinkwatch");
  const outdir = join(home, "run");
  const refuse = (reason) => new Error(`The data folder ${home} cannot be written: ${reason}`);
  try {
    mkdirSync(outdir, { recursive: true });
  } catch (error) {
    throw refuse(error.message);
  }
  const building = build({
    entryPoints: ["main", "bridges", "prepare"].map((name) => join(here, `${name}.ts`)),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
    plugins: [packagesOfProject],
  });
  await building.catch((error) => {
    const [first] = error.errors ?? [];
    throw first?.text.startsWith("Failed to write") ? refuse(first.text) : error;
  });
  await stop();
  return pathToFileURL(join(outdir, "main.mjs")).href;
}

/** Packages stay where npm put them. */
const packagesOfProject = {
  name: "packages of the project",
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === "entry-point") return undefined;
      return { path: isBuiltin(path) ? path : import.meta.resolve(path), external: true };
    });
  },
};
