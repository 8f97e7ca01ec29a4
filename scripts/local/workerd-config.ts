import { basename } from "node:path";
import { modulesOf } from "./modules";
import { sqliteByClass, type WranglerConfig } from "./wrangler-config";

/** Where the bridges listen, and what opens them. */
export type BridgesAddress = { host: string; secret: string };

export type WorkerdProcess = {
  config: WranglerConfig;
  /** The file that wrangler made; what it carries along lies beside it. */
  bundle: string;
  /** Names of the text bindings; their values are in the environment of the process, so that no file has them. */
  settings: string[];
  bridges: BridgesAddress;
  /** Where the application listens for everybody, or the control worker for the launcher and the bridges. */
  role: "door" | "consumer";
  /** `host:port`. */
  address: string;
  /** Where Durable Objects keep their data. */
  objectsFolder: string;
};

/** Names by which bridges know what is asked for. */
export const queueHeader = "x-brinkwatch-queue";
export const bucketHeader = "x-brinkwatch-bucket";

/**
 * wrangler.toml as a configuration of `workerd serve` (Cap'n Proto text, workerd.capnp), to lie in the folder of the
 * bundle, beside control-worker.mjs. Queues and buckets are services of the bridges, behind the platform's own bindings.
 */
export function workerdConfig(process: WorkerdProcess): string {
  const { config, role, address } = process;
  const services = [
    group({ name: text("app"), worker: appOf(process) }),
    ...(role === "consumer" ? [group({ name: text("control"), worker: controlOf(config) })] : []),
    group({ name: text("internet"), network: internet }),
    ...queuesOf(config).map((queue) => bridged(queueService(queue), process, queueHeader, queue)),
    ...config.r2_buckets.map(({ binding }) =>
      bridged(bucketService(binding), process, bucketHeader, binding),
    ),
    bridged("local-status", process),
    ...(sqliteByClass(config.migrations).size > 0 ? [objectsOn(process.objectsFolder)] : []),
  ];
  const socket = group({
    name: text("main"),
    address: text(address),
    service: text(role === "door" ? "app" : "control"),
    http: role === "door" ? doorHttp : "()",
  });
  return `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = ${group({
    services: list(services),
    sockets: list([socket]),
  })};\n`;
}

/** The platform alone says where a request comes from: without it, nobody does by this name. */
const doorHttp = `(injectRequestHeaders = [(name = "cf-connecting-ip")])`;
const internet = `(allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))`;

const queueService = (queue: string) => `queue-${queue}`;
const bucketService = (binding: string) => `bucket-${binding}`;
const queuesOf = ({ queues }: WranglerConfig) => [
  ...new Set(queues.producers.map(({ queue }) => queue)),
];

function appOf({ config, bundle, settings, role }: WorkerdProcess): string {
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
    ...config.services.map(({ binding: name, service, entrypoint }) => {
      if (service !== config.name) throw new Error(foreign(name, service));
      const at = { name: text("app"), ...(entrypoint && { entrypoint: text(entrypoint) }) };
      return binding(name, "service", group(at));
    }),
    ...config.durable_objects.bindings.map(({ name, class_name, script_name }) => {
      if (script_name) throw new Error(foreign(name, script_name));
      return binding(name, "durableObjectNamespace", text(class_name));
    }),
  ];
  const classes = [...sqliteByClass(config.migrations)];
  return group({
    modules: list(
      modulesOf(bundle, config.rules).map(({ type, path }) =>
        group({
          name: text(basename(path)),
          [kinds[type]]: `embed ${text(basename(path))}`,
        }),
      ),
    ),
    compatibilityDate: text(config.compatibility_date),
    compatibilityFlags: list(config.compatibility_flags.map(text)),
    bindings: list(bindings),
    ...(classes.length > 0 && {
      durableObjectNamespaces: list(
        classes.map(([className, sqlite]) =>
          group({
            className: text(className),
            uniqueKey: text(`${config.name}-${className}`),
            enableSql: String(sqlite),
          }),
        ),
      ),
      durableObjectStorage: role === "consumer" ? `(localDisk = "objects")` : "(inMemory = void)",
    }),
  });
}

const kinds = { ESModule: "esModule", Text: "text", Data: "data", CompiledWasm: "wasm" } as const;

const foreign = (name: string, service: string) =>
  `wrangler.toml: ${name} needs the worker ${service}, which does not run beside this one.`;

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

const objectsOn = (folder: string) =>
  group({ name: text("objects"), disk: group({ path: text(folder), writable: "true" }) });

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

const binding = (name: string, kind: string, value: string) =>
  group({ name: text(name), [kind]: value });

const group = (members: Record<string, string>): string =>
  `(${Object.entries(members)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ")})`;

const list = (members: string[]): string => `[\n  ${members.join(",\n  ")}\n]`;

/** Cap'n Proto's quoted text knows \xNN for a byte, not \uNNNN. */
const text = (value: string): string =>
  `"${value.replace(/["\\]|\p{Cc}/gu, (char) => {
    const code = char.charCodeAt(0);
    return code < 128 ? `\\x${code.toString(16).padStart(2, "0")}` : char;
  })}"`;
