import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  [keyword: string]: unknown;
};
type Contents = Record<string, { schema: Schema }>;

/** What one method of one path takes and answers. */
export type Operation = {
  tags?: string[];
  /** Each entry is one way in; those of a token list its scopes. */
  security?: Record<string, string[]>[];
  parameters?: { in: string; name: string; schema: Schema }[];
  requestBody?: { content: Contents };
  responses: Record<string, { content?: Contents }>;
};

export type OpenApiDocument = {
  components: { schemas: Record<string, Schema> };
  paths: Record<string, Record<string, Operation>>;
};

/** As it was recorded, and as test/doors.test.ts holds it against what is served. */
export const recordedDocument: OpenApiDocument = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures/openapi.json"), "utf8"),
);

/** As a stack serves it. */
export async function servedDocument({ url }: { url: string }): Promise<OpenApiDocument> {
  const answer = await fetch(`${url}/api/openapi.json`);
  return (await answer.json()) as OpenApiDocument;
}

/** `PUT /api/0/…/` → what is said of it, in the order of the document. */
export const operationsIn = (document: OpenApiDocument) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      ...operation,
    })),
  );

/** A schema itself instead of its name. */
export const schemaOf = ({ components }: OpenApiDocument, given: Schema): Schema =>
  given.$ref === undefined ? given : (components.schemas[given.$ref.split("/").at(-1) ?? ""] ?? {});
