// Types of the API's answers for the web UI, made from our own OpenAPI document, when it changed since.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const source = join(root, "test/fixtures/openapi.json");
const target = join(root, "src/web/api/schema.d.ts");

const text = readFileSync(source, "utf8");
const self = readFileSync(import.meta.filename, "utf8");
const note = `// made of ${createHash("sha256").update(text).update(self).digest("hex")}`;
if (!existsSync(target) || !readFileSync(target, "utf8").startsWith(note)) {
  // The generator needs the JavaScript API of TypeScript, which the compiler we use no longer has.
  register(
    `data:text/javascript,${encodeURIComponent(
      'export const resolve = (name, context, next) => next(name === "typescript" ? "typescript-5" : name, context);',
    )}`,
    import.meta.url,
  );
  const { default: openapi, astToString } = await import("openapi-typescript");
  const types = astToString(
    // What has a default need not be sent.
    await openapi(forPages(JSON.parse(text)), { defaultNonNullable: false }),
  );
  mkdirSync(join(target, ".."), { recursive: true });
  writeFileSync(target, `${note}\n${types}`);
}

/** What pages use of the document: refusals have one shape, and other ways to sign in than theirs are left out. */
function forPages(document) {
  for (const [path, operations] of Object.entries(document.paths)) {
    if (path.startsWith("/_allauth/")) {
      delete document.paths[path];
      continue;
    }
    for (const operation of Object.values(operations)) {
      if (!operation.responses) continue;
      for (const status of Object.keys(operation.responses)) {
        if (!status.startsWith("2")) delete operation.responses[status];
      }
    }
  }
  for (const schema of Object.values(document.components.schemas)) loosen(schema);
  return document;
}

/** The client makes lists of pairs as they pass through its types: they are lists from the start. */
function loosen(schema) {
  if (typeof schema !== "object" || schema === null) return;
  if (Array.isArray(schema.prefixItems)) {
    schema.items = schema.prefixItems[0];
    delete schema.prefixItems;
  }
  for (const member of Object.values(schema)) loosen(member);
}
