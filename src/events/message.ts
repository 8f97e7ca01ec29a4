import { dictionaryOf, lookUp } from "../protocol/dictionary";
import { isObject, type Json } from "../protocol/json";
import { textOf } from "./text";

export type LogEntry = { formatted: string; message?: string; params?: Json };

const messageCharsMax = 8192;
const paramsMax = 100;

/** `logentry` or `message` in any of the forms of fifteen years of SDKs; undefined when there is no text. */
export function normalizeMessage(logentry: unknown, message: unknown): LogEntry | undefined {
  const source = [logentry, message].find(
    (each) => isObject(each) || textOf(each, 10) !== undefined,
  );
  const entry: { [key: string]: unknown } = isObject(source) ? source : { formatted: source };
  const template = textOf(entry.message, messageCharsMax);
  const params = paramsOf(entry.params);
  const given = textOf(entry.formatted, messageCharsMax);
  const formatted = given ?? (template && params ? interpolate(template, params) : template);
  if (!formatted) {
    return isObject(source) && typeof message === "string"
      ? normalizeMessage(undefined, message)
      : undefined;
  }
  return {
    formatted,
    ...(template && template !== formatted && { message: template }),
    ...(params && { params }),
  };
}

type Params = string[] | { [name: string]: string };

function paramsOf(value: unknown): Params | undefined {
  if (Array.isArray(value)) {
    const list = value.slice(0, paramsMax).map((each) => textOf(each, 1000) ?? String(each));
    return list.length > 0 ? list : undefined;
  }
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).slice(0, paramsMax);
  return entries.length > 0
    ? dictionaryOf(entries.map(([name, each]) => [name, textOf(each, 1000) ?? String(each)]))
    : undefined;
}

/** What a parameter of a message takes the place of. */
export const placeholder = /%(?:\((\w+)\))?[sdifrxo%]|\{\{|\{(\w*)\}/g;

/** Fills printf (`%s`, `%(name)s`) and brace (`{}`, `{0}`, `{name}`) templates; what has no value stays. */
export function interpolate(template: string, params: Params): string {
  let next = 0;
  const valueOf = (name: string | undefined) => {
    if (Array.isArray(params))
      return params[name === undefined || name === "" ? next++ : Number(name)];
    return name ? lookUp(params, name) : undefined;
  };
  let room = messageCharsMax;
  return template
    .replace(placeholder, (whole, printfName?: string, braceName?: string) => {
      if (whole === "%%") return "%";
      if (whole === "{{") return "{";
      const value = room > 0 ? valueOf(printfName ?? braceName) : undefined;
      room -= value?.length ?? 0;
      return value ?? whole;
    })
    .slice(0, messageCharsMax);
}
