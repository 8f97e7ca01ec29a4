CREATE TABLE "regrouped_events" (
	"job_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"event_id" uuid NOT NULL,
	"issue_id" bigint NOT NULL,
	"hash" bigint,
	"hashes" text[] NOT NULL,
	CONSTRAINT "regrouped_events_job_id_received_at_event_id_pk" PRIMARY KEY("job_id","received_at","event_id")
);
--> statement-breakpoint
CREATE TABLE "regrouped_hashes" (
	"job_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"issue_id" bigint NOT NULL,
	"before_id" bigint,
	"before_former_id" bigint,
	"was_regrouped" boolean,
	CONSTRAINT "regrouped_hashes_job_id_hash_pk" PRIMARY KEY("job_id","hash")
);
--> statement-breakpoint
ALTER TABLE "issue_hashes" ADD COLUMN "is_regrouped" boolean;--> statement-breakpoint
ALTER TABLE "regrouped_events" ADD CONSTRAINT "regrouped_events_job_id_issue_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."issue_jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "regrouped_hashes" ADD CONSTRAINT "regrouped_hashes_job_id_issue_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."issue_jobs"("id") ON DELETE cascade ON UPDATE no action;