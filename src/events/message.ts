import { dictionaryOf, lookUp } from "../protocol/dictionary";
import { isObject, type Json } from "../protocol/json";
import { isNothing, listIn, saysAnything } from "./expected";
import { noteError, type Report } from "./report";
import { asJson, textOf } from "./text";

export type LogEntry = { formatted: string; message?: string; params?: Json };

const messageCharsMax = 8192;
const paramsMax = 100;
const paramCharsMax = 1000;

/** `logentry` or `message` in any of the forms of fifteen years of SDKs; undefined when there is no text. */
export function normalizeMessage(
  logentry: unknown,
  message: unknown,
  report: Report,
): LogEntry | undefined {
  const source = [logentry, message].find((each) => !isNothing(each));
  const entry: { [key: string]: unknown } = isObject(source) ? source : { formatted: source };
  const template = textOf(entry.message, messageCharsMax);
  const params = paramsOf(entry.params, report);
  const given = textOf(entry.formatted, messageCharsMax);
  const formatted = given ?? (template && params ? interpolate(template, params) : template);
  if (!formatted) {
    if (isObject(source) && saysAnything(source))
      noteError(report, "invalid_data", "logentry", source);
    return isObject(source) && typeof message === "string"
      ? normalizeMessage(undefined, message, report)
      : undefined;
  }
  return {
    formatted,
    ...(template && template !== formatted && { message: template }),
    ...(params && { params }),
  };
}

type Params = string[] | { [name: string]: string };

function paramsOf(value: unknown, report: Report): Params | undefined {
  if (isNothing(value)) return undefined;
  if (isObject(value)) {
    const entries = Object.entries(value).slice(0, paramsMax);
    return dictionaryOf(entries.map(([name, each]) => [name, paramOf(each)]));
  }
  // One alone is a list of one.
  const isList = Array.isArray(value) || (typeof value === "string" && value.startsWith("["));
  const list = isList ? listIn(report, "logentry.params", value) : [value];
  return list.length > 0 ? list.slice(0, paramsMax).map(paramOf) : undefined;
}

/** As text, also where it is empty: the placeholder of it is not the next one's. */
const paramOf = (value: unknown) => textOf(value, paramCharsMax) ?? asJson(value, paramCharsMax);

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
