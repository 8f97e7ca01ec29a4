import type { NormalEvent } from "../../events/normal-event";
import type { Summary } from "../../events/title";
import { lookUp } from "../../protocol/dictionary";
import { type EventFieldName, eventFieldNames } from "../../protocol/event-fields";
import type { Json } from "../../protocol/json";

export type SearchableEvent = NormalEvent & Pick<Summary, "title" | "culprit" | "type">;

/** Takes each text that an event has in a field. */
type Add = (text: string | undefined) => void;

const leavesMax = 200;
const depthMax = 6;

type Each = (event: SearchableEvent, add: Add) => void;

/** Tells the texts that an event has in a field. */
const eachText: Record<EventFieldName, Each> = {
  title: (event, add) => add(event.title),
  culprit: (event, add) => add(event.culprit),
  message: ({ logentry }, add) => {
    add(logentry?.formatted);
    if (logentry?.message !== logentry?.formatted) add(logentry?.message);
  },
  "error.type": (event, add) => {
    for (const { type } of event.exception?.values ?? []) add(type);
  },
  "error.value": (event, add) => {
    for (const { value } of event.exception?.values ?? []) add(value);
  },
  "stack.function": ofFrames("function"),
  "stack.filename": ofFrames("filename"),
  "stack.abs_path": ofFrames("abs_path"),
  "stack.module": ofFrames("module"),
  "stack.package": ofFrames("package"),
  url: ({ request }, add) => add(request?.url),
  breadcrumb: ({ breadcrumbs }, add) => {
    for (const { message } of breadcrumbs?.values ?? []) add(message);
  },
  tag: ({ tags }, add) => {
    for (const [key, value] of tags) if (!saidElsewhere.has(key)) add(value);
  },
  context: (event, add) => {
    const room = { leaves: leavesMax };
    for (const [name, context] of Object.entries(event.contexts)) {
      for (const [key, value] of Object.entries(context)) {
        if (key !== "type" && name !== "trace") eachLeaf(value, false, add, room, depthMax);
      }
    }
  },
  extra: ({ extra }, add) => {
    if (extra) eachLeaf(extra, true, add, { leaves: leavesMax }, depthMax);
  },
  "user.id": ({ user }, add) => add(user?.id),
  "user.email": ({ user }, add) => add(user?.email),
  "user.username": ({ user }, add) => add(user?.username),
  "user.ip": ({ user }, add) => add(user?.ip_address),
  trace: ({ contexts }, add) => {
    const id = contexts["trace"]?.["trace_id"];
    if (typeof id === "string") add(id);
  },
  type: (event, add) => add(event.type),
  platform: (event, add) => add(event.platform),
  "error.mechanism": (event, add) => {
    for (const { mechanism } of event.exception?.values ?? []) add(mechanism?.type);
  },
  "http.method": ({ request }, add) => add(request?.method),
  sdk: ({ sdk }, add) => add(sdk?.name),
  "sdk.version": ({ sdk }, add) => add(sdk?.version),
  os: ofTags("os", "client_os", "os.name", "client_os.name"),
  "os.version": ofVersions("os", "client_os"),
  runtime: ofTags("runtime"),
  "runtime.name": ofTags("runtime.name"),
  "runtime.version": ofVersions("runtime"),
};

export const eventFields = eventFieldNames.map((name) => ({ name, each: eachText[name] }));

/** How a field is read, by a name that may be of none. */
export const eachTextOf = (name: string): Each | undefined => lookUp(eachText, name);

/** Tags that follow from a field above, or of which every other event has the same value. */
const saidElsewhere: ReadonlySet<string> = new Set([
  "level",
  "url",
  "user",
  "user.id",
  "user.email",
  "user.username",
  "sdk",
  "mechanism",
  "handled",
  "os",
  "client_os",
  "runtime",
  "runtime.name",
]);

function ofFrames(member: "function" | "filename" | "abs_path" | "module" | "package"): Each {
  return ({ exception, threads }, add) => {
    for (const { stacktrace } of exception?.values ?? []) {
      for (const frame of stacktrace?.frames ?? []) add(frame[member]);
    }
    for (const { stacktrace } of threads?.values ?? []) {
      for (const frame of stacktrace?.frames ?? []) add(frame[member]);
    }
  };
}

function ofTags(...names: string[]): Each {
  return ({ tags }, add) => {
    for (const [key, value] of tags) if (names.includes(key)) add(value);
  };
}

function ofVersions(...names: string[]): Each {
  return ({ contexts }, add) => {
    for (const name of names) {
      const version = lookUp(contexts, name)?.["version"];
      if (typeof version === "string") add(version);
    }
  };
}

/** Texts of a tree, and its numbers where these are what somebody sent on purpose. */
function eachLeaf(
  value: Json | undefined,
  hasNumbers: boolean,
  add: Add,
  room: { leaves: number },
  depth: number,
): void {
  if (typeof value === "string" || (hasNumbers && typeof value === "number")) {
    if (room.leaves-- > 0) add(String(value));
    return;
  }
  if (value === null || typeof value !== "object" || depth === 0) return;
  for (const member of Object.values(value)) {
    if (room.leaves <= 0) return;
    eachLeaf(member, hasNumbers, add, room, depth - 1);
  }
}
