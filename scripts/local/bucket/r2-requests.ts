import { z } from "zod";

/*
 * What a bucket binding of workerd asks, learnt from workerd itself. Strict: what is not written here (conditions,
 * checksums, delimiters, multipart uploads) is refused with words, not ignored.
 */

const base = { version: z.number().optional(), newRuntime: z.boolean().optional() };
const object = z.string();
/** workerd sends numbers of 64 bits as texts. */
const count = z.coerce.number().int();

const Http = z.strictObject({
  contentType: z.string().optional(),
  contentLanguage: z.string().optional(),
  contentDisposition: z.string().optional(),
  contentEncoding: z.string().optional(),
  cacheControl: z.string().optional(),
  cacheExpiry: z.coerce.string().optional(),
});

const Pairs = z
  .array(z.strictObject({ k: z.string(), v: z.string() }))
  .transform((pairs) => pairs.map(({ k, v }): [string, string] => [k, v]));

export const R2Request = z.discriminatedUnion("method", [
  z.strictObject({ ...base, method: z.literal("head"), object }),
  z.strictObject({
    ...base,
    method: z.literal("get"),
    object,
    range: z
      .strictObject({
        offset: count.optional(),
        length: count.optional(),
        suffix: count.optional(),
      })
      .optional(),
    rangeHeader: z.string().optional(),
  }),
  z.strictObject({
    ...base,
    method: z.literal("put"),
    object,
    customFields: Pairs.optional(),
    httpFields: Http.optional(),
  }),
  z.strictObject({
    ...base,
    method: z.literal("delete"),
    object: object.optional(),
    objects: z.array(object).max(1000).optional(),
  }),
  z.strictObject({
    ...base,
    method: z.literal("list"),
    limit: z.number().int().min(1).max(1000).optional(),
    prefix: z.string().optional(),
    cursor: z.string().optional(),
    startAfter: z.string().optional(),
    include: z.array(z.number()).optional(),
  }),
]);
export type R2Request = z.output<typeof R2Request>;
export type R2RequestOf<Method extends R2Request["method"]> = Extract<
  R2Request,
  { method: Method }
>;
