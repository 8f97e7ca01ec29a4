import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = fileURLToPath(new URL("../../src/web/boot.ts", import.meta.url));

const compile = async () => {
  const made = await build({
    entryPoints: [source],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    write: false,
  });
  return made.outputFiles[0].text;
};

/** Pages whose code the boot script asks for beside their first answers. */
const early = {
  "issues/issue-list-page.tsx": "issues",
  "issues/issue-page.tsx": "issue",
  "web/other-pages.ts": "",
};

/**
 * The one script that runs before the first paint: as a file of its own, because the policy allows no script within
 * the page, and classic, because modules wait for the document.
 */
export function bootScript() {
  let isBuild = false;
  let name = "boot.js";
  return {
    name: "boot-script",
    configResolved(config) {
      isBuild = config.command === "build";
    },
    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        if (request.url !== "/boot.js") return next();
        response.setHeader("content-type", "text/javascript");
        response.end(await compile());
      });
    },
    async buildStart() {
      if (!isBuild) return;
      const text = await compile();
      const hash = createHash("sha256").update(text).digest("base64url").slice(0, 8);
      name = `assets/boot-${hash}.js`;
      this.emitFile({ type: "asset", fileName: name, source: text });
    },
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle }) {
        const pages = Object.fromEntries(
          Object.values(bundle ?? {}).flatMap((chunk) => {
            const page = Object.keys(early).find((file) => chunk.facadeModuleId?.endsWith(file));
            if (page === undefined) return [];
            const styles = [...(chunk.viteMetadata?.importedCss ?? [])];
            return [
              [
                early[page],
                [chunk.fileName, ...chunk.imports, ...styles].filter((file) =>
                  file.endsWith(".js"),
                ),
              ],
            ];
          }),
        );
        return [
          {
            tag: "meta",
            attrs: { name: "pages", content: JSON.stringify(pages) },
            injectTo: "head-prepend",
          },
          { tag: "script", attrs: { src: name }, injectTo: "head-prepend" },
          // Before every address it is to count for.
          { tag: "base", attrs: { href: "/" }, injectTo: "head-prepend" },
        ].toReversed();
      },
    },
  };
}
