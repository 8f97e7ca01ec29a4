CREATE TABLE "deleted_issues" (
	"issue_id" bigint PRIMARY KEY NOT NULL,
	"project_id" bigint NOT NULL,
	"deleted_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "status_change_slices" (
	"change_id" uuid NOT NULL,
	"first_issue_id" bigint NOT NULL,
	"previous" text NOT NULL,
	"issue_ids" bigint[] NOT NULL,
	CONSTRAINT "status_change_slices_change_id_first_issue_id_pk" PRIMARY KEY("change_id","first_issue_id")
);
--> statement-breakpoint
CREATE TABLE "status_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"org_id" bigint NOT NULL,
	"status" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"issues" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "deleted_issues" ADD CONSTRAINT "deleted_issues_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "status_change_slices" ADD CONSTRAINT "status_change_slices_change_id_status_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."status_changes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "status_changes" ADD CONSTRAINT "status_changes_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deleted_issues_deleted" ON "deleted_issues" USING btree ("deleted_at","issue_id");--> statement-breakpoint
CREATE INDEX "deleted_issues_project" ON "deleted_issues" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "status_changes_org_changed" ON "status_changes" USING btree ("org_id","changed_at","id");--> statement-breakpoint
CREATE INDEX "status_changes_changed" ON "status_changes" USING btree ("changed_at");