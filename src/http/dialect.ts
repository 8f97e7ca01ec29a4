import type { Context } from "hono";
import type { AppEnv } from "./app";

/**
 * The one place that knows what Sentry's clients expect differently from GlitchTip's (src/auth/dialect.ts tells who
 * is calling). GlitchTip's clients reject a team with a name, Sentry's one without.
 */
export function speak(c: Context<AppEnv>) {
  const isSentry = c.var.caller.dialect === "sentry";
  const { publicUrl } = c.var.deps.config;
  const team = <T extends { slug: string }>(shape: T): T & { name?: string } =>
    isSentry ? { ...shape, name: shape.slug } : shape;
  return {
    team,
    withTeams: <T extends { teams: { id: string; slug: string }[] }>(shape: T) => {
      const teams = shape.teams.map(team);
      // sentry-cli prints the first one.
      return isSentry ? { ...shape, teams, team: teams[0] ?? null } : { ...shape, teams };
    },
    organization: <T extends { slug: string }>(shape: T): T => {
      const organizationUrl = `${publicUrl}/organizations/${shape.slug}`;
      // Sentry's clients follow regionUrl for every later call, so it is our own address.
      return isSentry ? { ...shape, links: { organizationUrl, regionUrl: publicUrl } } : shape;
    },
    /** Sentry names everything by strings, GlitchTip tokens and environments by numbers. */
    id: (id: number): number | string => (isSentry ? String(id) : id),
  };
}
