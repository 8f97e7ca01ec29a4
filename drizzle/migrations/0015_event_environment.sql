ALTER TABLE "events" ADD COLUMN "environment" bigint;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "user_hash" bigint;