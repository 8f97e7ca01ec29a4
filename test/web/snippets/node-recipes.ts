import type { Recipe } from "./recipe";

const npm = ["node", "npm"];
const amongRoutes = { file: "app.mjs", before: "app.listen(" };

/** JavaScript on servers. */
export const nodeRecipes: Recipe[] = [
  { id: "node", tools: npm },
  {
    id: "node-express",
    tools: npm,
    before: ["npm install express"],
    verify: { file: "app.mjs", before: "// after them" },
    open: "/break",
  },
  {
    id: "node-fastify",
    tools: npm,
    before: ["npm install fastify"],
    verify: amongRoutes,
    open: "/break",
  },
  {
    id: "node-koa",
    tools: npm,
    before: ["npm install koa"],
    verify: amongRoutes,
    open: "/break",
  },
  {
    id: "node-hono",
    tools: npm,
    before: ["npm install hono @hono/node-server"],
    verify: { file: "app.mjs", before: "serve(app)" },
    open: "/break",
  },
  {
    id: "node-nestjs",
    tools: npm,
    app: {
      // As the framework's own starter is: CommonJS.
      "package.json": '{ "private": true }',
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          module: "nodenext",
          moduleResolution: "nodenext",
          target: "ES2023",
          outDir: "dist",
          rootDir: "src",
          esModuleInterop: true,
          emitDecoratorMetadata: true,
          experimentalDecorators: true,
          skipLibCheck: true,
          strict: false,
        },
        include: ["src"],
      }),
      "src/app.controller.ts": `import { Controller, Get } from "@nestjs/common";

@Controller()
export class AppController {
  // routes
}
`,
    },
    before: [
      "npm install @nestjs/common@11 @nestjs/core@11 @nestjs/platform-express@11 reflect-metadata rxjs",
      "npm install --save-dev typescript@5 @types/node",
    ],
    verify: { file: "src/app.controller.ts", before: "// routes" },
    after: [
      // The page shows what is added to the module; its controllers are the application's own.
      `sed -i 's/@Module({/@Module({ controllers: [AppController],/; 1i import { AppController } from "./app.controller";' src/app.module.ts`,
      "tsc",
    ],
    start: "node dist/main.js",
    open: "/break",
  },
  {
    id: "node-cloudflare-workers",
    tools: npm,
    app: {
      "wrangler.toml": `name = "try"
main = "src/index.ts"
compatibility_date = "2025-09-01"
__SNIPPET__`,
    },
    before: ["npm install wrangler@4"],
    verify: { file: "src/index.ts", before: "return new Response" },
    start: "wrangler dev --port 8787",
    open: "/",
  },
  {
    id: "bun",
    tools: npm,
    before: ["npm install bun"],
  },
  {
    id: "deno",
    tools: npm,
    app: { "package.json": '{ "private": true }' },
    before: ["npm install deno"],
  },
  {
    id: "sentry-cli",
    tools: npm,
    before: ["npm install @sentry/cli"],
    install: null,
  },
];
