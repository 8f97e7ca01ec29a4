// Which file a path means, as Cloudflare documents it for `html_handling` and `not_found_handling`. Runs in workerd.

/** The same rules for whoever has the files and whoever decides who is asked. */
export const assetFinder = ({ files, html, notFound, workerFirst, pagesFirst }) => {
  const known = new Set(files.map(([path]) => path));
  const addressOf = addressesOf[html];
  // The deepest first.
  const pagesOf404 = [...known]
    .filter((path) => path.endsWith("/404.html"))
    .sort((a, b) => b.length - a.length);

  const insteadOf = (path) => {
    if (notFound === "single-page-application" && known.has("/index.html")) {
      return { file: "/index.html", status: 200 };
    }
    if (notFound !== "404-page") return undefined;
    const file = pagesOf404.find((page) => path.startsWith(page.slice(0, -"404.html".length)));
    return file && { file, status: 404 };
  };
  const pagesAt = (path) => candidatesOf(path).filter((file) => known.has(file));
  const servedAt = (address) =>
    known.has(address) ? address : pagesAt(address).find((file) => addressOf(file) === address);

  /** The file itself, or the address where it is served. */
  const findFile = (path) => {
    const isExact = known.has(path);
    if (isExact && (html === "none" || !path.endsWith(".html"))) return { file: path, status: 200 };
    if (html === "none") return undefined;
    for (const file of pagesAt(path)) {
      const address = addressOf(file);
      if (address === path) return { file, status: 200 };
      if (servedAt(address) === file) return { redirect: address };
      // Another file has that address.
      if (file === path) return { file, status: 200 };
    }
    return undefined;
  };
  /** What is answered for a path of a URL; undefined when nothing is. */
  const find = (pathname, withInstead = true) => {
    const path = decodePath(pathname);
    const found = findFile(path) ?? (withInstead ? insteadOf(path) : undefined);
    if (!found) return undefined;
    const address = encodePath(found.redirect ?? path);
    return found.redirect || address !== pathname ? { redirect: address } : found;
  };
  /** Whether the files answer, and not the worker. */
  const isForFiles = (request) => {
    const { pathname } = new URL(request.url);
    if (workerFirst === true) return false;
    if (workerFirst) {
      if (workerFirst.files.some((pattern) => matches(pattern, pathname))) return true;
      if (workerFirst.worker.some((pattern) => matches(pattern, pathname))) return false;
    }
    // Who lists the paths of the worker leaves all others to the files.
    const isListed = typeof workerFirst === "object";
    const isPage = pagesFirst && request.headers.get("sec-fetch-mode") === "navigate";
    return find(pathname, isListed || isPage) !== undefined;
  };
  return { find, isForFiles };
};

/** Files that may be meant by a path, the likeliest first. */
function candidatesOf(path) {
  const without = (end) => path.slice(0, -end.length);
  if (path.endsWith("/index.html")) return [path, `${without("/index.html")}.html`];
  if (path.endsWith(".html")) return [path, `${without(".html")}/index.html`];
  if (path.endsWith("/index")) return [`${path}.html`, `${without("/index")}.html`];
  if (path.endsWith("/")) return [`${path}index.html`, `${without("/")}.html`];
  return [`${path}.html`, `${path}/index.html`];
}

const isIndex = (file) => file.endsWith("/index.html");
const folderOf = (file) => file.slice(0, -"index.html".length);
const nameOf = (file) => file.slice(0, -".html".length);

/** The one address of a page. */
const addressesOf = {
  "auto-trailing-slash": (file) => (isIndex(file) ? folderOf(file) : nameOf(file)),
  "force-trailing-slash": (file) => (isIndex(file) ? folderOf(file) : `${nameOf(file)}/`),
  "drop-trailing-slash": (file) =>
    isIndex(file) ? folderOf(file).slice(0, -1) || "/" : nameOf(file),
};

/** `*` stands for anything. No pattern of the language: its time would grow with a power of the path's length. */
export function matches(pattern, path) {
  const [first, ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return path === pattern;
  if (!path.startsWith(first) || path.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    at = path.indexOf(part, at);
    if (at < 0) return false;
    at += part.length;
  }
  return at <= path.length - last.length && path.endsWith(last);
}

export const decodePath = (pathname) =>
  pathname
    .split("/")
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    })
    .join("/")
    .replace(/\/+/g, "/");

export const encodePath = (path) =>
  path
    .split("/")
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join("/");
