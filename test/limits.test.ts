import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { slugPattern } from "../src/protocol/slug";

type Schema = {
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
type Document = {
  components: { schemas: Record<string, Schema> };
  paths: Record<
    string,
    Record<
      string,
      {
        parameters?: { in: string; name: string; schema: Schema }[];
        requestBody?: { content: Record<string, { schema: Schema }> };
      }
    >
  >;
};

const document = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures/openapi.json"), "utf8"),
) as Document;

/** Where a body has something without an end. */
function endless(given: Schema, at: string): string[] {
  const schema = given.$ref
    ? (document.components.schemas[given.$ref.split("/").at(-1) ?? ""] ?? {})
    : given;
  const types = [schema.type].flat();
  const has = (...keywords: string[]) => keywords.some((keyword) => schema[keyword] !== undefined);
  const isUuid = schema.format === "uuid";
  const lacks = [
    types.includes("string") && !isUuid && !has("maxLength", "enum", "const"),
    types.includes("array") && !has("maxItems"),
    typeof schema.additionalProperties === "object" && !has("maxProperties"),
    (types.includes("number") || types.includes("integer")) && !has("maximum", "enum", "const"),
  ];
  const inside: [Schema, string][] = [
    ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((any) =>
      (any ?? []).map((each): [Schema, string] => [each, at]),
    ),
    ...Object.entries(schema.properties ?? {}).map(([name, each]): [Schema, string] => [
      each,
      `${at}.${name}`,
    ]),
    ...(schema.items ? [[schema.items, `${at}[]`] as [Schema, string]] : []),
    ...(typeof schema.additionalProperties === "object"
      ? [[schema.additionalProperties, `${at}{}`] as [Schema, string]]
      : []),
  ];
  return [
    ...(lacks.includes(true) ? [at] : []),
    ...inside.flatMap(([each, place]) => endless(each, place)),
  ];
}

test("every text, list and number in a body has a largest size", () => {
  const found = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) =>
      Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
        endless(schema, `${method.toUpperCase()} ${path} `),
      ),
    ),
  );
  expect(found).toEqual([]);
});

test("every text, list and number in a path or a query has a largest size", () => {
  const found = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [] }]) =>
      parameters
        .filter((parameter) => parameter.in === "query" || parameter.in === "path")
        .flatMap(({ name, schema }) => endless(schema, `${method.toUpperCase()} ${path} ${name}`)),
    ),
  );
  expect(found).toEqual([]);
});

test.each([
  ["shop", true],
  ["7up", true],
  ["7-8", true],
  ["7", false],
  ["0042", false],
  ["", false],
  ["a b", false],
])("%j is a slug: %s", (slug, expected) => {
  expect(slugPattern.test(slug)).toBe(expected);
});
