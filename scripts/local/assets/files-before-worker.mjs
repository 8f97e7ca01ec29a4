// Puts the files of `[assets]` before the application, in its own isolate: what is not for them costs a look at the path.

import { assetFinder } from "./find-asset.mjs";

/** The application's default export, which is asked for what no file answers. `binding` names the files' worker. */
export function filesBeforeWorker(app, assets, binding) {
  const { isForFiles } = assetFinder(assets);
  if (typeof app === "function") {
    return class extends app {
      fetch(request) {
        return isForFiles(request) ? this.env[binding].fetch(request) : super.fetch(request);
      }
    };
  }
  return {
    ...app,
    fetch: (request, env, ctx) =>
      isForFiles(request) ? env[binding].fetch(request) : app.fetch(request, env, ctx),
  };
}
