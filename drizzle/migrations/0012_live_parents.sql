-- What a write hangs on is there and stays there until the commit: whoever deletes it waits, or has been before.
CREATE FUNCTION assert_live(org bigint, project bigint, team bigint, member bigint, key uuid, rule bigint, token bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  is_live boolean := true;
BEGIN
  PERFORM 1 FROM organizations o WHERE o.id = org AND o.deleted_at IS NULL FOR NO KEY UPDATE;
  is_live := FOUND;
  IF is_live AND project IS NOT NULL THEN
    PERFORM 1 FROM projects p WHERE p.id = project AND p.org_id = org AND p.deleted_at IS NULL FOR NO KEY UPDATE;
    is_live := FOUND;
  END IF;
  IF is_live AND team IS NOT NULL THEN
    PERFORM 1 FROM teams t WHERE t.id = team AND t.org_id = org FOR NO KEY UPDATE;
    is_live := FOUND;
  END IF;
  IF is_live AND member IS NOT NULL THEN
    PERFORM 1 FROM organization_members m WHERE m.id = member AND m.org_id = org FOR NO KEY UPDATE;
    is_live := FOUND;
  END IF;
  IF is_live AND key IS NOT NULL THEN
    PERFORM 1 FROM project_keys k WHERE k.id = key AND k.project_id = project FOR NO KEY UPDATE;
    is_live := FOUND;
  END IF;
  IF is_live AND rule IS NOT NULL THEN
    PERFORM 1 FROM alert_rules r WHERE r.id = rule AND r.project_id = project FOR NO KEY UPDATE;
    is_live := FOUND;
  END IF;
  IF is_live AND token IS NOT NULL THEN
    PERFORM 1 FROM api_tokens a WHERE a.id = token AND a.org_id = org FOR NO KEY UPDATE;
    is_live := FOUND;
  END IF;
  IF NOT is_live THEN
    RAISE EXCEPTION 'deleted meanwhile' USING ERRCODE = 'FL003';
  END IF;
END $$;
