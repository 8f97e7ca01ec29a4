import { basename } from "node:path";
import { binding, group, list, text } from "../capnp-text";
import type { WranglerConfig } from "../wrangler-config";
import { directoryOf, readAssets } from "./read-assets";

/** Modules that the configuration names; they lie beside it. */
export const assetModules = [
  "assets/find-asset.mjs",
  "assets/files-before-worker.mjs",
  "assets/assets-worker.mjs",
  "assets/compress-asset.mjs",
];

const service = "assets";
const module = (name: string) => group({ name: text(name), esModule: `embed ${text(name)}` });

/** What `[assets]` adds to the application and beside it; nothing without it. */
export function assetParts(
  config: WranglerConfig,
  bundle: string,
): { modules: string[]; bindings: string[]; services: string[] } {
  const assets = readAssets(config);
  if (!config.assets || !assets) return { modules: [], bindings: [], services: [] };
  // The application may have no name for them; the runtime needs one.
  const { directory, binding: name = "LOCAL_ASSETS" } = config.assets;
  const known = group({ name: text("assets.json"), json: text(JSON.stringify(assets)) });
  const app = JSON.stringify(`./${basename(bundle)}`);
  const main = [
    `import app from ${app};`,
    'import assets from "./assets.json";',
    'import { filesBeforeWorker } from "./files-before-worker.mjs";',
    `export * from ${app};`,
    `export default filesBeforeWorker(app, assets, ${JSON.stringify(name)});`,
  ].join("\n");
  return {
    modules: [
      group({ name: text("main-with-assets.mjs"), esModule: text(main) }),
      known,
      module("files-before-worker.mjs"),
      module("find-asset.mjs"),
    ],
    bindings: [binding(name, "service", text(service))],
    services: [
      group({
        name: text(service),
        worker: group({
          modules: list([
            module("assets-worker.mjs"),
            known,
            module("find-asset.mjs"),
            module("compress-asset.mjs"),
          ]),
          compatibilityDate: text(config.compatibility_date),
          // Brotli is of Node's zlib alone.
          compatibilityFlags: list([text("nodejs_compat")]),
          bindings: list([binding("FILES", "service", text("asset-files"))]),
        }),
      }),
      group({
        name: text("asset-files"),
        // Only what was read at the start is asked for, so no other file whose name begins with a dot is served.
        disk: group({ path: text(directoryOf(config, directory)), allowDotfiles: "true" }),
      }),
    ],
  };
}
