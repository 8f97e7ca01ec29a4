CREATE TABLE "issue_marks" (
	"member_id" bigint NOT NULL,
	"issue_id" bigint NOT NULL,
	"seen_at" timestamp with time zone,
	"is_bookmarked" boolean DEFAULT false NOT NULL,
	"is_subscribed" boolean,
	CONSTRAINT "issue_marks_member_id_issue_id_pk" PRIMARY KEY("member_id","issue_id")
);
--> statement-breakpoint
ALTER TABLE "issue_marks" ADD CONSTRAINT "issue_marks_member_id_organization_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."organization_members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_marks" ADD CONSTRAINT "issue_marks_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "issue_marks_issue" ON "issue_marks" USING btree ("issue_id");--> statement-breakpoint
CREATE INDEX "issue_marks_seen" ON "issue_marks" USING btree ("member_id","seen_at") WHERE not "issue_marks"."is_bookmarked" and "issue_marks"."is_subscribed" is null;--> statement-breakpoint
CREATE INDEX "issue_marks_kept" ON "issue_marks" USING btree ("member_id","issue_id") WHERE "issue_marks"."is_bookmarked" or "issue_marks"."is_subscribed" is not null;
--> statement-breakpoint
-- To look at one issue more must not fail: what was looked at longest ago counts as new again.
CREATE FUNCTION forget_oldest_looks() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM issue_marks WHERE member_id = NEW.member_id AND issue_id IN (
    SELECT issue_id FROM issue_marks
     WHERE member_id = NEW.member_id AND NOT is_bookmarked AND is_subscribed IS NULL
     ORDER BY seen_at DESC NULLS LAST OFFSET TG_ARGV[0]::integer);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER issue_marks_forget AFTER INSERT ON issue_marks FOR EACH ROW WHEN (NOT NEW.is_bookmarked AND NEW.is_subscribed IS NULL) EXECUTE FUNCTION forget_oldest_looks(2000);
--> statement-breakpoint
CREATE FUNCTION assert_room_for_mark() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  marks_max CONSTANT integer := TG_ARGV[0];
BEGIN
  IF (SELECT count(*) FROM (
        SELECT 1 FROM issue_marks
         WHERE member_id = NEW.member_id AND (is_bookmarked OR is_subscribed IS NOT NULL) LIMIT marks_max + 1) x) > marks_max THEN
    RAISE EXCEPTION 'There can be at most % bookmarks and subscriptions of a person', marks_max USING ERRCODE = 'FL002';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER issue_marks_room AFTER INSERT OR UPDATE ON issue_marks FOR EACH ROW WHEN (NEW.is_bookmarked OR NEW.is_subscribed IS NOT NULL) EXECUTE FUNCTION assert_room_for_mark(1000);
