import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { fingerprintOf } from "../fingerprint.mjs";

// What runs for months is compiled once, into the data folder: a process that compiles while it loads never gives the
// memory for that back.

const here = dirname(fileURLToPath(import.meta.url));

const names = ["main", "bridges", "prepare"];

/** What they are made of, by folder; packages are named by the lock file. */
const sources = ["scripts", "src", "queues", "drizzle", "package.json", "package-lock.json"];
/** Pages are built apart, and migrations are read when they are run. */
const isCompiled = (name) => !/^\/(?:src\/web|scripts\/web|drizzle\/migrations)\//.test(name);

/**
 * Returns the address of the compiled launcher; the other processes of Node lie beside it. What was compiled of the same
 * sources before is taken as it lies there.
 */
export async function buildLauncher() {
  const root = resolve(here, "../..");
  // What is compiled lies elsewhere and finds the project by this.
  process.env.BRINKWATCH_PROJECT = root;
  const home = process.env.BRINKWATCH_HOME
    ? resolve(process.env.BRINKWATCH_HOME)
    : join(root, ".brinkwatch");
  const outdir = join(home, "run");
  // It also says where the project is, since packages are named by their whole path.
  const now = `${root} ${fingerprintOf(root, sources, isCompiled)}`;
  const note = join(outdir, "made-of");
  const refuse = (reason) => new Error(`The data folder ${home} cannot be written: ${reason}`);
  try {
    mkdirSync(outdir, { recursive: true });
    const isMade = isMadeOf(outdir, note, now);
    // What a start that is killed while it compiles leaves is no launcher; and a folder that cannot be written is said.
    writeFileSync(note, isMade ? now : "");
    if (isMade) return addressIn(outdir);
  } catch (error) {
    throw refuse(error.message);
  }
  await compile(outdir).catch((error) => {
    const [first] = error.errors ?? [];
    throw first?.text.startsWith("Failed to write") ? refuse(first.text) : error;
  });
  writeFileSync(note, now);
  return addressIn(outdir);
}

const addressIn = (outdir) => pathToFileURL(join(outdir, "main.mjs")).href;

const isMadeOf = (outdir, note, fingerprint) =>
  existsSync(note) &&
  readFileSync(note, "utf8") === fingerprint &&
  names.every((name) => existsSync(join(outdir, `${name}.mjs`)));

/** The compiler is loaded only where something is to be compiled. */
async function compile(outdir) {
  const { build, stop } = await import("esbuild");
  try {
    await build({
      entryPoints: names.map((name) => join(here, `${name}.ts`)),
      outdir,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      logLevel: "silent",
      plugins: [packagesOfProject],
    });
  } finally {
    await stop();
  }
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
