import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Cron } from "croner";
import { parse } from "smol-toml";
import { z } from "zod";
import { projectRoot } from "./places";

/*
 * wrangler.toml, as far as this project may use it. What is not written here is an error, not something that is there
 * on Cloudflare and silently missing on one's own machine. workerd-config.ts makes workerd's configuration of it.
 */

const name = z.string().min(1);
/** Known, and without a meaning on one's own machine. */
const onlyOnCloudflare = z.unknown().optional();

const Queues = z.strictObject({
  producers: z
    .array(z.strictObject({ queue: name, binding: name, delivery_delay: z.number().optional() }))
    .default([]),
  consumers: z
    .array(
      z.strictObject({
        queue: name,
        max_batch_size: z.number(),
        max_batch_timeout: z.number(),
        max_retries: z.number(),
        retry_delay: z.number().optional(),
        /** The local queues have one consumer anyway. */
        max_concurrency: z.number(),
        dead_letter_queue: name.optional(),
      }),
    )
    .default([]),
});

const DurableObjects = z.strictObject({
  bindings: z.array(
    z.strictObject({
      name,
      class_name: name,
      /** Another worker that has the class. */
      script_name: name.optional(),
    }),
  ),
});

const Migration = z.strictObject({
  tag: name,
  new_classes: z.array(name).default([]),
  new_sqlite_classes: z.array(name).default([]),
  renamed_classes: z.array(z.strictObject({ from: name, to: name })).default([]),
  deleted_classes: z.array(name).default([]),
});

const path = z.string().regex(/^!?\//, "must begin with / or !/");

const Assets = z.strictObject({
  directory: name,
  binding: name.optional(),
  run_worker_first: z.union([z.boolean(), z.array(path).min(1)]).optional(),
  not_found_handling: z.enum(["single-page-application", "404-page", "none"]).optional(),
  html_handling: z
    .enum(["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"])
    .optional(),
});

const Service = z.strictObject({ binding: name, service: name, entrypoint: name.optional() });

const Rule = z.strictObject({
  type: z.enum(["Text", "Data", "CompiledWasm"]),
  globs: z.array(z.string().regex(/^\*\*\/[\w.-]+$/, "must be like **/file.txt")),
  fallthrough: z.boolean().optional(),
});

const cron = z.string().refine(isCron, "is no time of five fields, like 17 3 * * 1");

function isCron(text: string): boolean {
  try {
    new Cron(text);
    return text.trim().split(/\s+/).length === 5;
  } catch {
    return false;
  }
}

const Shape = z.strictObject({
  name,
  main: name,
  compatibility_date: z.iso.date(),
  compatibility_flags: z.array(name).default([]),
  limits: z.strictObject({ cpu_ms: z.number() }),
  observability: z.looseObject({ head_sampling_rate: z.number() }),
  vars: z.record(z.string(), z.json()).default({}),
  triggers: z.strictObject({ crons: z.array(cron) }).default({ crons: [] }),
  queues: Queues.default({ producers: [], consumers: [] }),
  r2_buckets: z.array(z.strictObject({ binding: name, bucket_name: name })).default([]),
  durable_objects: DurableObjects.default({ bindings: [] }),
  migrations: z.array(Migration).default([]),
  assets: Assets.optional(),
  services: z.array(Service).default([]),
  rules: z.array(Rule).default([]),
  minify: z.boolean().default(false),
  /** What wrangler runs before it bundles. */
  build: z.strictObject({ command: name }).optional(),
  /** Mail is kept for a page here (DEV_MAILBOX). */
  send_email: z.array(z.looseObject({ name })).default([]),
  account_id: onlyOnCloudflare,
  route: onlyOnCloudflare,
  routes: onlyOnCloudflare,
  workers_dev: onlyOnCloudflare,
  preview_urls: onlyOnCloudflare,
  placement: onlyOnCloudflare,
  keep_vars: onlyOnCloudflare,
  logpush: onlyOnCloudflare,
  send_metrics: onlyOnCloudflare,
  upload_source_maps: onlyOnCloudflare,
});

export type WranglerConfig = z.output<typeof Shape> & {
  /** Where the file is: its paths begin there. */
  folder: string;
};

/** Reads a wrangler.toml; throws with every place that is wrong or unknown. */
export function readWranglerConfig(file = join(projectRoot, "wrangler.toml")): WranglerConfig {
  const parsed = Shape.safeParse(parse(readFileSync(file, "utf8")));
  const wrong = parsed.success
    ? contradictionsIn(parsed.data)
    : parsed.error.issues.flatMap(wordsOf);
  if (wrong.length > 0 || !parsed.success) throw new Error(`${file}: ${wrong.join("; ")}`);
  return { ...parsed.data, folder: dirname(file) };
}

function wordsOf(issue: z.core.$ZodIssue): string[] {
  const place = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return [`${place}: ${issue.message}`];
  return issue.keys.map(
    (key) =>
      `${place ? `${place}.` : ""}${key} is unknown to the local runtime: teach it in scripts/local/wrangler-config.ts`,
  );
}

/** What each part allows and Cloudflare refuses. */
function contradictionsIn(config: z.output<typeof Shape>): string[] {
  const classes = sqliteByClass(config.migrations);
  const homeless = config.durable_objects.bindings
    .filter(
      ({ class_name, script_name = config.name }) =>
        script_name === config.name && !classes.has(class_name),
    )
    .map(({ class_name }) => `durable_objects: no migration makes the class ${class_name}`);
  const bindings = bindingsOf(config);
  const twice = bindings.filter((binding, index) => bindings.indexOf(binding) !== index);
  return [...homeless, ...twice.map((binding) => `two things are bound as ${binding}`)];
}

const bindingsOf = (config: z.output<typeof Shape>): string[] => [
  ...Object.keys(config.vars),
  ...config.queues.producers.map(({ binding }) => binding),
  ...config.r2_buckets.map(({ binding }) => binding),
  ...config.durable_objects.bindings.map((binding) => binding.name),
  ...config.services.map(({ binding }) => binding),
  ...config.send_email.map((binding) => binding.name),
  ...(config.assets?.binding ? [config.assets.binding] : []),
];

/** The classes of Durable Objects that there are after all migrations, and whether each has a SQLite database. */
export function sqliteByClass(migrations: WranglerConfig["migrations"]): Map<string, boolean> {
  const classes = new Map<string, boolean>();
  for (const migration of migrations) {
    for (const made of migration.new_classes) classes.set(made, false);
    for (const made of migration.new_sqlite_classes) classes.set(made, true);
    for (const { from, to } of migration.renamed_classes) {
      classes.set(to, classes.get(from) ?? false);
      classes.delete(from);
    }
    for (const gone of migration.deleted_classes) classes.delete(gone);
  }
  return classes;
}
