CREATE TABLE "issue_states" (
	"issue_id" bigint PRIMARY KEY NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"user_id" bigint,
	"substatus" text,
	"rule" text,
	"release" text,
	"release_package" text,
	"release_key" text,
	"release_build" bigint,
	"was_seen_in_release" boolean,
	"commit" text,
	"repository" text,
	"until" timestamp with time zone,
	"wanted" integer,
	"window_minutes" integer,
	"events_before" bigint
);
--> statement-breakpoint
ALTER TABLE "status_change_slices" ADD COLUMN "states" jsonb;--> statement-breakpoint
ALTER TABLE "issue_states" ADD CONSTRAINT "issue_states_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_states" ADD CONSTRAINT "issue_states_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "issue_states_until" ON "issue_states" USING btree ("until","issue_id") WHERE "issue_states"."until" is not null;--> statement-breakpoint
CREATE INDEX "issue_states_escalating" ON "issue_states" USING btree ("since","issue_id") WHERE "issue_states"."substatus" = 'escalating';--> statement-breakpoint
CREATE INDEX "issue_states_user" ON "issue_states" USING btree ("user_id") WHERE "issue_states"."user_id" is not null;
--> statement-breakpoint
-- What came back in the last week is known by its row of the outbox alone.
INSERT INTO "issue_states" ("issue_id", "since", "substatus")
SELECT DISTINCT i."id", i."status_changed_at", 'regressed' FROM "issue_changes" c JOIN "issues" i ON i."id" = c."issue_id"
 WHERE c."change" = 'regressed' AND i."status" = 'unresolved' AND c."created_at" >= i."status_changed_at";
