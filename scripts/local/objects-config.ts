import { binding, group, list, nothing, text } from "./capnp-text";
import { sqliteByClass, type WranglerConfig } from "./wrangler-config";

/*
 * Durable Objects live in the process of one consumer, which writes their files. All others reach them over a socket in
 * a folder that only the owner of the data can enter: workerd's debug port, whose holder may call anything.
 */

/** Whether an application process has the objects, or reaches those of the one that has them. */
export type ObjectsPlace = {
  isHome: boolean;
  /** Where the objects' data is. */
  folder: string;
};

/** Of the socket, in the folder where workerd is started: a whole path would be too long for some. */
export const objectsSocket = "objects.sock";

export const hasObjects = ({ migrations }: WranglerConfig): boolean =>
  sqliteByClass(migrations).size > 0;

const elsewhere = "objects-elsewhere";

/** The application's bindings of objects. */
export const objectBindings = (config: WranglerConfig, { isHome }: ObjectsPlace): string[] =>
  config.durable_objects.bindings.map(({ name, class_name }) =>
    binding(
      name,
      "durableObjectNamespace",
      isHome
        ? text(class_name)
        : group({ className: text(class_name), serviceName: text(elsewhere) }),
    ),
  );

/** The application's part of the configuration: its classes, where they have their data. */
export const objectClasses = (
  config: WranglerConfig,
  { isHome }: ObjectsPlace,
): Record<string, string> =>
  isHome && hasObjects(config)
    ? {
        durableObjectNamespaces: namespacesOf(config),
        durableObjectStorage: `(localDisk = "objects")`,
      }
    : {};

/** What stands beside the application. */
export function objectServices(config: WranglerConfig, { isHome, folder }: ObjectsPlace): string[] {
  if (!hasObjects(config)) return [];
  if (isHome) {
    return [
      group({ name: text("objects"), disk: group({ path: text(folder), writable: "true" }) }),
    ];
  }
  const classes = [...sqliteByClass(config.migrations).keys()];
  const main = [
    'import { objectElsewhere } from "./objects-elsewhere.mjs";',
    ...classes.map((name) => `export const ${name} = objectElsewhere("${name}");`),
    "export default {};",
  ].join("\n");
  const worker = group({
    modules: list([
      group({ name: text("main.mjs"), esModule: text(main) }),
      group({
        name: text("objects-elsewhere.mjs"),
        esModule: `embed ${text("objects-elsewhere.mjs")}`,
      }),
    ]),
    compatibilityDate: text(config.compatibility_date),
    bindings: list([binding("OBJECTS", "workerdDebugPort", nothing)]),
    // Ids are made of the same keys, so each is the id of the object that it stands for. Nothing is stored by these.
    durableObjectNamespaces: namespacesOf(config),
    durableObjectStorage: "(inMemory = void)",
  });
  return [group({ name: text(elsewhere), worker })];
}

const namespacesOf = (config: WranglerConfig): string =>
  list(
    [...sqliteByClass(config.migrations)].map(([className, sqlite]) =>
      group({
        className: text(className),
        uniqueKey: text(`${config.name}-${className}`),
        enableSql: String(sqlite),
      }),
    ),
  );
