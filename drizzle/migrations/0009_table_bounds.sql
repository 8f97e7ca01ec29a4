-- What people make has a bound in the database itself, so that no way of making it can forget it. Told after the row is
-- in: a row that was there already and is only changed is no new one.
CREATE FUNCTION assert_room() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  owner_column CONSTANT text := TG_ARGV[0];
  rows_max CONSTANT integer := TG_ARGV[1];
  rows_found integer;
BEGIN
  EXECUTE format('SELECT count(*) FROM (SELECT 1 FROM %I WHERE %I = ($1).%I LIMIT %s) x', TG_TABLE_NAME, owner_column, owner_column, rows_max + 1)
    INTO rows_found USING NEW;
  IF rows_found > rows_max THEN
    RAISE EXCEPTION 'There can be at most % %', rows_max, TG_ARGV[2] USING ERRCODE = 'FL002';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Signing in must not fail for old sessions: the oldest ones end instead.
CREATE FUNCTION end_oldest_sessions() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sessions WHERE id IN (
    SELECT id FROM sessions WHERE user_id = NEW.user_id ORDER BY id DESC OFFSET TG_ARGV[0]::integer);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER sessions_room AFTER INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION end_oldest_sessions(100);
--> statement-breakpoint
CREATE TRIGGER organization_members_org_id_room AFTER INSERT ON organization_members FOR EACH ROW EXECUTE FUNCTION assert_room('org_id', '10000', 'members and invitations of an organization');
--> statement-breakpoint
CREATE TRIGGER organization_members_user_id_room AFTER INSERT ON organization_members FOR EACH ROW EXECUTE FUNCTION assert_room('user_id', '500', 'organizations of a person');
--> statement-breakpoint
CREATE TRIGGER teams_org_id_room AFTER INSERT ON teams FOR EACH ROW EXECUTE FUNCTION assert_room('org_id', '1000', 'teams of an organization');
--> statement-breakpoint
CREATE TRIGGER projects_org_id_room AFTER INSERT ON projects FOR EACH ROW EXECUTE FUNCTION assert_room('org_id', '2000', 'projects of an organization, counting deleted ones until they are removed');
--> statement-breakpoint
CREATE TRIGGER project_keys_project_id_room AFTER INSERT ON project_keys FOR EACH ROW EXECUTE FUNCTION assert_room('project_id', '200', 'keys of a project');
--> statement-breakpoint
CREATE TRIGGER alert_rules_project_id_room AFTER INSERT ON alert_rules FOR EACH ROW EXECUTE FUNCTION assert_room('project_id', '200', 'alert rules of a project');
--> statement-breakpoint
CREATE TRIGGER alert_recipients_rule_id_room AFTER INSERT ON alert_recipients FOR EACH ROW EXECUTE FUNCTION assert_room('rule_id', '50', 'recipients of an alert rule');
--> statement-breakpoint
CREATE TRIGGER api_tokens_user_id_room AFTER INSERT ON api_tokens FOR EACH ROW EXECUTE FUNCTION assert_room('user_id', '500', 'tokens of a person');
--> statement-breakpoint
CREATE TRIGGER api_tokens_org_id_room AFTER INSERT ON api_tokens FOR EACH ROW EXECUTE FUNCTION assert_room('org_id', '500', 'tokens of an organization');
--> statement-breakpoint
CREATE TRIGGER accounts_user_id_room AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION assert_room('user_id', '50', 'ways of a person to sign in');
--> statement-breakpoint
CREATE TRIGGER passkeys_user_id_room AFTER INSERT ON passkeys FOR EACH ROW EXECUTE FUNCTION assert_room('user_id', '50', 'passkeys of a person');
--> statement-breakpoint
CREATE TRIGGER user_emails_user_id_room AFTER INSERT ON user_emails FOR EACH ROW EXECUTE FUNCTION assert_room('user_id', '50', 'addresses of a person');
