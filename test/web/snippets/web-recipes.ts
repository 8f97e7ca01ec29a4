import type { Recipe } from "./recipe";

const npm = ["node", "npm"];
const pageOf = (element: string, script: string) => `<!doctype html>
<div id="${element}"></div>
<script type="module" src="/${script}"></script>
`;
const viteConfig = (plugin: string, name: string) => `import ${name} from "${plugin}";

export default { plugins: [${name}()] };
`;
const dev = "vite --port 3000";
const react = "react react-dom";

/** Browsers, and the frameworks that render pages on a server too. */
export const webRecipes: Recipe[] = [
  {
    id: "javascript",
    tools: npm,
    app: { "index.html": pageOf("root", "main.js") },
    before: ["npm install vite"],
    verify: { file: "main.js" },
    start: dev,
    browser: "itself",
  },
  {
    id: "javascript-react",
    tools: npm,
    app: {
      "index.html": pageOf("root", "src/main.jsx"),
      "vite.config.js": viteConfig("@vitejs/plugin-react", "react"),
      "src/App.jsx": "export default () => (\n  <main>\n  </main>\n);\n",
    },
    before: [`npm install vite @vitejs/plugin-react ${react}`],
    verify: { file: "src/App.jsx", before: "</main>" },
    start: dev,
    browser: "button",
  },
  {
    id: "javascript-vue",
    tools: npm,
    app: {
      "index.html": pageOf("app", "src/main.js"),
      "vite.config.js": viteConfig("@vitejs/plugin-vue", "vue"),
      "src/App.vue": "<template>\n</template>\n",
    },
    before: ["npm install vite @vitejs/plugin-vue vue"],
    verify: { file: "src/App.vue", before: "</template>" },
    start: dev,
    browser: "button",
  },
  {
    id: "javascript-svelte",
    tools: npm,
    app: {
      "index.html": pageOf("app", "src/main.js"),
      "vite.config.js": `import { svelte } from "@sveltejs/vite-plugin-svelte";

export default { plugins: [svelte()] };
`,
      "src/App.svelte": "",
    },
    before: ["npm install vite @sveltejs/vite-plugin-svelte svelte"],
    verify: { file: "src/App.svelte" },
    start: dev,
    browser: "button",
  },
  {
    id: "javascript-solid",
    tools: npm,
    app: {
      "index.html": pageOf("root", "src/index.jsx"),
      "vite.config.js": viteConfig("vite-plugin-solid", "solid"),
      "src/App.jsx": "export default () => (\n  <main>\n  </main>\n);\n",
    },
    before: ["npm install vite vite-plugin-solid solid-js@1"],
    verify: { file: "src/App.jsx", before: "</main>" },
    start: dev,
    browser: "button",
  },
  {
    id: "javascript-angular",
    tools: npm,
    app: {
      "package.json": '{ "private": true }',
      "angular.json": JSON.stringify({
        version: 1,
        projects: {
          try: {
            projectType: "application",
            root: "",
            sourceRoot: "src",
            architect: {
              build: {
                builder: "@angular/build:application",
                options: {
                  browser: "src/main.ts",
                  index: "src/index.html",
                  tsConfig: "tsconfig.json",
                },
              },
              serve: {
                builder: "@angular/build:dev-server",
                options: { buildTarget: "try:build", port: 4200 },
              },
            },
          },
        },
      }),
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          target: "ES2022",
          module: "preserve",
          moduleResolution: "bundler",
          experimentalDecorators: true,
          importHelpers: true,
          skipLibCheck: true,
          strict: false,
        },
        files: ["src/main.ts"],
      }),
      "src/index.html": "<!doctype html>\n<app-root></app-root>\n",
      "src/app/app.ts": `import { Component } from "@angular/core";

@Component({ selector: "app-root", template: '<button (click)="fail()">Break</button>' })
export class App {
  // methods
}
`,
    },
    before: [
      "npm install @angular/core@21 @angular/common@21 @angular/compiler@21 @angular/platform-browser@21 rxjs tslib",
      "npm install --save-dev @angular/build@21 @angular/cli@21 @angular/compiler-cli@21 typescript@5.9",
    ],
    verify: { file: "src/app/app.ts", before: "// methods" },
    start: "ng serve",
    browser: "button",
  },
  {
    id: "javascript-nextjs",
    tools: npm,
    app: {
      "app/layout.tsx": `export default ({ children }) => <html><body>{children}</body></html>;
`,
      "app/page.tsx": "export default () => <main>Hello</main>;\n",
    },
    before: [
      `npm install next ${react}`,
      "npm install --save-dev typescript@5 @types/node @types/react",
    ],
    after: ["sed -i 's/{ children }/{ children }: any/' app/layout.tsx", "next build"],
    start: "next start --port 3000",
    open: "/break",
  },
  {
    id: "javascript-nuxt",
    tools: npm,
    app: { "app.vue": "<template>\n  <main>Hello</main>\n</template>\n" },
    before: ["npm install nuxt"],
    after: ["nuxi build"],
    open: "/api/break",
  },
  {
    id: "javascript-sveltekit",
    tools: npm,
    app: {
      "svelte.config.js": `import adapter from "@sveltejs/adapter-node";

export default { kit: { adapter: adapter() } };
`,
      "src/app.html":
        "<!doctype html>\n<head>%sveltekit.head%</head>\n<body>%sveltekit.body%</body>\n",
      "src/routes/+page.svelte": "<main>Hello</main>\n",
    },
    before: [
      "npm install @sveltejs/kit@2 @sveltejs/adapter-node@5 @sveltejs/vite-plugin-svelte svelte vite",
    ],
    after: ["vite build"],
    start: "node build",
    open: "/break",
  },
  {
    id: "javascript-astro",
    tools: npm,
    app: {
      // The integration writes itself into this; the page's is what it looks like then.
      "astro.config.mjs": "__SNIPPET__",
      "src/pages/index.astro": "<main>Hello</main>\n",
    },
    before: ["npm install astro@5 @astrojs/node@9"],
    after: [
      `sed -i 's/integrations: \\[sentry()\\]/output: "server", adapter: node({ mode: "standalone" }), &/; 1i import node from "@astrojs/node";' astro.config.mjs`,
      "astro build",
    ],
    start: "node dist/server/entry.mjs",
    open: "/break",
  },
  ...[
    {
      id: "javascript-react-router",
      packages: `react-router@7.18.4 @react-router/node@7.18.4 @react-router/serve@7.18.4 @react-router/dev@7.18.4 ${react} isbot vite@7`,
      plugin: `import { reactRouter } from "@react-router/dev/vite";

export default { plugins: [reactRouter()] };
`,
      router: "react-router",
      hydrate: `import { startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { HydratedRouter } from "react-router/dom";

startTransition(() => hydrateRoot(document, <HydratedRouter />));
`,
      routes: `import { route } from "@react-router/dev/routes";

export default [route("break", "routes/break.tsx")];
`,
      server: "ServerRouter",
      element: "<ServerRouter context={context} url={request.url} />",
      build: "react-router build",
      tool: "react-router",
    },
    {
      id: "javascript-remix",
      packages:
        "@remix-run/node@2 @remix-run/react@2 @remix-run/serve@2 @remix-run/dev@2 react@18 react-dom@18 isbot@4 vite@5",
      plugin: `import { vitePlugin as remix } from "@remix-run/dev";

export default { plugins: [remix()] };
`,
      router: "@remix-run/react",
      hydrate: `import { RemixBrowser } from "@remix-run/react";
import { startTransition } from "react";
import { hydrateRoot } from "react-dom/client";

startTransition(() => hydrateRoot(document, <RemixBrowser />));
`,
      routes: "",
      server: "RemixServer",
      element: "<RemixServer context={context} url={request.url} />",
      build: "remix vite:build",
      tool: "remix",
    },
  ].map(
    (one): Recipe => ({
      id: one.id,
      tools: npm,
      app: {
        "package.json": '{ "private": true, "type": "module", "scripts": { __SNIPPET__ } }',
        "vite.config.ts": one.plugin,
        "app/root.tsx": `import { Outlet, Scripts } from "${one.router}";

export default () => <html><body><Outlet /><Scripts /></body></html>;
`,
        ...(one.routes && { "app/routes.ts": one.routes }),
        "app/entry.client.tsx": `__SNIPPET__\n${one.hydrate}`,
        "app/entry.server.tsx": `__SNIPPET__
import { renderToString } from "react-dom/server";
import { ${one.server} } from "${one.router}";

export default function answer(request, status, headers, context) {
  headers.set("Content-Type", "text/html");
  return new Response(renderToString(${one.element}), { status, headers });
}
`,
      },
      before: [`npm install ${one.packages}`],
      after: [one.build],
      start: "npm start",
      open: "/break",
    }),
  ),
];
