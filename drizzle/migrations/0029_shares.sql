CREATE TABLE "issue_shares" (
	"issue_id" bigint PRIMARY KEY NOT NULL,
	"share_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "issue_shares" ADD CONSTRAINT "issue_shares_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "issue_shares_share" ON "issue_shares" USING btree ("share_id");