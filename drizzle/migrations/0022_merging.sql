CREATE TABLE "issue_jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"org_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"issue_ids" bigint[] NOT NULL,
	"task" jsonb NOT NULL,
	"at" jsonb NOT NULL,
	"done" bigint DEFAULT 0 NOT NULL,
	"total" bigint NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"error" text,
	"user_id" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"leased_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "hash" bigint;--> statement-breakpoint
ALTER TABLE "issue_hashes" ADD COLUMN "former_issue_id" bigint;--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "merged_into" bigint;--> statement-breakpoint
ALTER TABLE "issue_jobs" ADD CONSTRAINT "issue_jobs_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_jobs" ADD CONSTRAINT "issue_jobs_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "issue_jobs_org_created" ON "issue_jobs" USING btree ("org_id","created_at","id");--> statement-breakpoint
CREATE INDEX "issue_jobs_running" ON "issue_jobs" USING btree ("leased_until") WHERE "issue_jobs"."state" = 'running';--> statement-breakpoint
CREATE INDEX "issue_jobs_finished" ON "issue_jobs" USING btree ("finished_at") WHERE "issue_jobs"."finished_at" is not null;--> statement-breakpoint
CREATE INDEX "issue_jobs_user" ON "issue_jobs" USING btree ("user_id") WHERE "issue_jobs"."user_id" is not null;--> statement-breakpoint
ALTER TABLE "issues" ADD CONSTRAINT "issues_merged_into_issues_id_fk" FOREIGN KEY ("merged_into") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action NOT VALID;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "issues_merged_into" ON "issues" USING btree ("merged_into") WHERE "issues"."merged_into" is not null;
--> statement-breakpoint
-- What is at work is bounded for whoever begins; of what ended the oldest go.
CREATE FUNCTION bound_issue_jobs() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  running_max CONSTANT integer := TG_ARGV[0];
BEGIN
  IF (SELECT count(*) FROM (
        SELECT 1 FROM issue_jobs WHERE org_id = NEW.org_id AND state = 'running' LIMIT running_max + 1) x) > running_max THEN
    RAISE EXCEPTION 'There can be at most % jobs of an organization at work', running_max USING ERRCODE = 'FL002';
  END IF;
  DELETE FROM issue_jobs WHERE id IN (
    SELECT id FROM issue_jobs WHERE org_id = NEW.org_id AND state <> 'running' ORDER BY created_at DESC, id DESC OFFSET TG_ARGV[1]::integer);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER issue_jobs_bound AFTER INSERT ON issue_jobs FOR EACH ROW EXECUTE FUNCTION bound_issue_jobs(100, 1000);
