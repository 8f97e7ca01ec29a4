import type { Context } from "hono";
import { cookieOf, csrfCookieName } from "../auth/session-cookie";
import { Fault } from "../fault";
import { dictionaryOf, lookUp } from "../protocol/dictionary";
import { isFromHere } from "./access";
import type { AppEnv } from "./app";

/** The text fields of a form that a browser sent by itself. */
export async function fieldsOf(c: Context<AppEnv>): Promise<Record<string, string>> {
  const fields = await c.req.parseBody();
  return dictionaryOf(
    Object.entries(fields).flatMap(([key, value]): [string, string][] =>
      typeof value === "string" ? [[key, value]] : [],
    ),
  );
}

/** A form of ours carries the value of the csrf cookie; no other page can read it. Faults: forbidden. */
export async function assertOwnForm(c: Context<AppEnv>, field: string): Promise<void> {
  const known = cookieOf(c.req.header("cookie") ?? "", csrfCookieName);
  if (!isFromHere(c) || !known || lookUp(await fieldsOf(c), field) !== known) {
    throw new Fault("forbidden", "CSRF check Failed");
  }
  c.set("isSameSite", true);
}
