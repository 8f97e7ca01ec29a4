CREATE TABLE "issue_change_failures" (
	"change_id" bigint NOT NULL,
	"reader" text NOT NULL,
	"attempts" integer NOT NULL,
	"last_error" text NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"parked_at" timestamp with time zone,
	CONSTRAINT "issue_change_failures_change_id_reader_pk" PRIMARY KEY("change_id","reader")
);
--> statement-breakpoint
ALTER TABLE "issue_changes" ALTER COLUMN "event_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "issue_change_failures" ADD CONSTRAINT "issue_change_failures_change_id_issue_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."issue_changes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "issue_change_failures_due" ON "issue_change_failures" USING btree ("reader","next_attempt_at","change_id") WHERE "issue_change_failures"."parked_at" is null;--> statement-breakpoint
CREATE INDEX "issue_change_failures_parked" ON "issue_change_failures" USING btree ("reader") WHERE "issue_change_failures"."parked_at" is not null;