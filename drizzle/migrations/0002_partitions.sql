-- One partition for each `span` weeks (from Monday 00:00 UTC), named <parent>_<yyyymmdd>, plus a default one so that
-- nothing ever fails for want of a partition. Rows that fell into the default move out when their time is made.
CREATE FUNCTION ensure_partitions(parent text, from_moment timestamptz, weeks integer, span integer DEFAULT 1) RETURNS integer
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
      IF parent = 'issue_tags' THEN
        -- A key and its values go together: without knowing that, every common tag is taken for a rare one.
        EXECUTE format('CREATE STATISTICS %I (mcv) ON key, value FROM %I', child || '_key_value', child);
      END IF;
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
--> statement-breakpoint
-- Drops every partition that ended at or before the cutoff.
CREATE FUNCTION drop_partitions_before(parent text, cutoff timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  child text;
  dropped integer := 0;
BEGIN
  FOR child IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = parent::regclass
       AND c.relname ~ ('^' || parent || '_[0-9]{8}$')
       AND (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz <= cutoff
     ORDER BY c.relname
  LOOP
    EXECUTE format('DROP TABLE %I', child);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;
--> statement-breakpoint
SELECT ensure_partitions(parent, now() - interval '14 days', 7, CASE parent WHEN 'issue_tags' THEN 4 ELSE 1 END)
  FROM unnest(ARRAY['events', 'issue_tags', 'issue_hours', 'outcome_hours', 'counted_messages']) AS parent;
--> statement-breakpoint
-- Counters are rewritten in place: room on the page keeps those updates off the indexes.
ALTER TABLE issues SET (fillfactor = 70);
--> statement-breakpoint
ALTER TABLE issue_sequences SET (fillfactor = 50);
--> statement-breakpoint
-- A digest found that somebody else stored one of its events meanwhile; it reads again and decides anew.
CREATE FUNCTION assert_no_rows(rows_found bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF rows_found > 0 THEN
    RAISE EXCEPTION 'state changed since it was read' USING ERRCODE = '40001';
  END IF;
END $$;
