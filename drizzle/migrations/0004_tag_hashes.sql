-- A key and a value as one number: 24 bits of the key, then 40 of the value. All values of a key lie together, so a
-- range finds them; within an issue, and among the values that a search meets, two that share a number are not to be expected.
ALTER TABLE "issue_tags" ADD COLUMN "tag" bigint;--> statement-breakpoint
UPDATE "issue_tags" SET "tag" = (hashtext("key")::bigint << 40) | (hashtextextended("value", 0) & 1099511627775);--> statement-breakpoint
ALTER TABLE "issue_tags" ALTER COLUMN "tag" SET NOT NULL;--> statement-breakpoint
DROP INDEX "issue_tags_issue_key";--> statement-breakpoint
ALTER TABLE "issue_tags" DROP CONSTRAINT "issue_tags_project_id_key_value_issue_id_week_pk";--> statement-breakpoint
ALTER TABLE "issue_tags" ADD CONSTRAINT "issue_tags_issue_id_tag_week_pk" PRIMARY KEY("issue_id","tag","week");--> statement-breakpoint
CREATE INDEX "issue_tags_project_tag" ON "issue_tags" USING btree ("project_id","tag");--> statement-breakpoint
-- One column says what two said before, so the planner needs no help to tell common tags from rare ones.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT stxname FROM pg_statistic_ext WHERE stxname ~ '^issue_tags_[0-9]{8}_key_value$' LOOP
    EXECUTE format('DROP STATISTICS %I', name);
  END LOOP;
END $$;
--> statement-breakpoint
-- One partition for each `span` weeks (from Monday 00:00 UTC), named <parent>_<yyyymmdd>, plus a default one so that
-- nothing ever fails for want of a partition. Rows that fell into the default move out when their time is made.
CREATE OR REPLACE FUNCTION ensure_partitions(parent text, from_moment timestamptz, weeks integer, span integer DEFAULT 1) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  key_column text;
  first_monday CONSTANT timestamptz := '1970-01-05T00:00:00Z';
  width interval := make_interval(days => 7 * span);
  week_start timestamptz := date_bin(width, from_moment, first_monday);
  week_end timestamptz;
  child text;
  made integer := 0;
BEGIN
  SELECT a.attname INTO STRICT key_column
    FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
   WHERE p.partrelid = parent::regclass;
  PERFORM pg_advisory_xact_lock(hashtextextended('ensure_partitions:' || parent, 0));
  IF to_regclass(parent || '_default') IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', parent || '_default', parent);
  END IF;
  FOR i IN 0 .. (weeks + span - 1) / span LOOP
    week_end := week_start + width;
    child := parent || '_' || to_char(week_start AT TIME ZONE 'UTC', 'YYYYMMDD');
    IF to_regclass(child) IS NULL THEN
      -- Counters are rewritten in place: room on the page keeps those updates off the indexes.
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) WITH (fillfactor = %s)',
        child, parent, CASE WHEN parent IN ('events', 'counted_messages') THEN 100 ELSE 75 END);
      EXECUTE format(
        'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
        parent || '_default', key_column, week_start, key_column, week_end, child);
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        parent, child, week_start, week_end);
      made := made + 1;
    END IF;
    week_start := week_end;
  END LOOP;
  RETURN made;
END $$;
