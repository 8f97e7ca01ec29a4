import type { Context } from "hono";
import { giveCsrfToken } from "../access/same-site";
import { answerNotFound } from "../http/answers";
import type { AppEnv } from "../http/app-env";
import { prefixOf } from "../http/path-spelling";
import { isPagePath } from "../protocol/page-paths";

/** No script, style, image or connection but our own, and no text that becomes markup (web-ui brief, "Serving"). */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** Answered by programs, whose errors stay JSON whatever a browser accepts. */
const ofPrograms = /^\/(?:api|_allauth|_health|mcp)\//;

/** What nothing else answers: the web UI for a browser that asks for a page, its files, and 404. */
export async function answerUi(c: Context<AppEnv>): Promise<Response> {
  const { ASSETS: files } = c.env;
  const { path } = c.req;
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  if (!files || !isRead || ofPrograms.test(path)) return answerNotFound();
  // Where PUBLIC_URL has a path the platform does not know the files by their address.
  if (path.startsWith("/assets/")) return fileOf(files, c.req.raw, path);
  if (!c.req.header("accept")?.includes("text/html")) return answerNotFound();
  return answerShell(c, files, isPagePath(path) ? 200 : 404);
}

async function fileOf(files: Fetcher, request: Request, path: string): Promise<Response> {
  const found = await files.fetch(new Request(new URL(path, request.url), request));
  return found.status === 404 ? answerNotFound() : new Response(found.body, found);
}

/** The one document of the UI. What else a page needs, its scripts ask for. */
async function answerShell(
  c: Context<AppEnv>,
  files: Fetcher,
  status: 200 | 404,
): Promise<Response> {
  const known = status === 200 ? c.req.header("if-none-match") : undefined;
  const found = await files.fetch(new URL("/index.html", c.req.url), {
    headers: known ? { "if-none-match": known } : {},
  });
  const headers = new Headers({
    "Cache-Control": "no-cache",
    "Content-Security-Policy": policy,
  });
  const tag = found.headers.get("etag");
  if (tag) headers.set("ETag", tag);
  giveCsrfToken(c, headers);
  if (found.status === 304) return new Response(null, { status: 304, headers });
  if (!found.ok) return answerNotFound();
  headers.set("Content-Type", "text/html; charset=utf-8");
  const base = `${prefixOf(c.var.deps.config.publicUrl)}/`;
  const shell = (await found.text()).replace(
    '<base href="/"',
    () => `<base href="${escaped(base)}"`,
  );
  return new Response(c.req.method === "HEAD" ? null : shell, { status, headers });
}

const escaped = (text: string) => text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
