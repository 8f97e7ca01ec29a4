DROP INDEX "api_tokens_user";--> statement-breakpoint
DROP INDEX "api_tokens_org";--> statement-breakpoint
CREATE INDEX "issues_org_user_count" ON "issues" USING btree ("org_id","user_count","id");--> statement-breakpoint
CREATE INDEX "issues_org_priority" ON "issues" USING btree ("org_id",(log(greatest("event_count", 1)) + extract(epoch from ("last_seen_at" at time zone 'UTC')) / 300000),"id");--> statement-breakpoint
CREATE INDEX "issues_org_id" ON "issues" USING btree ("org_id","id");--> statement-breakpoint
CREATE INDEX "organization_members_org_id" ON "organization_members" USING btree ("org_id","id");--> statement-breakpoint
CREATE INDEX "teams_org_id" ON "teams" USING btree ("org_id","id");--> statement-breakpoint
CREATE INDEX "projects_org_name" ON "projects" USING btree ("org_id","name","id");--> statement-breakpoint
CREATE INDEX "api_tokens_user" ON "api_tokens" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "api_tokens_org" ON "api_tokens" USING btree ("org_id","id");