import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import type { WranglerConfig } from "../wrangler-config";
import { type HeaderRule, parseHeaderRules } from "./header-rules";

/** The limits of Cloudflare, where the same files must be taken. */
const filesMax = 20_000;
const fileBytesMax = 25 * 1024 * 1024;

/** What describes the files is none of them. */
const headersFile = "_headers";
const unknownFiles = ["_redirects", ".assetsignore"];

/** All that is known of the files before anybody asks: the modules of workerd that serve them get it as JSON. */
export type Assets = {
  files: [path: string, etag: string, contentType: string | null, bytes: number][];
  headerRules: HeaderRule[];
  /** Paths for which the worker is asked first, and exceptions of them; true for all. */
  workerFirst: boolean | { worker: string[]; files: string[] };
  notFound: "single-page-application" | "404-page" | "none";
  html: "auto-trailing-slash" | "force-trailing-slash" | "drop-trailing-slash" | "none";
  /** Whether somebody who opens a page gets the one for paths that are no file, before the worker is asked. */
  pagesFirst: boolean;
};

/** Reads the folder of `[assets]`; what is put there later is not served. */
export function readAssets(config: WranglerConfig): Assets | undefined {
  const { assets } = config;
  if (!assets) return undefined;
  const directory = directoryOf(config, assets.directory);
  const headers = join(directory, headersFile);
  const { run_worker_first: first = false } = assets;
  return {
    files: filesOf(directory),
    headerRules: existsSync(headers) ? parseHeaderRules(readFileSync(headers, "utf8")) : [],
    workerFirst: typeof first === "boolean" ? first : inTwo(first),
    notFound: assets.not_found_handling ?? "none",
    html: assets.html_handling ?? "auto-trailing-slash",
    pagesFirst: prefersPages(config),
  };
}

/** Where `[assets]` has its files. */
export const directoryOf = ({ folder }: WranglerConfig, directory: string): string =>
  join(folder, directory);

function filesOf(directory: string): Assets["files"] {
  if (!existsSync(directory)) throw new Error(`wrangler.toml: assets: there is no ${directory}`);
  const unknown = unknownFiles.filter((name) => existsSync(join(directory, name)));
  if (unknown.length > 0) {
    throw new Error(`${directory}: the local runtime does not know ${unknown.join(" and ")}`);
  }
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((file) => statSync(file).isFile() && file !== join(directory, headersFile));
  if (files.length > filesMax) {
    throw new Error(`${directory} has ${files.length} files; ${filesMax} are served at most`);
  }
  return files.sort().map((file) => {
    const { size } = statSync(file);
    if (size > fileBytesMax) {
      throw new Error(`${file} is larger than ${fileBytesMax / 1024 / 1024} MiB`);
    }
    const path = `/${relative(directory, file).split(sep).join("/")}`;
    const etag = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 32);
    return [path, etag, contentTypes.get(extname(file).toLowerCase()) ?? null, size];
  });
}

const inTwo = (paths: string[]) => ({
  worker: paths.filter((path) => !path.startsWith("!")),
  files: paths.filter((path) => path.startsWith("!")).map((path) => path.slice(1)),
});

/** Two compatibility flags of Cloudflare; the first is on since then. */
function prefersPages({ compatibility_date, compatibility_flags }: WranglerConfig): boolean {
  if (compatibility_flags.includes("assets_navigation_prefers_asset_serving")) return true;
  if (compatibility_flags.includes("assets_navigation_has_no_effect")) return false;
  return compatibility_date >= "2025-04-01";
}

/** By the ends of names; a file with another has no type, as on Cloudflare. */
const contentTypes = new Map([
  [".avif", "image/avif"],
  [".css", "text/css; charset=utf-8"],
  [".csv", "text/csv; charset=utf-8"],
  [".gif", "image/gif"],
  [".htm", "text/html; charset=utf-8"],
  [".html", "text/html; charset=utf-8"],
  [".ico", "image/vnd.microsoft.icon"],
  [".jpeg", "image/jpeg"],
  [".jpg", "image/jpeg"],
  [".js", "text/javascript; charset=utf-8"],
  [".json", "application/json"],
  [".map", "application/json"],
  [".md", "text/markdown; charset=utf-8"],
  [".mjs", "text/javascript; charset=utf-8"],
  [".mp4", "video/mp4"],
  [".pdf", "application/pdf"],
  [".png", "image/png"],
  [".svg", "image/svg+xml"],
  [".ttf", "font/ttf"],
  [".txt", "text/plain; charset=utf-8"],
  [".wasm", "application/wasm"],
  [".webm", "video/webm"],
  [".webmanifest", "application/manifest+json"],
  [".webp", "image/webp"],
  [".woff", "font/woff"],
  [".woff2", "font/woff2"],
  [".xml", "application/xml"],
  [".zip", "application/zip"],
]);
