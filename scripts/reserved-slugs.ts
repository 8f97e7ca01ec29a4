import { and, inArray, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { organizations } from "../drizzle/schema/orgs";
import { reservedForOrganizations } from "../src/protocol/slug";

/**
 * Says which organizations have a slug that became a path of the web UI after they were made. They go on working
 * through the API; only a page of theirs that has the same path cannot be opened.
 */
export async function reportReservedSlugs(
  databaseUrl: string,
  log: (line: string) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const found = await drizzle(client)
      .select({ slug: organizations.slug })
      .from(organizations)
      .where(
        and(
          isNull(organizations.deletedAt),
          inArray(sql`lower(${organizations.slug})`, [...reservedForOrganizations]),
        ),
      )
      .orderBy(organizations.slug);
    for (const { slug } of found) {
      log(
        `The organization ${slug} has the slug of a path of Brinkwatch: its pages cannot be opened until it gets another one (PUT /api/0/organizations/${slug}/ with {"slug": "…"}).`,
      );
    }
  } finally {
    await client.end();
  }
}
