import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { changeReaders } from "../../queues/change-readers";
import { countDeadLetters } from "../../queues/dead-letters";
import { Fault, notFound } from "../fault";
import type { AppEnv } from "../http/app-env";
import { readMetrics } from "./metrics";
import { prometheusText } from "./prometheus";

/** Numbers for operators, in Prometheus' text format. Closed until METRICS_TOKEN is set. */
export const metricsRoutes = new Hono<AppEnv>();

metricsRoutes.get("/metrics/", async (c) => {
  const { deps } = c.var;
  const { metricsToken } = deps.config;
  if (!metricsToken) throw notFound();
  const [, given = ""] = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  if (!isSame(given, metricsToken)) throw new Fault("unauthenticated", "Unauthorized");
  const metrics = await readMetrics(deps, Object.keys(changeReaders), countDeadLetters);
  return c.text(prometheusText(metrics), 200, {
    "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
  });
});

/** Compares digests, so that neither length nor content shows in the time it takes. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
