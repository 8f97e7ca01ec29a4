import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { apiTokens } from "../drizzle/schema/access";
import { accounts, users } from "../drizzle/schema/accounts";
import { organizationMembers, organizations, teamMembers, teams } from "../drizzle/schema/orgs";
import { projectKeys, projects, projectTeams } from "../drizzle/schema/projects";
import { scopes } from "../src/access/schemas";
import { hashToken, hintOf } from "../src/access/token";
import { dsnsOf } from "../src/protocol/dsn";
import { hashPassword } from "./hash-password";
import { initialUser } from "./initial-user";

export type Seed = {
  email: string;
  password: string;
  token: string;
  dsn: string;
  org: string;
  project: string;
};

/**
 * One user, organization, team, project and key to begin with, unless the database already has a user. The token has
 * all scopes that people can choose, and `more`.
 */
export async function seedDatabase(
  databaseUrl: string,
  publicUrl: string,
  more: readonly string[] = [],
): Promise<Seed | undefined> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const db = drizzle(client);
    return await db.transaction(async (tx) => {
      if ((await tx.select({ id: users.id }).from(users).limit(1)).length > 0) return undefined;
      const initial = initialUser();
      const email = initial.email?.toLowerCase() ?? "admin@example.com";
      const password = initial.password ?? randomBytes(9).toString("base64url");
      const token = initial.token ?? randomBytes(32).toString("hex");
      const [user] = await tx
        .insert(users)
        .values({ email, name: "Admin", emailVerified: true, isSuperuser: true })
        .returning();
      const [org] = await tx
        .insert(organizations)
        .values({ name: "Acme", slug: "acme" })
        .returning();
      if (!user || !org) throw new Error("The first user could not be made.");
      await tx.insert(accounts).values({
        accountId: String(user.id),
        providerId: "credential",
        userId: user.id,
        password: hashPassword(password),
      });
      const [member] = await tx
        .insert(organizationMembers)
        .values({ orgId: org.id, userId: user.id, role: "owner", isPrimary: true })
        .returning();
      const [team] = await tx.insert(teams).values({ orgId: org.id, slug: "core" }).returning();
      const [project] = await tx
        .insert(projects)
        .values({
          orgId: org.id,
          name: "Shop",
          slug: "shop",
          platform: "node",
          groupingVersion: "g2",
        })
        .returning();
      if (!member || !team || !project) throw new Error("The first project could not be made.");
      await tx.insert(teamMembers).values({ teamId: team.id, memberId: member.id });
      await tx.insert(projectTeams).values({ projectId: project.id, teamId: team.id });
      const [key] = await tx
        .insert(projectKeys)
        .values({ projectId: project.id, label: "Default" })
        .returning();
      await tx.insert(apiTokens).values({
        tokenHash: hashToken(token),
        hint: hintOf(token),
        userId: user.id,
        label: "First token",
        scopes: [...scopes, ...more],
      });
      const dsn = dsnsOf(publicUrl, key?.publicKey ?? "", project.id).public;
      return { email, password, token, dsn, org: org.slug, project: project.slug };
    });
  } finally {
    await client.end();
  }
}

/**
 * Lets the token that the first start printed do all that it would today. False when it is not in this database: then
 * what was printed belongs to another one.
 */
export async function renewToken(
  databaseUrl: string,
  token: string,
  allowed: readonly string[],
): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const found = await drizzle(client)
      .update(apiTokens)
      .set({ scopes: [...allowed] })
      .where(eq(apiTokens.tokenHash, hashToken(token)))
      .returning({ id: apiTokens.id });
    return found.length > 0;
  } finally {
    await client.end();
  }
}
