import { z } from "@hono/zod-openapi";
import { dictionaryOf, lookUp } from "./dictionary";

// GlitchTip reads bodies as pydantic does when it is not strict: scripts and forms send numbers and switches as text.
const switches = new Map(
  Object.entries({ true: true, t: true, yes: true, y: true, on: true, "1": true }).concat(
    Object.entries({ false: false, f: false, no: false, n: false, off: false, "0": false }),
  ),
);
const digitsMax = 32;

const toNumber = (value: unknown): unknown =>
  typeof value === "string" && value.length <= digitsMax && /^\s*[-+]?\d+(\.0*)?\s*$/.test(value)
    ? Number(value)
    : value;

const toSwitch = (value: unknown): unknown =>
  typeof value === "string" || typeof value === "number"
    ? (switches.get(String(value).trim().toLowerCase()) ?? value)
    : value;

/** A whole number, also as text. */
export const integer = (min: number, max: number) =>
  z.preprocess(toNumber, z.number().int().min(min).max(max));

/** A boolean, also as text or as 0 and 1. */
export const boolean = () => z.preprocess(toSwitch, z.boolean());

/** An empty text says the same as none at all. */
export const unlessEmpty = <S extends z.ZodType>(schema: S) =>
  z
    .preprocess(
      (value) =>
        value === null || (typeof value === "string" && !value.trim()) ? undefined : value,
      schema.optional(),
    )
    .optional();

/** Names that do not follow the rule. */
const spelled = { scrubIpAddresses: "scrubIPAddresses" };

/** GlitchTip's clients mix camelCase and snake_case in one body; both are read. */
export const bothCases = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return dictionaryOf(
    Object.entries(value).map(([name, each]) => {
      const camel = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      return [lookUp(spelled, camel) ?? camel, each];
    }),
  );
};
