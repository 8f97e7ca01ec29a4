import { type Destination, fillIn } from "../../../src/web/projects/dsn";
import type { Platform, Variant } from "../../../src/web/projects/platform";

/** An application of one platform, as somebody has it who then follows the page of setting up. */
export type Recipe = {
  /** Of the platform. */
  id: string;
  /** Commands without which it cannot be tried. */
  tools: string[];
  /**
   * Its files. `__SNIPPET__` stands where the page's file of that name goes, which else takes the place of the whole;
   * `__INSTALL__` where the line of a build file goes that the page shows.
   */
  app?: Record<string, string>;
  /** Commands by which it comes to what it is made of. */
  before?: string[];
  /** The way to install of that label instead of the first; null where its registry may be out of reach. */
  install?: string | null;
  /** Of the SDK at npm, where it is not to be the newest. */
  sdkVersion?: string;
  /** Where that goes which breaks something, if it is no file: before the last line with these words, or at the end. */
  verify?: { file: string; before?: string };
  /** Commands that build it. */
  after?: string[];
  /** What starts it; what the page says if missing. */
  start?: string;
  /** Where it is asked once it listens. */
  open?: string;
  /** Opened in a browser: does the page fail by itself, or by its button "Break"? */
  browser?: "itself" | "button";
};

export type Prepared = { files: Map<string, string>; commands: string[]; start: string };

const shellScript = "shell.sh";
const startName = "Start it with";

/** The application with everything done that the page says, word by word. */
export function followPage(recipe: Recipe, platform: Platform, destination: Destination): Prepared {
  const files = new Map(Object.entries(recipe.app ?? {}));
  let start = recipe.start;
  const { verify } = platform;
  const place = (name: string, text: string) => {
    const code = fillIn(text, destination);
    const before = files.get(name);
    if (before?.includes("__SNIPPET__"))
      files.set(
        name,
        before.replace("__SNIPPET__", () => code),
      );
    else files.set(name, placed.has(name) ? `${before}\n${code}` : code);
    placed.add(name);
  };
  const placed = new Set<string>();
  for (const { name, code } of platform.files) {
    if (name === startName) start ??= code;
    else place(name === "In a shell" ? shellScript : name, code);
  }
  if (recipe.verify) {
    const { file, before } = recipe.verify;
    files.set(file, insertBefore(files.get(file) ?? "", before, fillIn(verify.code, destination)));
  } else place(verify.name === "In a shell" ? shellScript : verify.name, verify.code);

  const install = recipe.install === null ? undefined : wayToInstall(recipe, platform);
  const isLine = [...files.values()].some((text) => text.includes("__INSTALL__"));
  for (const [name, text] of files) {
    files.set(
      name,
      text.replace("__INSTALL__", () => install?.code ?? ""),
    );
  }
  return {
    files,
    commands: [
      ...(recipe.before ?? []),
      ...(install && !isLine ? [withVersion(install.code, recipe.sdkVersion)] : []),
      ...(recipe.after ?? []),
    ],
    start: start ?? `bash ${shellScript}`,
  };
}

function wayToInstall({ id, install }: Recipe, platform: Platform): Variant | undefined {
  if (!install) return platform.install[0];
  const found = platform.install.find(({ label }) => label === install);
  if (!found) throw new Error(`${id} is not installed by ${install}`);
  return found;
}

const withVersion = (command: string, version: string | undefined): string =>
  version ? command.replace(/@sentry\/[\w-]+/g, `$&@${version}`) : command;

function insertBefore(text: string, words: string | undefined, code: string): string {
  if (words === undefined) return `${text}\n${code}`;
  const at = text.lastIndexOf(words);
  if (at < 0) throw new Error(`there is no ${JSON.stringify(words)} in:\n${text}`);
  const line = text.lastIndexOf("\n", at) + 1;
  return `${text.slice(0, line)}${code}\n${text.slice(line)}`;
}
