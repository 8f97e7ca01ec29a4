/** Exact origins, hosts, and hosts with a leading `*.`; a bare `*` allows all. */
export function isAllowedOrigin(origin: string, allowed: string[]): boolean {
  const host = origin.replace(/^[a-z]+:\/\//, "");
  return allowed.some(
    (entry) =>
      entry === "*" ||
      entry === origin ||
      entry === host ||
      (entry.startsWith("*.") && host.endsWith(entry.slice(1))),
  );
}
