import { expect, test } from "vitest";
import { type Budget, newBudget, newEnvelopeBudget } from "../src/events/budget";
import { headerBytesMax } from "../src/protocol/envelope";
import { slugPattern } from "../src/protocol/slug";
import { operationsIn, recordedDocument, type Schema, schemaOf } from "./openapi-document";
import { read } from "./sources";

/** Where a body has something without an end. */
function endless(given: Schema, at: string): string[] {
  const schema = schemaOf(recordedDocument, given);
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
  const found = operationsIn(recordedDocument).flatMap(({ method, path, requestBody }) =>
    Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
      endless(schema, `${method} ${path} `),
    ),
  );
  expect(found).toEqual([]);
});

test("every text, list and number in a path or a query has a largest size", () => {
  const found = operationsIn(recordedDocument).flatMap(({ method, path, parameters = [] }) =>
    parameters
      .filter((parameter) => parameter.in === "query" || parameter.in === "path")
      .flatMap(({ name, schema }) => endless(schema, `${method} ${path} ${name}`)),
  );
  expect(found).toEqual([]);
});

test("README says what an event and an envelope may cost", () => {
  const number = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, " ");
  const rowOf = (of: string, { bytes, nodes, chars, matched, notes }: Budget) =>
    `| ${[
      of,
      `${bytes / 1024 ** 2} MiB`,
      number(nodes),
      number(chars),
      number(matched),
      Number.isFinite(notes) ? number(notes) : "",
    ].join(" | ")} |`.replace("|  |", "| |");
  const readme = read("README.md");
  expect(readme).toContain(rowOf("one event", newBudget()));
  expect(readme).toContain(rowOf("all events of an envelope", newEnvelopeBudget()));
  expect(readme).toContain(`first line of an envelope, ${headerBytesMax / 1024} KiB`);
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
