import { OpenAPIHono, z } from "@hono/zod-openapi";
import { notFound } from "../fault";
import { dictionaryOf } from "../protocol/dictionary";
import { isStorable, unstorable } from "../protocol/json";
import { bothCases } from "../protocol/lenient";
import { answerInvalid, detail } from "./answers";
import type { AppEnv } from "./app-env";

/** An app whose routes carry their own documentation; input that does not fit is answered with 422. */
export const openApi = () =>
  new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      const part =
        result.target === "json" ? "body" : result.target === "param" ? "path" : result.target;
      // Nothing is called like this.
      if (part === "path" && !(result.success && isStorable(JSON.stringify(result.data)))) {
        throw notFound();
      }
      if (!result.success) return answerInvalid(result.error, part);
      if (isStorable(JSON.stringify(result.data))) return;
      return detail(422, unstorable);
    },
  });

const Detail = z
  .object({
    detail: z.string(),
    position: z
      .number()
      .int()
      .optional()
      .describe("Of a search: where the term begins that it is about, in characters"),
    length: z.number().int().optional().describe("How long that term is"),
    code: z.string().optional().describe("A word for programs, where they can do something"),
  })
  .openapi("Error");
const Problems = z
  .object({
    detail: z.union([
      z.string(),
      z.array(z.object({ type: z.string(), loc: z.array(z.string()), msg: z.string() })),
    ]),
  })
  .openapi("ValidationError");

const meaning = {
  400: "The request cannot be understood.",
  401: "There is no valid token or session.",
  403: "The token lacks the scope, or the caller the role.",
  404: "There is no such thing, or it is not yours to see.",
  409: "It is there already, or in use.",
  410: "What it needs is no longer there.",
  422: "A value does not fit.",
  429: "Too many requests; Retry-After says when to come back.",
  503: "Try again later.",
} as const;
type FaultStatus = keyof typeof meaning;

/** Documentation of the errors a route may answer with. */
export function faults<S extends FaultStatus>(...statuses: S[]) {
  return dictionaryOf(
    statuses.map((status) => [
      status,
      {
        description: meaning[status],
        content: { "application/json": { schema: status === 422 ? Problems : Detail } },
      },
    ]),
  ) as unknown as Record<
    S,
    { description: string; content: { "application/json": { schema: typeof Detail } } }
  >;
}

/** Documentation of a JSON answer. */
export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** Documentation of one page of a list; the page links are in the header. */
export const page = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  headers: z.object({
    Link: z.string().openapi({
      description: 'Previous and next page: <url>; rel="next"; results="true"; cursor="…"',
    }),
  }),
  content: { "application/json": { schema: z.array(schema) } },
});

/** Documentation of an answer without a body. */
export const empty = (description: string) => ({ description });

/** A JSON body, its names in either case. */
export const body = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { "application/json": { schema: z.preprocess(bothCases, schema) } },
});

/**
 * Documentation of the errors that a door to one thing of an organization may answer with; others are added.
 */
export const usualFaults = () => faults(401, 403, 404, 429);
