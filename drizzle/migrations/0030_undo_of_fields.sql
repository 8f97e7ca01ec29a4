CREATE TABLE "change_slices" (
	"change_id" uuid NOT NULL,
	"field" text NOT NULL,
	"first_issue_id" bigint NOT NULL,
	"given" jsonb,
	"before" jsonb NOT NULL,
	CONSTRAINT "change_slices_change_id_field_first_issue_id_pk" PRIMARY KEY("change_id","field","first_issue_id")
);
--> statement-breakpoint
ALTER TABLE "status_changes" ALTER COLUMN "status" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "change_slices" ADD CONSTRAINT "change_slices_change_id_status_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."status_changes"("id") ON DELETE cascade ON UPDATE no action;