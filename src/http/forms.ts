import type { Context } from "hono";
import { dictionaryOf } from "../protocol/dictionary";
import type { AppEnv } from "./app-env";

/** The text fields of a form that a browser sent by itself. */
export async function fieldsOf(c: Context<AppEnv>): Promise<Record<string, string>> {
  const fields = await c.req.parseBody();
  return dictionaryOf(
    Object.entries(fields).flatMap(([key, value]): [string, string][] =>
      typeof value === "string" ? [[key, value]] : [],
    ),
  );
}
