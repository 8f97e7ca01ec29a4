import { randomBytes } from "node:crypto";
import { z } from "zod";
import { daySeconds } from "../../src/protocol/durations";
import type { WranglerConfig } from "../local/wrangler-config";
import { migrateDatabase } from "../migrate-database";
import type { CloudflareApi } from "./cloudflare-api";
import { pendingMigrations } from "./pending-migrations";
import { isReachable, writePublicUrl } from "./public-url";
import { releaseTag } from "./release-tag";

/** What a look found: it is there, or what is made when somebody agrees. */
export type Finding = { words?: string; make?: () => Promise<void> };
export type Step = { name: string; look(): Promise<Finding> };

export type Setup = {
  api: CloudflareApi;
  accountId: string;
  config: WranglerConfig;
  /** Values of secrets that are at hand, by name. */
  secrets: ReadonlyMap<string, string>;
  /** An address that was asked for. */
  url: string | undefined;
  /** Uploads the worker, its consumers and crons, under a tag. */
  deploy(tag: string): Promise<void>;
};

/** Codes of Cloudflare for what is not there, and for what is there already. */
const noSuchWorker = [10_007, 10_090, 10_092];
const noSuchBucket = [10_006];
const noSuchRules = [10_006, 10_057];
const queueIsThere = [11_009];
const bucketIsThere = [10_004, 10_073];

/** A parked body lives as long as a message may name it: ARCHITECTURE.md, "What fails, and what then". */
const inboxDays = 60;
const givenSecrets = ["DATABASE_URL", "UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"];

/** Everything that an installation at the edge consists of, in the order in which it is made. */
export function stepsOf(setup: Setup): Step[] {
  const { config } = setup;
  const names = new Set([
    ...config.queues.producers.map(({ queue }) => queue),
    ...config.queues.consumers.flatMap((each) => [
      each.queue,
      each.dead_letter_queue ?? each.queue,
    ]),
  ]);
  return [
    ...queueSteps(setup, [...names]),
    ...config.r2_buckets.flatMap(({ bucket_name }) => bucketSteps(setup, bucket_name)),
    databaseStep(setup),
    ...secretSteps(setup),
    ...lastSteps(setup),
  ];
}

function queueSteps({ api, accountId }: Setup, names: string[]): Step[] {
  const path = `/accounts/${accountId}/queues`;
  const known = once(() => api.list(path, z.object({ queue_name: z.string() })));
  return names.map((name) => ({
    name: `queue ${name}`,
    look: async () =>
      (await known())?.some(({ queue_name }) => queue_name === name)
        ? {}
        : { make: () => api.change("POST", path, { queue_name: name }, queueIsThere) },
  }));
}

const Rules = z.object({
  rules: z
    .array(
      z.looseObject({ conditions: z.looseObject({ prefix: z.string().optional() }).optional() }),
    )
    .default([]),
});

function bucketSteps({ api, accountId }: Setup, bucket: string): Step[] {
  const path = `/accounts/${accountId}/r2/buckets`;
  const rulesPath = `${path}/${bucket}/lifecycle`;
  const readRules = async () => (await api.get(rulesPath, Rules, noSuchRules))?.rules ?? [];
  const rule = {
    id: "brinkwatch-inbox",
    enabled: true,
    conditions: { prefix: "inbox/" },
    deleteObjectsTransition: { condition: { type: "Age", maxAge: inboxDays * daySeconds } },
  };
  return [
    {
      name: `bucket ${bucket}`,
      look: async () =>
        (await api.get(`${path}/${bucket}`, z.unknown(), noSuchBucket)) === undefined
          ? { make: () => api.change("POST", path, { name: bucket }, bucketIsThere) }
          : {},
    },
    {
      name: `lifecycle rule of ${bucket}/inbox`,
      look: async () =>
        (await readRules()).some(({ conditions }) => conditions?.prefix === "inbox/")
          ? {}
          : {
              words: `${inboxDays} days`,
              // All rules are written at once: those of others stay.
              make: async () =>
                api.change("PUT", rulesPath, { rules: [...(await readRules()), rule] }),
            },
    },
  ];
}

function databaseStep({ secrets, config }: Setup): Step {
  return {
    name: "tables of the database",
    look: async () => {
      const url = secrets.get("DATABASE_URL");
      if (!url) throw new Error("Set DATABASE_URL, so that its migrations can be run.");
      const pending = await pendingMigrations(url, config.folder);
      if (pending === 0) return {};
      return { words: `${pending} migrations`, make: () => migrateDatabase(url) };
    },
  };
}

/** A secret is never overwritten: nobody can read what it was. */
function secretSteps({ api, accountId, config, secrets }: Setup): Step[] {
  const script = `/accounts/${accountId}/workers/scripts/${config.name}`;
  const readNames = once(async () =>
    (await api.list(`${script}/secrets`, z.object({ name: z.string() }), noSuchWorker))?.map(
      ({ name }) => name,
    ),
  );
  const put = (name: string, text: string) => () =>
    api.change("PUT", `${script}/secrets`, { name, text, type: "secret_text" });
  return [
    {
      name: `worker ${config.name}`,
      look: async () =>
        (await readNames())
          ? {}
          : {
              words: "empty, to have its secrets before its code",
              make: () => api.change("PUT", script, emptyWorker(config.compatibility_date)),
            },
    },
    ...givenSecrets.map((name) => ({
      name: `secret ${name}`,
      look: async () => {
        if ((await readNames())?.includes(name)) return { words: "left as it is" };
        const text = secrets.get(name);
        if (!text) throw new Error(`Set ${name} in the environment.`);
        return { make: put(name, text) };
      },
    })),
    {
      name: "secret AUTH_SECRET",
      look: async () => {
        if ((await readNames())?.includes("AUTH_SECRET")) return { words: "left as it is" };
        const text = secrets.get("AUTH_SECRET");
        if (text && text.length < 32) throw new Error("AUTH_SECRET needs at least 32 characters.");
        if (text) return { words: "as given", make: put("AUTH_SECRET", text) };
        return { words: "a random one", make: put("AUTH_SECRET", randomBytes(32).toString("hex")) };
      },
    },
  ];
}

function emptyWorker(compatibilityDate: string): FormData {
  const form = new FormData();
  const metadata = { main_module: "worker.js", compatibility_date: compatibilityDate };
  form.set("metadata", JSON.stringify(metadata));
  const code = new Blob(["export default { fetch() {} }"], {
    type: "application/javascript+module",
  });
  form.set("worker.js", code, "worker.js");
  return form;
}

const Deployments = z.object({
  deployments: z.array(z.object({ versions: z.array(z.object({ version_id: z.string() })) })),
});
const Version = z.object({ annotations: z.record(z.string(), z.string()).optional() });

/** The address and the code: the tag of the code is of what wrangler.toml says by then. */
function lastSteps({ api, accountId, config, url, deploy }: Setup): Step[] {
  const script = `/accounts/${accountId}/workers/scripts/${config.name}`;
  const address = once(() => addressOf({ api, accountId, config, url }));
  return [
    {
      name: "PUBLIC_URL in wrangler.toml",
      look: async () => {
        const wanted = await address();
        if (config.vars.PUBLIC_URL === wanted) return { words: wanted };
        return { words: wanted, make: async () => writePublicUrl(config.folder, wanted) };
      },
    },
    {
      name: "code",
      look: async () => {
        const make = () => deploy(releaseTag(config.folder));
        if (config.vars.PUBLIC_URL !== (await address())) return { make };
        const found = await api.get(`${script}/deployments`, Deployments, noSuchWorker);
        const id = found?.deployments[0]?.versions[0]?.version_id;
        const version = id && (await api.get(`${script}/versions/${id}`, Version, noSuchWorker));
        const tag = version ? version.annotations?.["workers/tag"] : undefined;
        return tag === releaseTag(config.folder) ? { words: `deployed as ${tag}` } : { make };
      },
    },
  ];
}

/** Where the installation answers: what was asked for, what wrangler.toml says, or the account's own on workers.dev. */
async function addressOf({
  api,
  accountId,
  config,
  url,
}: Omit<Setup, "secrets" | "deploy">): Promise<string> {
  if (url) return url.replace(/\/+$/, "");
  const { PUBLIC_URL: known } = config.vars;
  if (isReachable(known)) return known;
  const path = `/accounts/${accountId}/workers/subdomain`;
  const found = await api.get(path, z.object({ subdomain: z.string().nullish() }), noSuchWorker);
  if (found?.subdomain) return `https://${config.name}.${found.subdomain}.workers.dev`;
  throw new Error(
    `Choose a workers.dev subdomain at https://dash.cloudflare.com/${accountId}/workers/onboarding, or give --url.`,
  );
}

/** The same answer to everybody who asks, also to those who ask meanwhile. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}
