CREATE TABLE "recent_searches" (
	"member_id" bigint NOT NULL,
	"hash" text NOT NULL,
	"query" text NOT NULL,
	"searched_at" timestamp with time zone NOT NULL,
	CONSTRAINT "recent_searches_member_id_hash_pk" PRIMARY KEY("member_id","hash")
);
--> statement-breakpoint
CREATE TABLE "saved_views" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "saved_views_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"org_id" bigint NOT NULL,
	"member_id" bigint,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"sort" text NOT NULL,
	"columns" text[],
	"project_ids" bigint[] NOT NULL,
	"environments" text[] NOT NULL,
	"time_filters" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"visibility" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "view_marks" (
	"member_id" bigint NOT NULL,
	"view_id" bigint NOT NULL,
	"position" integer,
	"is_default" boolean DEFAULT false NOT NULL,
	"visited_at" timestamp with time zone,
	CONSTRAINT "view_marks_member_id_view_id_pk" PRIMARY KEY("member_id","view_id")
);
--> statement-breakpoint
ALTER TABLE "recent_searches" ADD CONSTRAINT "recent_searches_member_id_organization_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."organization_members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_org_id_organizations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_member_id_organization_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."organization_members"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "view_marks" ADD CONSTRAINT "view_marks_member_id_organization_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."organization_members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "view_marks" ADD CONSTRAINT "view_marks_view_id_saved_views_id_fk" FOREIGN KEY ("view_id") REFERENCES "public"."saved_views"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recent_searches_member" ON "recent_searches" USING btree ("member_id","searched_at");--> statement-breakpoint
CREATE INDEX "saved_views_org_name" ON "saved_views" USING btree ("org_id","name","id");--> statement-breakpoint
CREATE INDEX "saved_views_member" ON "saved_views" USING btree ("member_id") WHERE "saved_views"."member_id" is not null;--> statement-breakpoint
CREATE INDEX "view_marks_view" ON "view_marks" USING btree ("view_id");--> statement-breakpoint
CREATE UNIQUE INDEX "view_marks_default" ON "view_marks" USING btree ("member_id") WHERE "view_marks"."is_default";
--> statement-breakpoint
CREATE TRIGGER saved_views_org_id_room AFTER INSERT ON saved_views FOR EACH ROW EXECUTE FUNCTION assert_room('org_id', '1000', 'views of an organization');
--> statement-breakpoint
CREATE TRIGGER saved_views_member_id_room AFTER INSERT ON saved_views FOR EACH ROW WHEN (NEW.member_id IS NOT NULL) EXECUTE FUNCTION assert_room('member_id', '200', 'views of a person');
--> statement-breakpoint
-- Who leaves takes along what nobody else saw.
CREATE FUNCTION forget_private_view() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM saved_views WHERE id = NEW.id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER saved_views_forget AFTER UPDATE ON saved_views FOR EACH ROW WHEN (NEW.member_id IS NULL AND NEW.visibility = 'owner') EXECUTE FUNCTION forget_private_view();
--> statement-breakpoint
CREATE FUNCTION forget_oldest_searches() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM recent_searches WHERE member_id = NEW.member_id AND hash IN (
    SELECT hash FROM recent_searches WHERE member_id = NEW.member_id ORDER BY searched_at DESC, hash OFFSET TG_ARGV[0]::integer);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER recent_searches_forget AFTER INSERT ON recent_searches FOR EACH ROW EXECUTE FUNCTION forget_oldest_searches(30);
