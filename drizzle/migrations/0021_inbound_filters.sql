ALTER TABLE "projects" ADD COLUMN "inbound_filters" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "rules_version" integer DEFAULT 0 NOT NULL;