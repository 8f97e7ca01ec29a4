CREATE TABLE "sighting_counts" (
	"project_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"day" timestamp with time zone,
	"new_in_day" integer DEFAULT 0 NOT NULL,
	"total" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "sighting_counts_project_id_kind_pk" PRIMARY KEY("project_id","kind")
);
--> statement-breakpoint
ALTER TABLE "issue_sequences" ADD COLUMN "hour" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "issue_sequences" ADD COLUMN "new_in_hour" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sighting_counts" ADD CONSTRAINT "sighting_counts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
INSERT INTO "sighting_counts" ("project_id", "kind", "total") SELECT "project_id", 'release', count(*) FROM "release_projects" GROUP BY 1;--> statement-breakpoint
INSERT INTO "sighting_counts" ("project_id", "kind", "total") SELECT "project_id", 'environment', count(*) FROM "environment_projects" GROUP BY 1;--> statement-breakpoint
-- The hash functions of PostgreSQL may differ in its next version: from here on the numbers come from MD5, in the worker.
-- Two values of an issue and week that share a number would be one row; the rarer one goes.
DELETE FROM "issue_tags" t USING (
	SELECT "week", "issue_id", "tag", row_number() OVER (
		PARTITION BY "issue_id", "week", substr(md5("key"), 1, 6), substr(md5("value"), 1, 10) ORDER BY "count" DESC, "tag") AS n
	FROM "issue_tags") d
WHERE d.n > 1 AND t."week" = d."week" AND t."issue_id" = d."issue_id" AND t."tag" = d."tag";--> statement-breakpoint
UPDATE "issue_tags" SET "tag" = ('x' || substr(md5("key"), 1, 6) || substr(md5("value"), 1, 10))::bit(64)::bigint;--> statement-breakpoint
-- A slug that is a number would be taken for an id.
UPDATE "organizations" t SET "slug" = "slug" || '-' || "id" WHERE "slug" ~ '^[0-9]+$'
	AND NOT EXISTS (SELECT 1 FROM "organizations" o WHERE o."slug" = t."slug" || '-' || t."id");--> statement-breakpoint
UPDATE "projects" t SET "slug" = "slug" || '-' || "id" WHERE "slug" ~ '^[0-9]+$'
	AND NOT EXISTS (SELECT 1 FROM "projects" o WHERE o."slug" = t."slug" || '-' || t."id" AND o."org_id" = t."org_id");--> statement-breakpoint
UPDATE "teams" t SET "slug" = "slug" || '-' || "id" WHERE "slug" ~ '^[0-9]+$'
	AND NOT EXISTS (SELECT 1 FROM "teams" o WHERE o."slug" = t."slug" || '-' || t."id" AND o."org_id" = t."org_id");--> statement-breakpoint
-- How many keys of tags an issue has in a week, counting no further than asked: from the first tag of a key to the
-- first of the next one. A function, because it is seldom needed and would be planned with every batch.
CREATE FUNCTION count_tag_keys(issue bigint, monday timestamptz, counted_max integer) RETURNS integer
LANGUAGE plpgsql STABLE COST 10 AS $$
DECLARE
  reached bigint := -9223372036854775808;
BEGIN
  FOR n IN 0 .. counted_max - 1 LOOP
    SELECT t.tag INTO reached FROM issue_tags t
     WHERE t.issue_id = issue AND t.tag >= reached AND t.week = monday ORDER BY t.tag LIMIT 1;
    IF NOT FOUND THEN RETURN n; END IF;
    IF reached >> 40 = 8388607 THEN RETURN n + 1; END IF;
    reached := ((reached >> 40) + 1) << 40;
  END LOOP;
  RETURN counted_max;
END $$;
