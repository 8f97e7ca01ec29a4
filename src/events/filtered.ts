import { isSecretKey } from "./secret-names";

/** What stands where a secret was. */
export const filtered = "[Filtered]";

const blanks =
  /^(?:true|false|yes|no|on|off|null|none|nil|undefined|void|empty|redacted|hidden|filtered|masked|invalid|missing|required|\*{1,256}|\.{1,256}|\?|-{1,8}|\[[A-Za-z ]{3,24}\]?)$/i;
/** Where a value is filled in later: printf, shell, templates, SQL. */
const placeholders =
  /^(?:%(?:\(\w{1,64}\))?[sdifrxo]|\$\{[^{}]{0,128}\}|#\{[^{}]{0,128}\}|\{\{[^{}]{0,128}\}\}|<[A-Za-z_ -]{1,64}>|\$\d{1,2}|\$[A-Z][A-Z0-9_]{1,63}|%[A-Z][A-Z0-9_]{1,63}%|:[a-z_]{1,64})$/;
const braces = /^\{([^{}]{0,64})\}$/;
/** Parts of a text that are filled in later, and words that only introduce a secret. */
const fillings =
  /\$\{[^{}]{0,128}\}|#\{[^{}]{0,128}\}|\{{1,2}[\w.!:$| -]{0,64}\}{1,2}|%(?:\(\w{1,64}\))?[sdr]|\b(?:bearer|basic|token)\b/gi;

/** Says that there is nothing, or that it was taken out. */
export const isBlank = (value: string): boolean =>
  value.length <= 160 && (value.startsWith("[Filtered") || blanks.test(value));

/** True for what stands in for a value and is none: `%s`, `{password}`, `$DB_PASSWORD`, `null`, `[Filtered]`. */
export function isStandIn(value: string): boolean {
  if (value.length > 160) return false;
  if (isBlank(value) || placeholders.test(value)) return true;
  const name = braces.exec(value)?.[1];
  return name !== undefined && (/^(?:\d{0,9}|[!:].{0,63})$/.test(name) || isSecretKey(name));
}

/** True for a template that holds a secret only when it is filled in: `Bearer ${token}`. */
export const isTemplate = (value: string): boolean =>
  value.length <= 512 && /[{%]/.test(value) && value.replace(fillings, "").trim() === "";
