import { isMadeUp } from "./made-up";
import type { NameRule } from "./name-rule";

const hash = "<hash>";
/** What bundlers put behind a name: eight characters of base64url, which may hold the separators themselves. */
const bundlerHashChars = 8;
/** Pages of frameworks that are called by a number. */
const numberedPages = new Set(["404", "500"]);

/** The base name with what a build made of it: hashes, and the numbers of chunks. */
function withoutHashes(path: string): string {
  const slash = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  const base = path.slice(slash + 1);
  const dot = base.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, ""];
  const replaced = numbersReplaced(tailReplaced(stem).split(/(?<=[._-])|(?=[._-])/), extension);
  return replaced === stem ? path : path.slice(0, slash + 1) + replaced + extension;
}

/** `index-Ab_-c1Xz`: the last eight characters, where they are no words. */
function tailReplaced(stem: string): string {
  const separator = stem.at(-bundlerHashChars - 1);
  const tail = stem.slice(-bundlerHashChars);
  const isWhole = stem.length === bundlerHashChars;
  if (!isWhole && separator !== "-" && separator !== "." && separator !== "_") return stem;
  if (!/^[\w-]{8}$/.test(tail)) return stem;
  const isMade = isWhole ? isMadeUp(tail) : !isWords(tail);
  return isMade ? stem.slice(0, -bundlerHashChars) + hash : stem;
}

/**
 * Of eight characters behind a name: a person writes words in small letters, or one in camel case, and a number last.
 * Capitals only are esbuild's base 32.
 */
const isWords = (tail: string): boolean =>
  /^[A-Za-z]+$/.test(tail)
    ? !/^[A-Z]+$/.test(tail) && !isMadeUp(tail)
    : tail
        .split(/[-_]/)
        .every(
          (part) =>
            /^(?:v?\d{1,4}|[a-z]{1,2}\d?)$/.test(part) ||
            (/^(?:[a-z]{3,}|[A-Z][a-z]{3,})\d{0,3}$/.test(part) && !isMadeUp(part)),
        );

/** Each piece between dots, dashes and underscores; what is a number and nothing else is a chunk's. */
function numbersReplaced(pieces: string[], extension: string): string {
  const named = pieces.map((piece) => (/\d/.test(piece) && isMadeUp(piece) ? hash : piece));
  const first = named[0] ?? "";
  const rest = named.slice(1).join("");
  const isChunk =
    extension !== "" &&
    /^\d{1,6}$/.test(first) &&
    !numberedPages.has(first) &&
    /^(?:[._-](?:<hash>|chunk|bundle))*$/.test(rest);
  return isChunk ? `<chunk>${rest.replace(/[._-]<hash>/g, "")}` : named.join("");
}

/** Scripts that bundlers write, in browsers and on servers. */
export const bundledFileRule: NameRule = {
  name: "hash or number of a bundle",
  of: ["file"],
  pattern: withoutHashes,
  examples: [
    ["/assets/index-BqXzLmNo.js", "/assets/index-<hash>.js"],
    [
      "/app/.output/server/chunks/build/index-DkWpQrSt.mjs",
      "/app/.output/server/chunks/build/index-<hash>.mjs",
    ],
    ["/assets/index-Ab_-c1Xz.js", "/assets/index-<hash>.js"],
    ["/static/js/main.0f3a9b7c.chunk.js", "/static/js/main.<hash>.chunk.js"],
    ["/assets/application-0f3a9b7c6d5e4f3a2b1c0d9e8f7a6b5c.js", "/assets/application-<hash>.js"],
    ["/chunk-ABCDEFGH.js", "/chunk-<hash>.js"],
    ["/_nuxt/DkWpQrSt.js", "/_nuxt/<hash>.js"],
    ["/_next/static/chunks/936-1a2b3c4d5e6f7a8b.js", "/_next/static/chunks/<chunk>.js"],
    ["/.next/server/chunks/1234.js", "/.next/server/chunks/<chunk>.js"],
    ["/static/js/2.chunk.js", "/static/js/<chunk>.chunk.js"],
    [
      "/component---src-pages-index-js-0f3a9b7c6d5e4f3a2b1c.js",
      "/component---src-pages-index-js-<hash>.js",
    ],
    ["/js/app.abc123.js", "/js/app.<hash>.js"],
    ["/chunks/[root-of-the-server]__a1b2c3._.js", "/chunks/[root-of-the-server]__<hash>._.js"],
    ["/pkg/shop-0f3a9b7c6d5e4f3a_bg.wasm", "/pkg/shop-<hash>_bg.wasm"],
    ["functionsWorker-0.9185746537.js", "functionsWorker-0.<hash>.js"],
    ["AppEntry-0f3a9b7c6d5e4f3a2b1c0d9e8f7a6b5c.js", "AppEntry-<hash>.js"],
  ],
  stays: [
    "/js/user-settings.js",
    "/js/user-profiles.js",
    "/js/checkout-step10.js",
    "/js/section2.js",
    "/js/UserCard.tsx",
    "/js/my-DataGrid.vue",
    "/js/i18n-setup.js",
    "/js/oauth2client.js",
    "/js/report-202401.js",
    "/js/404.js",
    "/orders/1001",
    "/js/README.md.js",
    "/js/jquery.min.js",
    "/js/app-main.js",
    "/js/n-modern.js",
  ],
};

/** Files of other languages: what compilers of templates and caches write. */
export const hashedFileRule: NameRule = {
  name: "hash as file name",
  of: ["file"],
  pattern:
    /(?<![0-9a-z])(?:\d{6,}|(?=[a-f]{0,40}\d)[0-9a-f]{8,128})(?![0-9a-z])(?=[^/\\]{0,200}$)/gi,
  to: hash,
  examples: [
    [
      "/storage/framework/views/8ce1a737e6a46ac01a29b32abd3ca9bf1ff8076b.php",
      "/storage/framework/views/<hash>.php",
    ],
    [
      "/templates_c/8ce1a737e6a46ac01a29b32abd3ca9bf1ff8076b_0.file.index.tpl.php",
      "/templates_c/<hash>_0.file.index.tpl.php",
    ],
    ["form-init1234567.clj", "form-init1234567.clj"],
    ["/db/migrate/20240101120000_add_carts.rb", "/db/migrate/<hash>_add_carts.rb"],
  ],
  stays: ["/app/cart_2.php", "/app/0001_initial.py", "/app/sha256.py", "/1a2b3c4d5e6f/cart.py"],
};
