CREATE TABLE "issue_texts" (
	"since" timestamp with time zone NOT NULL,
	"org_id" bigint NOT NULL,
	"issue_id" bigint NOT NULL,
	"is_fact" boolean NOT NULL,
	"hashes" integer[] NOT NULL,
	"text" text NOT NULL
) PARTITION BY RANGE ("since");
--> statement-breakpoint
CREATE INDEX "issue_texts_issue" ON "issue_texts" USING btree ("issue_id","since");--> statement-breakpoint
CREATE INDEX "issue_texts_search" ON "issue_texts" USING gin ("org_id","text" gin_trgm_ops);--> statement-breakpoint
SELECT ensure_partitions('issue_texts', now() - interval '14 days', 7, 4);
