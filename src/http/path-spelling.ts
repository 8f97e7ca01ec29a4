import type { Bindings } from "../env";

/**
 * Every path has one spelling inside: with a slash at the end, whatever was asked for (never a redirect, which
 * would lose a body), with single slashes (a DSN whose host ends in one doubles it), and without the prefix that
 * PUBLIC_URL may have.
 */
export function spelledPath(request: Request, options?: { env?: object }): string {
  const { pathname: given } = new URL(request.url);
  const pathname = given.includes("//") ? given.replace(/\/{2,4096}/g, "/") : given;
  const prefix = prefixOf((options?.env as Bindings | undefined)?.PUBLIC_URL);
  const path =
    prefix !== "" && pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
  return path.endsWith("/") || /\.\w+$/.test(path) ? path : `${path}/`;
}

const prefixes = new Map<unknown, string>();

/** The path of PUBLIC_URL without a slash at its end; empty where it has none. */
export function prefixOf(publicUrl: unknown): string {
  const known = prefixes.get(publicUrl);
  if (known !== undefined) return known;
  const prefix =
    typeof publicUrl === "string" && URL.canParse(publicUrl)
      ? new URL(publicUrl).pathname.replace(/\/+$/, "")
      : "";
  prefixes.set(publicUrl, prefix);
  return prefix;
}
