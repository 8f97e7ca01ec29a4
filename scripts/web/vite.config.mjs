import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { bootScript } from "./boot-script.mjs";

const root = fileURLToPath(new URL("../../src/web/", import.meta.url));
const port = Number(process.env.PORT ?? 8000);
const server = `http://127.0.0.1:${port}`;

const libraries =
  /node_modules\/(?:react|react-dom|scheduler|use-sync-external-store|@tanstack\/(?!react-virtual|virtual)[\w-]+)\//;
const ownParts =
  /src\/web\/(?:api\/(?:client|fault|query-client)|frame\/(?:frame|shell|page|session|sign-out|offline-bar|organization-switcher|not-found-page|crash-page|stale-build)|parts\/(?:button|kbd|menu|toasts|classes|avatar|error-box)|[\w-]+)\.tsx?$/;
/** Parts of the library of queries that few pages use. */
const ofFewPages =
  /node_modules\/@tanstack\/[\w-]+\/build\/modern\/(?:queriesObserver|useQueries|mutationObserver|useMutation)\.js$/;
const ofLists =
  /node_modules\/@tanstack\/[\w-]+\/build\/modern\/(?:infiniteQuery\w*|useInfiniteQuery)\.js$/;
const notEarly = /src\/web\/(?:old-addresses|other-pages|main|boot)\.tsx?$/;
/** With the icons of the list of issues, which is seen first. */
const ofMostPages =
  /src\/web\/(?:api\/(?:undo|live|mark)|parts\/(?:badge|bars|copy|count|empty|field|level|skeleton|tabs|time|time-words)|frame\/(?:filter-bar|periods|environments|use-pulse|use-media-query|pasted)|issues\/(?:use-last-change|came-from|assignee-mark|status-kinds))\.tsx?$|node_modules\/lucide-react\/.+\/icons\/(?:arrow-down-wide-narrow|check|clipboard|copy|ellipsis|file-text|link-2|rotate-ccw|star|trash|trash-2|user-round|volume-x)\.m?js$/;
/** What the page of an issue and what is opened from it have in common. */
const ofIssues =
  /src\/web\/issues\/(?:issue-header|issue-queries|lookup-queries|copy-markdown|outside-\w+|json-tree|tree-nodes|members)\.tsx?$|node_modules\/lucide-react\/.+\/icons\/(?:chevron-left|chevron-right|external-link)\.m?js$|src\/protocol\/tree-values\.ts$/;
/** What the list of issues and what is opened from it have in common. */
const ofIssueList =
  /src\/web\/issues\/(?:list-presets|list-columns|view-address|view-queries)\.ts$/;
const isLeftOut = (id) => notEarly.test(id) || ofFewPages.test(id) || ofLists.test(id);
const ofEveryPage = (id) => (libraries.test(id) || ownParts.test(id)) && !isLeftOut(id);

/** How the web UI is built, and served while one works on it. */
export default defineConfig({
  root,
  // Addresses of files begin at `<base href>`, so that a mount prefix needs no build of its own.
  base: "./",
  publicDir: "public",
  plugins: [react(), tailwindcss(), bootScript()],
  resolve: {
    alias: {
      // React has had the hook itself for long.
      "use-sync-external-store/shim/with-selector": "use-sync-external-store/with-selector",
    },
  },
  build: {
    outDir: fileURLToPath(new URL("../../dist/web/", import.meta.url)),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2023",
    // The policy of contents lets no data address be a script or a font.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        // What every page needs is one file and not ten, each of which would be a request of its own.
        codeSplitting: {
          groups: [
            { name: "frame", test: ofEveryPage },
            { name: "parts", test: (id) => ofMostPages.test(id) || ofLists.test(id) },
            { name: "issue", test: ofIssues },
            { name: "issues", test: ofIssueList },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    port: Number(process.env.WEB_PORT ?? port + 1),
    strictPort: true,
    // Everything of the Worker; what a browser opens as a page stays here.
    proxy: Object.fromEntries(
      // Files of src/web/api have addresses like the API's.
      ["^/api/(?!.+\\.tsx?(?:\\?|$))", "/_allauth", "/_health", "/_dev/mail", "/accept"].map(
        (path) => [
          path,
          {
            target: server,
            // The server takes what changes something only from its own pages.
            configure: (proxy) =>
              proxy.on("proxyReq", (request) => {
                if (request.getHeader("origin"))
                  request.setHeader("origin", `http://localhost:${port}`);
                if (request.getHeader("referer"))
                  request.setHeader("referer", `http://localhost:${port}/`);
              }),
          },
        ],
      ),
    ),
  },
});
