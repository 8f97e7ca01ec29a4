import type { OpenAPIHono } from "@hono/zod-openapi";
import packageJson from "../../package.json";
import type { AppEnv } from "./app-env";

/** Chapters of the reference, in the order in which it shows them. Routes name theirs as `tags`. */
export const chapters = [
  "Sign-in",
  "Sign-in for GlitchTip's clients",
  "Issues and events",
  "Views",
  "Alerts",
  "Accounts and tokens",
  "Members and teams",
  "Statistics",
  "Environments",
  "Projects and keys",
  "Organizations",
  "This installation",
] as const;

type Document = ReturnType<OpenAPIHono<AppEnv>["getOpenAPI31Document"]>;

type Operation = { tags?: string[]; requestBody?: object; responses: Record<string, object> };

const tooLarge = {
  description: "The body is too large.",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
};

/** Adds what others answer. */
export type Extend = (api: OpenAPIHono<AppEnv>) => void;

const built = new WeakMap<OpenAPIHono<AppEnv>, Document>();

/** The OpenAPI 3.1 document of all routes and of what `extend` adds, made once per isolate. */
export function documentOf(api: OpenAPIHono<AppEnv>, extend: Extend): Document {
  const known = built.get(api);
  if (known) return known;
  nameCredentials(api);
  extend(api);
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Brinkwatch",
      version: packageJson.version,
      description:
        "Error tracking and uptime monitoring; compatible with GlitchTip's and Sentry's clients. A token begins with `sntryu_` or `sntrys_` when it is made for Sentry's clients, and gets their shapes; every other token and every browser gets GlitchTip's.",
    },
    tags: chapters.map((name) => ({ name })),
  });
  for (const methods of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(methods as Record<string, Operation>)) {
      if (operation.requestBody) operation.responses["413"] = tooLarge;
      // Where routes put it in their definition is no matter: it comes last, as it always has.
      const { tags = [] } = operation;
      delete operation.tags;
      operation.tags = tags;
    }
  }
  built.set(api, document);
  return document;
}

function nameCredentials({ openAPIRegistry }: OpenAPIHono<AppEnv>): void {
  openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "An API token. Each operation lists scopes, any one of which is enough.",
  });
  openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "sessionid",
    description:
      "A signed-in browser. What changes something also sends the cookie csrftoken as header X-CSRFToken.",
  });
}
