import { isObject } from "../../protocol/json";
import type { Schema } from "../api/client";
import { type Frame, frameOf, type Stack, stackOf } from "./frames";
import { membersOf, numberIn, pairsIn, textIn } from "./members";

/** One exception of the chain. */
export type Exception = {
  type: string;
  value: string;
  module: string | undefined;
  threadId: string | undefined;
  mechanism: Mechanism | undefined;
  stack: Stack | undefined;
  /** As it was sent, before source maps were applied. */
  rawStack: Stack | undefined;
};

export type Mechanism = {
  type: string;
  handled: boolean | undefined;
  id: number | undefined;
  parentId: number | undefined;
  isGroup: boolean;
  source: string | undefined;
};

export type Thread = {
  id: string;
  name: string | undefined;
  isCrashed: boolean;
  isCurrent: boolean;
  state: string | undefined;
  stack: Stack | undefined;
};

export type Breadcrumb = {
  type: string;
  category: string;
  message: string;
  level: string;
  /** Milliseconds since 1970; undefined where the SDK named none. */
  at: number | undefined;
  data: [string, unknown][];
};

export type HttpRequest = {
  method: string | undefined;
  url: string | undefined;
  query: [string, string][];
  fragment: string | undefined;
  headers: [string, string][];
  cookies: [string, string][];
  body: unknown;
  contentType: string | undefined;
  env: [string, unknown][];
};

/** An event, read from the API's entries: whatever is not as expected is left out. */
export type EventParts = {
  /** As they are chained: the cause first, what was thrown last. */
  exceptions: Exception[];
  threads: Thread[];
  breadcrumbs: Breadcrumb[];
  message: { text: string; template: string | undefined; params: unknown } | undefined;
  request: HttpRequest | undefined;
  csp: [string, unknown][];
  template: Frame | undefined;
};

type Entries = Pick<Schema<"Event">, "entries">;

export function partsOf({ entries }: Entries): EventParts {
  const data = new Map(entries.map((entry) => [entry.type, membersOf(entry.data)]));
  const values = (type: string) => listIn(data.get(type)?.get("values"));
  const message = data.get("message");
  const template = data.get("template");
  return {
    exceptions: values("exception").map(exceptionOf),
    threads: values("threads").map(threadOf),
    breadcrumbs: values("breadcrumbs").map(breadcrumbOf),
    message: message && {
      text: textIn(message.get("formatted")) ?? textIn(message.get("message")) ?? "",
      template: textIn(message.get("message")),
      params: message.get("params"),
    },
    request: requestOf(data.get("request")),
    csp: [...(data.get("csp") ?? [])].filter(([, value]) => value !== null && value !== ""),
    template: template && frameOf(template),
  };
}

function exceptionOf(members: Map<string, unknown>): Exception {
  return {
    type: textIn(members.get("type")) ?? "",
    value: textIn(members.get("value")) ?? "",
    module: textIn(members.get("module")),
    threadId: textIn(members.get("thread_id")),
    mechanism: mechanismOf(members.get("mechanism")),
    stack: stackOf(members.get("stacktrace")),
    rawStack: stackOf(members.get("raw_stacktrace")),
  };
}

function mechanismOf(given: unknown): Mechanism | undefined {
  if (!isObject(given)) return undefined;
  const members = membersOf(given);
  const handled = members.get("handled");
  return {
    type: textIn(members.get("type")) ?? "generic",
    handled: typeof handled === "boolean" ? handled : undefined,
    id: numberIn(members.get("exception_id")),
    parentId: numberIn(members.get("parent_id")),
    isGroup: members.get("is_exception_group") === true,
    source: textIn(members.get("source")),
  };
}

function threadOf(members: Map<string, unknown>, index: number): Thread {
  return {
    id: textIn(members.get("id")) ?? String(index),
    name: textIn(members.get("name")),
    isCrashed: members.get("crashed") === true,
    isCurrent: members.get("current") === true,
    state: textIn(members.get("state")),
    stack: stackOf(members.get("stacktrace")),
  };
}

function breadcrumbOf(members: Map<string, unknown>): Breadcrumb {
  const at = Date.parse(textIn(members.get("timestamp")) ?? "");
  const data = members.get("data");
  return {
    type: textIn(members.get("type")) ?? "default",
    category: textIn(members.get("category")) ?? "",
    message: textIn(members.get("message")) ?? "",
    level: textIn(members.get("level")) ?? "info",
    at: Number.isNaN(at) ? undefined : at,
    data: isObject(data) ? Object.entries(data) : [],
  };
}

function requestOf(members: Map<string, unknown> | undefined): HttpRequest | undefined {
  if (!members) return undefined;
  const env = members.get("env");
  return {
    method: textIn(members.get("method")),
    url: textIn(members.get("url")),
    query: pairsIn(members.get("query")),
    fragment: textIn(members.get("fragment")),
    headers: pairsIn(members.get("headers")),
    cookies: pairsIn(members.get("cookies")),
    body: members.get("data") ?? undefined,
    contentType: textIn(members.get("inferredContentType")),
    env: isObject(env) ? Object.entries(env) : [],
  };
}

const listIn = (value: unknown): Map<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isObject).map(membersOf) : [];
