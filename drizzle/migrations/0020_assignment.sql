CREATE TABLE "issue_assignments" (
	"issue_id" bigint PRIMARY KEY NOT NULL,
	"project_id" bigint NOT NULL,
	"member_id" bigint,
	"team_id" bigint,
	"assigned_at" timestamp with time zone NOT NULL,
	CONSTRAINT "issue_assignments_one" CHECK (num_nonnulls("issue_assignments"."member_id", "issue_assignments"."team_id") = 1)
);
--> statement-breakpoint
ALTER TABLE "issue_assignments" ADD CONSTRAINT "issue_assignments_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_assignments" ADD CONSTRAINT "issue_assignments_member_id_organization_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."organization_members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_assignments" ADD CONSTRAINT "issue_assignments_project_team_fk" FOREIGN KEY ("project_id","team_id") REFERENCES "public"."project_teams"("project_id","team_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "issue_assignments_member" ON "issue_assignments" USING btree ("member_id") WHERE "issue_assignments"."member_id" is not null;--> statement-breakpoint
CREATE INDEX "issue_assignments_team" ON "issue_assignments" USING btree ("team_id","project_id") WHERE "issue_assignments"."team_id" is not null;