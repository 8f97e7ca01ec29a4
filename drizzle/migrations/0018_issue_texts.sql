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
--> statement-breakpoint
-- What was known of issues until now: title, culprit, message and address of their first events. Nobody waits for this;
-- of issues that come into being meanwhile the next event brings it. The mark is that of messages.
INSERT INTO "issue_texts" ("since", "org_id", "issue_id", "is_fact", "hashes", "text")
SELECT date_bin(interval '28 days', i.last_seen_at, '1970-01-05T00:00:00Z'), i.org_id, i.id, false, '{}',
       E'\n\x03' || replace(d.search_text, E'\n', E'\n\x03')
  FROM "issues" i JOIN "issue_details" d ON d.issue_id = i.id;
