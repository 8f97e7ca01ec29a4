-- A digest takes the locks of all its projects or none, and does not wait: busy is a state of its own.
CREATE FUNCTION try_lock_projects(ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  id bigint;
BEGIN
  FOREACH id IN ARRAY ids LOOP
    IF NOT pg_try_advisory_xact_lock(id) THEN
      RAISE EXCEPTION 'somebody else is writing project %', id USING ERRCODE = 'FL001';
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint
-- Drops every partition that ended at or before the cutoff, and what came too late for one.
CREATE OR REPLACE FUNCTION drop_partitions_before(parent text, cutoff timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  key_column text;
  child text;
  dropped integer := 0;
BEGIN
  SELECT a.attname INTO STRICT key_column
    FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
   WHERE p.partrelid = parent::regclass;
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
  EXECUTE format('DELETE FROM %I WHERE %I < %L', parent || '_default', key_column, cutoff - interval '7 days');
  RETURN dropped;
END $$;
