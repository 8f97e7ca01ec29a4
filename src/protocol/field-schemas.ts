import { z } from "@hono/zod-openapi";
import {
  faultOfSafeField,
  faultOfSensitiveField,
  fieldCharsMax,
  fieldsMax,
} from "./field-selector";

const list = (faultOf: (text: string) => string | undefined, words: string) =>
  z
    .array(
      z
        .string()
        .trim()
        .max(fieldCharsMax)
        .superRefine((text, context) => {
          const fault = faultOf(text);
          if (fault) context.addIssue({ code: "custom", message: fault, input: text });
        }),
    )
    .max(fieldsMax)
    .transform((fields) => [...new Set(fields)])
    .describe(words);

/** What an organization or a project says of fields of its events. */
export const fieldLists = {
  sensitiveFields: list(
    faultOfSensitiveField,
    "Names of fields whose values are replaced, found word by word: `tenant_no` is `tenantNo` and `X-Tenant-No` too",
  ),
  safeFields: list(
    faultOfSafeField,
    "Names of fields that stay as they are with all that is below, or ways like `user.id` and `extra.cart.**`",
  ),
};
