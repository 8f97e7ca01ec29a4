import { lookUp, newDictionary, put } from "./dictionary";
import { isObject, type Json, type JsonObject } from "./json";

export type SecurityReport = {
  kind: "csp" | "expectct" | "expectstaple" | "hpkp" | "nel";
  /** In the words of the legacy report (`blocked-uri`, `document-uri`…), whichever form came. */
  report: JsonObject;
  /** How long ago it happened, when the browser says so. */
  ageMs: number;
  userAgent?: string;
};

/** Names of the Reporting API → names of the legacy `csp-report`. */
const legacyNames: Record<string, string> = {
  documentURL: "document-uri",
  referrer: "referrer",
  blockedURL: "blocked-uri",
  effectiveDirective: "effective-directive",
  originalPolicy: "original-policy",
  sourceFile: "source-file",
  sample: "script-sample",
  disposition: "disposition",
  statusCode: "status-code",
  lineNumber: "line-number",
  columnNumber: "column-number",
};

const reportsMax = 100;

/**
 * Legacy `{"csp-report":…}`, a Reporting API list, Expect-CT, Expect-Staple and HPKP, recognized by their shape.
 * `others` counts reports of kinds that make no event (deprecation, intervention…), `excess` what is too many for one
 * request, `malformed` what beside good ones is no report. Undefined: nothing is one.
 */
export function parseSecurityReports(
  body: Json,
): { reports: SecurityReport[]; others: number; malformed: number; excess: number } | undefined {
  const list = Array.isArray(body) ? body.slice(0, reportsMax) : [body];
  const reports: SecurityReport[] = [];
  let [others, malformed] = [0, 0];
  for (const entry of list) {
    const report = isObject(entry) ? parseOne(entry) : undefined;
    if (report === undefined || (report?.kind === "csp" && saysNothing(report.report))) malformed++;
    else if (report === null) others++;
    else reports.push(report);
  }
  const excess = Array.isArray(body) ? body.length - list.length : 0;
  return reports.length + others === 0 ? undefined : { reports, others, malformed, excess };
}

/** null: a report we know nothing to do with; undefined: not a report at all. */
function parseOne(entry: JsonObject): SecurityReport | null | undefined {
  if (isObject(entry["csp-report"])) {
    return { kind: "csp", report: withDirective(entry["csp-report"]), ageMs: 0 };
  }
  if (isObject(entry["expect-ct-report"])) {
    return { kind: "expectct", report: entry["expect-ct-report"], ageMs: 0 };
  }
  if (isObject(entry["expect-staple-report"])) {
    return { kind: "expectstaple", report: entry["expect-staple-report"], ageMs: 0 };
  }
  if (Object.hasOwn(entry, "known-pins")) return { kind: "hpkp", report: entry, ageMs: 0 };
  if (typeof entry.type !== "string" || !isObject(entry.body)) return undefined;

  const ageMs = typeof entry.age === "number" && entry.age > 0 ? entry.age : 0;
  const userAgent = typeof entry.user_agent === "string" ? { userAgent: entry.user_agent } : {};
  if (entry.type === "csp-violation") {
    const report = newDictionary<Json>();
    for (const [name, value] of Object.entries(entry.body))
      put(report, lookUp(legacyNames, name) ?? name, value);
    report["document-uri"] ??= entry.url ?? null;
    return { kind: "csp", report: withDirective(report), ageMs, ...userAgent };
  }
  if (entry.type === "network-error") {
    return { kind: "nel", report: { ...entry.body, url: entry.url ?? null }, ageMs, ...userAgent };
  }
  return null;
}

/** Neither what was blocked nor by which rule. */
const saysNothing = (report: JsonObject) =>
  !report["effective-directive"] && !report["blocked-uri"];

/** Old Firefox sends only the violated directive with its sources: the first word is the directive. */
function withDirective(report: JsonObject): JsonObject {
  if (typeof report["effective-directive"] === "string" && report["effective-directive"] !== "") {
    return report;
  }
  const violated = report["violated-directive"];
  const directive = typeof violated === "string" ? (violated.trim().split(/\s/)[0] ?? "") : "";
  return { ...report, "effective-directive": directive };
}
