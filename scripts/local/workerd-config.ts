import { basename } from "node:path";
import { assetParts } from "./assets/assets-config";
import { binding, group, list, text } from "./capnp-text";
import { modulesOf } from "./modules";
import { type ObjectsPlace, objectBindings, objectClasses, objectServices } from "./objects-config";
import type { WranglerConfig } from "./wrangler-config";

/** Where the bridges listen, and what opens them. */
export type BridgesAddress = { host: string; secret: string };

export type WorkerdProcess = {
  config: WranglerConfig;
  /** The file that wrangler made; what it carries along lies beside it. */
  bundle: string;
  /** Names of the text bindings; their values are in the environment of the process, so that no file has them. */
  settings: string[];
  bridges: BridgesAddress;
  /** The door is for everybody; consumers hear the launcher and the bridges alone. */
  role: "door" | "consumer";
  /** `host:port` where the door listens for everybody. */
  address?: string;
  /** `host:port` of the control worker. */
  controlAddress: string;
  /** Where Durable Objects are. */
  objects: ObjectsPlace;
};

/** Names by which bridges know what is asked for. */
export const queueHeader = "x-brinkwatch-queue";
export const bucketHeader = "x-brinkwatch-bucket";

/**
 * wrangler.toml as a configuration of `workerd serve` (Cap'n Proto text, workerd.capnp), to lie in the folder of the
 * bundle, beside control-worker.mjs. Queues and buckets are services of the bridges, behind the platform's own bindings.
 */
export function workerdConfig(process: WorkerdProcess): string {
  const { config, role, address, controlAddress } = process;
  const assets = assetParts(config, process.bundle);
  const services = [
    group({ name: text("app"), worker: appOf(process, assets) }),
    group({ name: text("control"), worker: controlOf(config) }),
    group({ name: text("internet"), network: internet }),
    ...queuesOf(config).map((queue) => bridged(queueService(queue), process, queueHeader, queue)),
    ...config.r2_buckets.map(({ binding }) =>
      bridged(bucketService(binding), process, bucketHeader, binding),
    ),
    bridged("local-status", process),
    ...objectServices(config, process.objects),
    ...assets.services,
  ];
  const sockets = [
    ...(address ? [socket("main", address, "app", doorHttp)] : []),
    socket("control", controlAddress, "control", "()"),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = ${group({
    services: list(services),
    sockets: list(sockets),
    ...(role === "consumer" && { v8Flags: list(consumerFlags.map(text)) }),
  })};\n`;
}

/** Events live shorter than a batch: in a larger nursery they die by themselves, which takes a tenth of the CPU. */
const consumerFlags = ["--min-semi-space-size=16", "--max-semi-space-size=32"];

const socket = (name: string, address: string, service: string, http: string) =>
  group({ name: text(name), address: text(address), service: text(service), http });

/** The platform alone says where a request comes from: without it, nobody does by this name. */
const doorHttp = `(injectRequestHeaders = [(name = "cf-connecting-ip")])`;
const internet = `(allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))`;

const queueService = (queue: string) => `queue-${queue}`;
const bucketService = (binding: string) => `bucket-${binding}`;
const queuesOf = ({ queues }: WranglerConfig) => [
  ...new Set(queues.producers.map(({ queue }) => queue)),
];

function appOf(
  { config, bundle, settings, objects }: WorkerdProcess,
  assets: Pick<ReturnType<typeof assetParts>, "modules" | "bindings">,
): string {
  assertAllRunsHere(config);
  const given = new Set(settings);
  const vars = Object.entries(config.vars).filter(([name]) => !given.has(name));
  const bindings = [
    ...settings.map((name) => binding(name, "fromEnvironment", text(name))),
    ...vars.map(([name, value]) =>
      typeof value === "string"
        ? binding(name, "text", text(value))
        : binding(name, "json", text(JSON.stringify(value))),
    ),
    ...config.queues.producers.map((producer) =>
      binding(producer.binding, "queue", text(queueService(producer.queue))),
    ),
    ...config.r2_buckets.map((bucket) =>
      binding(bucket.binding, "r2Bucket", text(bucketService(bucket.binding))),
    ),
    // How the machine is, for /_health/ready and /metrics.
    binding("LOCAL_STATUS", "service", text("local-status")),
    ...config.services.map(({ binding: name, entrypoint }) => {
      const at = { name: text("app"), ...(entrypoint && { entrypoint: text(entrypoint) }) };
      return binding(name, "service", group(at));
    }),
    ...objectBindings(config, objects),
    ...assets.bindings,
  ];
  return group({
    modules: list([
      // The first is the one whose default export is called.
      ...assets.modules,
      ...modulesOf(bundle, config.rules).map(({ type, path }) =>
        group({
          name: text(basename(path)),
          [kinds[type]]: `embed ${text(basename(path))}`,
        }),
      ),
    ]),
    compatibilityDate: text(config.compatibility_date),
    compatibilityFlags: list(config.compatibility_flags.map(text)),
    bindings: list(bindings),
    ...objectClasses(config, objects),
  });
}

const kinds = { ESModule: "esModule", Text: "text", Data: "data", CompiledWasm: "wasm" } as const;

/** Other workers of an account do not run on this machine. */
function assertAllRunsHere({ name, services, durable_objects }: WranglerConfig): void {
  const needed = [
    ...services.map(({ binding: what, service }) => [what, service]),
    ...durable_objects.bindings.map((object) => [object.name, object.script_name ?? name]),
  ];
  const foreign = needed.filter(([, worker]) => worker !== name);
  if (foreign.length === 0) return;
  const words = foreign.map(([what, worker]) => `${what} needs the worker ${worker}`);
  throw new Error(`wrangler.toml: ${words.join("; ")}, which does not run beside this one.`);
}

const controlOf = (config: WranglerConfig): string =>
  group({
    modules: list([
      group({
        name: text("control-worker.mjs"),
        esModule: `embed ${text("control-worker.mjs")}`,
      }),
    ]),
    compatibilityDate: text(config.compatibility_date),
    compatibilityFlags: list([text("service_binding_extra_handlers")]),
    bindings: list([
      binding("APP", "service", text("app")),
      binding("CONTROL_SECRET", "fromEnvironment", text("CONTROL_SECRET")),
    ]),
  });

function bridged(
  service: string,
  { bridges }: WorkerdProcess,
  header?: string,
  value = "",
): string {
  const headers = [
    group({ name: text("authorization"), value: text(`Bearer ${bridges.secret}`) }),
    ...(header ? [group({ name: text(header), value: text(value) })] : []),
  ];
  const http = group({ injectRequestHeaders: list(headers) });
  return group({
    name: text(service),
    external: group({ address: text(bridges.host), http }),
  });
}
