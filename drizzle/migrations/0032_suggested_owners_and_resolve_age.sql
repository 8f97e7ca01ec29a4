CREATE TABLE "suggested_owners" (
	"issue_id" bigint NOT NULL,
	"place" smallint NOT NULL,
	"project_id" bigint NOT NULL,
	"member_id" bigint,
	"team_id" bigint,
	"rule" text NOT NULL,
	CONSTRAINT "suggested_owners_pkey" PRIMARY KEY("issue_id","place"),
	CONSTRAINT "suggested_owners_one" CHECK (num_nonnulls("suggested_owners"."member_id", "suggested_owners"."team_id") = 1)
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "aged_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "suggested_owners" ADD CONSTRAINT "suggested_owners_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suggested_owners" ADD CONSTRAINT "suggested_owners_member_id_organization_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."organization_members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suggested_owners" ADD CONSTRAINT "suggested_owners_project_team_fk" FOREIGN KEY ("project_id","team_id") REFERENCES "public"."project_teams"("project_id","team_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "suggested_owners_member" ON "suggested_owners" USING btree ("member_id") WHERE "suggested_owners"."member_id" is not null;--> statement-breakpoint
CREATE INDEX "suggested_owners_team" ON "suggested_owners" USING btree ("team_id","project_id") WHERE "suggested_owners"."team_id" is not null;--> statement-breakpoint
CREATE INDEX "projects_aged" ON "projects" USING btree ("aged_until") WHERE "projects"."settings" ? 'resolveAge';