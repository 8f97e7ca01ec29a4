CREATE TABLE "issue_activities" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "issue_activities_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"issue_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"user_id" bigint,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"edited_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "issue_assignments" (
	"issue_id" bigint PRIMARY KEY NOT NULL,
	"project_id" bigint NOT NULL,
	"member_id" bigint,
	"team_id" bigint,
	"assigned_at" timestamp with time zone NOT NULL,
	CONSTRAINT "issue_assignments_one" CHECK (num_nonnulls("issue_assignments"."member_id", "issue_assignments"."team_id") = 1)
);
--> statement-breakpoint
ALTER TABLE "issue_activities" ADD CONSTRAINT "issue_activities_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_activities" ADD CONSTRAINT "issue_activities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_assignments" ADD CONSTRAINT "issue_assignments_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_assignments" ADD CONSTRAINT "issue_assignments_member_id_organization_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."organization_members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_assignments" ADD CONSTRAINT "issue_assignments_project_team_fk" FOREIGN KEY ("project_id","team_id") REFERENCES "public"."project_teams"("project_id","team_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "issue_activities_issue" ON "issue_activities" USING btree ("issue_id","created_at","id");--> statement-breakpoint
CREATE INDEX "issue_activities_notes" ON "issue_activities" USING btree ("issue_id","created_at","id") WHERE "issue_activities"."kind" = 'note';--> statement-breakpoint
CREATE INDEX "issue_activities_user" ON "issue_activities" USING btree ("user_id") WHERE "issue_activities"."user_id" is not null;--> statement-breakpoint
CREATE INDEX "issue_assignments_member" ON "issue_assignments" USING btree ("member_id") WHERE "issue_assignments"."member_id" is not null;--> statement-breakpoint
CREATE INDEX "issue_assignments_team" ON "issue_assignments" USING btree ("team_id","project_id") WHERE "issue_assignments"."team_id" is not null;
--> statement-breakpoint
-- What happened by itself must not fail for what happened before: the oldest go instead.
CREATE FUNCTION forget_oldest_activities() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM issue_activities WHERE id IN (
    SELECT id FROM issue_activities WHERE issue_id = NEW.issue_id AND kind <> 'note'
     ORDER BY created_at DESC, id DESC OFFSET TG_ARGV[0]::integer);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER issue_activities_forget AFTER INSERT ON issue_activities FOR EACH ROW WHEN (NEW.kind <> 'note') EXECUTE FUNCTION forget_oldest_activities(500);
--> statement-breakpoint
CREATE FUNCTION assert_room_for_note() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  notes_max CONSTANT integer := TG_ARGV[0];
BEGIN
  IF (SELECT count(*) FROM (
        SELECT 1 FROM issue_activities WHERE issue_id = NEW.issue_id AND kind = 'note' LIMIT notes_max + 1) x) > notes_max THEN
    RAISE EXCEPTION 'There can be at most % comments of an issue', notes_max USING ERRCODE = 'FL002';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER issue_activities_note_room AFTER INSERT ON issue_activities FOR EACH ROW WHEN (NEW.kind = 'note') EXECUTE FUNCTION assert_room_for_note(1000);
