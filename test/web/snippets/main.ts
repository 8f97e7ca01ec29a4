import { execFileSync } from "node:child_process";
import { readCredentials } from "../../../scripts/local/credentials";
import { readHolder } from "../../../scripts/local/hold";
import { stateDirectory } from "../../../scripts/local/places";
import { nodeRecipes } from "./node-recipes";
import { otherRecipes } from "./other-recipes";
import type { Recipe } from "./recipe";
import { busyPort, tryRecipe } from "./try-recipe";
import { webRecipes } from "./web-recipes";

/**
 * `npm run snippets [-- id…]`, or `id@version` for another version of an SDK of npm, follows the page of setting up word by word, with an application of each platform whose
 * tools are here, against a running `npm start`. It needs the registries of packages, and takes an hour for all.
 */
const recipes: Recipe[] = [...nodeRecipes, ...webRecipes, ...otherRecipes];
const asked = process.argv.slice(2).map((argument) => {
  const [id = "", version] = argument.split("@");
  return { id, version };
});
const unknown = asked.filter(({ id }) => !recipes.some((one) => one.id === id));
/** As `npm start` makes it. */
const seededTeam = "core";
const holder = readHolder(stateDirectory);
const seed = readCredentials();

function hasTool(name: string): boolean {
  try {
    execFileSync("bash", ["-c", `command -v ${name}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function tryAll(url: string, { token, org }: { token: string; org: string }) {
  let failed = 0;
  for (const recipe of recipes) {
    const wanted = asked.find(({ id }) => id === recipe.id);
    if (asked.length > 0 && !wanted) continue;
    const missing = recipe.tools.filter((name) => !hasTool(name));
    if (missing.length > 0) {
      console.log(`left out  ${recipe.id}: without ${missing.join(", ")}`);
      continue;
    }
    const port = await busyPort();
    if (port) throw new Error(`Something listens at port ${port} already.`);
    try {
      console.log(
        `arrived   ${recipe.id}: ${await tryRecipe({ url, token, org, team: seededTeam }, { ...recipe, ...(wanted?.version && { sdkVersion: wanted.version }) })}`,
      );
    } catch (error) {
      failed += 1;
      console.log(`FAILED    ${recipe.id}: ${(error as Error).message}`);
    }
  }
  return failed;
}

if (unknown.length > 0) {
  console.error(`No recipe: ${unknown.map(({ id }) => id).join(", ")}`);
  process.exit(2);
}
if (!holder?.status || !seed) {
  console.error("Start Brinkwatch with `npm start` first.");
  process.exit(2);
}
const failed = await tryAll(holder.publicUrl, seed);
process.exit(failed > 0 ? 1 : 0);
