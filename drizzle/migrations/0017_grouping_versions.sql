ALTER TABLE "projects" ADD COLUMN "grouping_version" text DEFAULT 'g1' NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "grouping_switched_at" timestamp with time zone;