CREATE TABLE "issue_job_slices" (
	"job_id" uuid NOT NULL,
	"slice" integer NOT NULL,
	"issue_ids" bigint[] NOT NULL,
	CONSTRAINT "issue_job_slices_job_id_slice_pk" PRIMARY KEY("job_id","slice")
);
--> statement-breakpoint
ALTER TABLE "issue_job_slices" ADD CONSTRAINT "issue_job_slices_job_id_issue_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."issue_jobs"("id") ON DELETE cascade ON UPDATE no action;