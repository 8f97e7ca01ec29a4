// Run by npm after an installation: pages and worker, so that the first start finds them. A failure is a sentence and no
// failed installation, since a start builds what it misses.
import { tsImport } from "tsx/esm/api";

try {
  const { buildWeb, bundleAhead } = await tsImport("./local/bundle.ts", import.meta.url);
  await Promise.all([buildWeb(), bundleAhead()]);
} catch (error) {
  console.log(`Not built ahead, so the first start will take longer: ${error.message}`);
}
