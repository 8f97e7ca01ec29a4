ALTER TABLE "issues" ADD COLUMN "priority" smallint;--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "priority_locked_at" timestamp with time zone;