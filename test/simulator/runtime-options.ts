import { join } from "node:path";
import { kCurrentWorker, type SharedOptions, type WorkerOptions } from "miniflare";
import { sqliteByClass, type WranglerConfig } from "../../scripts/local/wrangler-config";

export type RuntimeOptions = Omit<WorkerOptions, "modules" | "script" | "scriptPath">;

/** What Miniflare is to make of wrangler.toml, all but the code: bindings, queues, objects, assets. */
export function runtimeOptions(
  config: WranglerConfig,
  batchTimeoutSeconds?: number,
): RuntimeOptions {
  const sqlite = sqliteByClass(config.migrations);
  return {
    name: config.name,
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
    bindings: config.vars,
    queueProducers: Object.fromEntries(
      config.queues.producers.map(({ queue, binding, delivery_delay }) => [
        binding,
        { queueName: queue, deliveryDelay: delivery_delay },
      ]),
    ),
    queueConsumers: Object.fromEntries(
      config.queues.consumers.map((consumer) => [
        consumer.queue,
        {
          maxBatchSize: consumer.max_batch_size,
          maxBatchTimeout: batchTimeoutSeconds ?? consumer.max_batch_timeout,
          maxRetries: consumer.max_retries,
          retryDelay: consumer.retry_delay,
          ...(consumer.dead_letter_queue && { deadLetterQueue: consumer.dead_letter_queue }),
        },
      ]),
    ),
    r2Buckets: Object.fromEntries(
      config.r2_buckets.map(({ binding, bucket_name }) => [binding, bucket_name]),
    ),
    durableObjects: Object.fromEntries(
      config.durable_objects.bindings.map(({ name, class_name, script_name }) => [
        name,
        script_name && script_name !== config.name
          ? { className: class_name, scriptName: script_name }
          : { className: class_name, useSQLite: sqlite.get(class_name) ?? false },
      ]),
    ),
    serviceBindings: Object.fromEntries(
      config.services.map(({ binding, service, entrypoint }) => [
        binding,
        {
          name: service === config.name ? kCurrentWorker : service,
          ...(entrypoint && { entrypoint }),
        },
      ]),
    ),
    ...(config.assets && { assets: assetsOf(config, config.assets) }),
  };
}

function assetsOf(config: WranglerConfig, assets: NonNullable<WranglerConfig["assets"]>) {
  const { run_worker_first: first } = assets;
  return {
    directory: join(config.folder, assets.directory),
    ...(assets.binding && { binding: assets.binding }),
    routerConfig: {
      has_user_worker: true,
      ...(typeof first === "boolean" && { invoke_user_worker_ahead_of_assets: first }),
      ...(Array.isArray(first) && { static_routing: routingOf(first) }),
    },
    assetConfig: {
      compatibility_date: config.compatibility_date,
      compatibility_flags: config.compatibility_flags,
      ...(assets.html_handling && { html_handling: assets.html_handling }),
      ...(assets.not_found_handling && { not_found_handling: assets.not_found_handling }),
    },
  };
}

/** `!` before a path: its files come first even where the worker has what is around it. */
const routingOf = (paths: string[]) => ({
  user_worker: paths.filter((path) => !path.startsWith("!")),
  asset_worker: paths.filter((path) => path.startsWith("!")).map((path) => path.slice(1)),
});

/** Where the runtime keeps what is stored; in memory without a folder. */
export const storageOptions = (persist: string | undefined): SharedOptions => ({
  r2Persist: persist ? join(persist, "r2") : false,
  durableObjectsPersist: persist ? join(persist, "durable-objects") : false,
});
