import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { Fault } from "../fault";
import { decodeCursor, encodeCursor, type Page, type Range } from "../protocol/cursor";
import type { AppEnv } from "./app-env";

const limitDefault = 50;
const limitMax = 100;
/** The longest that a list of ours gives: a value of 300 characters, encoded twice. */
const cursorCharsMax = 4096;
/** More is answered with as many as a page may have. */
const wholeMax = 999_999_999;

const whole = z
  .string()
  .regex(/^\d{1,9}$/, "must be a whole number")
  .transform(Number)
  .openapi({ type: "integer", maximum: wholeMax });

export const PageQuery = z.object({
  limit: whole.optional().openapi({
    type: "integer",
    maximum: wholeMax,
    description: `Default ${limitDefault}, at most ${limitMax}`,
  }),
  per_page: whole
    .optional()
    .openapi({ type: "integer", maximum: wholeMax, description: "Same as limit" }),
  cursor: z
    .string()
    .max(cursorCharsMax)
    .optional()
    .transform((text, context) => {
      if (!text) return undefined;
      const cursor = decodeCursor(text);
      if (!cursor) context.addIssue({ code: "custom", message: "is not a cursor of this list" });
      return cursor;
    })
    .openapi({
      type: "string",
      maxLength: cursorCharsMax,
      description: "From the Link header of another page",
    }),
});

/** What the edge of a list's page looks like; a cursor of another list must not reach the database. */
type EdgeForm = { value: "text" | "number" | "time"; id: "number" | "uuid" };

const idForms = { number: /^\d{1,18}$/, uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ };
const valueForms = {
  text: () => true,
  number: (value: string) => /^-?\d{1,18}(\.\d{1,30})?$/.test(value),
  time: (value: string) => /^\d{4}-/.test(value) && !Number.isNaN(+new Date(value)),
};

/** Faults: unprocessable, when the cursor is not one of this list. */
export function rangeOf(query: z.output<typeof PageQuery>, form: EdgeForm): Range {
  const { cursor } = query;
  if (cursor && !(idForms[form.id].test(cursor.id) && valueForms[form.value](cursor.value))) {
    throw new Fault("unprocessable", "The cursor is not of this list");
  }
  const limit = query.limit ?? query.per_page ?? limitDefault;
  return { limit: Math.min(Math.max(limit, 1), limitMax), cursor: query.cursor };
}

/**
 * Answers with a page and its Link header, in the exact form that sentry-cli, Terraform providers and GlitchTip's
 * own page read: absolute URL of the same path, then rel, results, cursor.
 */
export function answerPage<Row, Shape>(
  c: Context<AppEnv>,
  { rows, hasMore, until }: Page<Row>,
  range: Range,
  toShape: (row: Row) => Shape,
  edgeOf: (row: Row) => { value: string; id: string },
  counted?: { hits: number; max: number },
) {
  const backward = range.cursor?.backward ?? false;
  const [firstRow, lastRow] = [rows[0], rows.at(-1)];
  const first = (backward && until) || (firstRow && edgeOf(firstRow));
  const last = (!backward && until) || (lastRow && edgeOf(lastRow));
  const hasPrevious = backward ? hasMore : range.cursor !== undefined && first !== undefined;
  const hasNext = backward ? range.cursor !== undefined && last !== undefined : hasMore;
  const link = (rel: "previous" | "next", edge: typeof first, exists: boolean) => {
    const cursor = encodeCursor({
      backward: rel === "previous",
      ...(edge ?? { value: "", id: "0" }),
    });
    const url = new URL(c.req.url);
    // The path without the prefix of PUBLIC_URL, which a proxy may have left in it.
    const target = new URL(c.var.deps.config.publicUrl + c.req.path);
    const query = [...url.searchParams].filter(([name]) => name !== "cursor");
    for (const [name, value] of query.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      target.searchParams.append(name, value);
    }
    target.searchParams.append("cursor", cursor);
    // A comma inside an address would end the link for simple clients.
    const address = target.href.replaceAll(",", "%2C");
    return `<${address}>; rel="${rel}"; results="${exists}"; cursor="${cursor}"`;
  };
  const headers: Record<string, string> = {
    Link: `${link("previous", first, hasPrevious)}, ${link("next", last, hasNext)}`,
    ...(counted && { "X-Hits": String(counted.hits), "X-Max-Hits": String(counted.max) }),
  };
  return c.json(rows.map(toShape), 200, headers);
}
