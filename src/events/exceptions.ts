import type { JsonObject } from "../protocol/json";
import { entriesIn, isNothing, memberIn, objectIn, parseFlag, saysAnything } from "./expected";
import { countOf, normalizeStacktrace, type Stacktrace } from "./frames";
import { noteCut, noteError, noteLength, type Report } from "./report";
import { textOf } from "./text";
import { clip } from "./tree";

export type Mechanism = {
  type: string;
  handled?: boolean;
  synthetic?: boolean;
  exception_id?: number;
  parent_id?: number;
  is_exception_group?: boolean;
  source?: string;
  [key: string]: unknown;
};

export type Exception = {
  type?: string;
  value?: string;
  module?: string;
  thread_id?: string;
  mechanism?: Mechanism;
  stacktrace?: Stacktrace;
  raw_stacktrace?: Stacktrace;
};

export type Thread = {
  id?: string;
  name?: string;
  crashed?: boolean;
  current?: boolean;
  main?: boolean;
  state?: string;
  stacktrace?: Stacktrace;
  [key: string]: unknown;
};

const exceptionsMax = 50;
const valueCharsMax = 8192;
const threadsMax = 256;
const dataLimits = { depth: 4, chars: 4096, stringChars: 1024, members: 50 };

/** Oldest first, the one thrown last is last. Entries that say nothing are dropped. */
export function normalizeExceptions(container: unknown, report: Report): Exception[] {
  let values = entriesIn(report, "exception", container);
  if (values.length > exceptionsMax) {
    noteLength(report, "exception.values", values.length);
    values = [...values.slice(0, 5), ...values.slice(5 - exceptionsMax)];
  }
  return values.flatMap((entry, index) => {
    const path = `exception.values.${index}`;
    const exception = normalizeException(entry, report, path);
    if (!exception && saysAnything(entry)) noteError(report, "invalid_data", path, entry);
    return exception ?? [];
  });
}

function normalizeException(
  value: JsonObject,
  report: Report,
  path: string,
): Exception | undefined {
  const exception: Exception = {};
  const type = textOf(value.type, 256);
  const text = textOf(value.value, valueCharsMax);
  noteCut(report, `${path}.value`, value.value, valueCharsMax);
  const module = textOf(value.module, 256);
  const threadId = textOf(value.thread_id, 64);
  if (type) exception.type = type;
  if (text) exception.value = text;
  if (module) exception.module = module;
  if (threadId) exception.thread_id = threadId;
  if (value.mechanism !== null && value.mechanism !== undefined) {
    const mechanism = objectIn(report, `${path}.mechanism`, value.mechanism);
    if (mechanism) {
      exception.mechanism = normalizeMechanism(mechanism, report, `${path}.mechanism`);
    }
  }
  for (const key of ["stacktrace", "raw_stacktrace"] as const) {
    const stacktrace = normalizeStacktrace(value[key], report, `${path}.${key}`);
    if (stacktrace) exception[key] = stacktrace;
  }
  return exception.type || exception.value || exception.stacktrace ? exception : undefined;
}

function normalizeMechanism(value: JsonObject, report: Report, path: string): Mechanism {
  const mechanism: Mechanism = { type: textOf(value.type, 128) ?? "generic" };
  for (const key of ["handled", "synthetic", "is_exception_group"] as const) {
    const flag = memberIn(report, path, value, key, parseFlag);
    if (flag !== undefined) mechanism[key] = flag;
  }
  for (const key of ["exception_id", "parent_id"] as const) {
    const id = memberIn(report, path, value, key, countOf);
    if (id !== undefined) mechanism[key] = id;
  }
  for (const key of ["source", "description", "help_link"] as const) {
    const text = textOf(value[key], 1024);
    if (text) mechanism[key] = text;
  }
  for (const key of ["data", "meta"] as const) {
    const data = objectIn(report, `${path}.${key}`, value[key]);
    if (data && !isNothing(data)) {
      mechanism[key] = clip(data, dataLimits, report, `${path}.${key}`);
    }
  }
  return mechanism;
}

export function normalizeThreads(container: unknown, report: Report): Thread[] {
  const values = entriesIn(report, "threads", container);
  if (values.length > threadsMax) noteLength(report, "threads.values", values.length);
  return values.slice(0, threadsMax).flatMap((entry, index) => {
    const path = `threads.values.${index}`;
    const thread = normalizeThread(entry, report, path);
    if (!isNothing(thread)) return [thread];
    if (saysAnything(entry)) noteError(report, "invalid_data", path, entry);
    return [];
  });
}

function normalizeThread(value: JsonObject, report: Report, path: string): Thread {
  const thread: Thread = {};
  for (const key of ["id", "name", "state"] as const) {
    const text = textOf(value[key], 256);
    if (text) thread[key] = text;
  }
  for (const key of ["crashed", "current", "main", "daemon"] as const) {
    const flag = memberIn(report, path, value, key, parseFlag);
    if (flag !== undefined) thread[key] = flag;
  }
  const locks = objectIn(report, `${path}.held_locks`, value.held_locks);
  if (locks && !isNothing(locks))
    thread.held_locks = clip(locks, dataLimits, report, `${path}.held_locks`);
  const stacktrace = normalizeStacktrace(value.stacktrace, report, `${path}.stacktrace`);
  if (stacktrace) thread.stacktrace = stacktrace;
  return thread;
}

/**
 * The legacy top-level `stacktrace`, and the stack of the only crashed thread, belong to the only exception that
 * lacks one; without such an exception the legacy stack is the current thread.
 */
export function placeLooseStacks(
  exceptions: Exception[],
  threads: Thread[],
  legacy: Stacktrace | undefined,
): void {
  const bare = exceptions.filter((exception) => !exception.stacktrace);
  const crashed = threads.filter((thread) => thread.crashed && thread.stacktrace);
  const [only] = bare;
  if (only && bare.length === 1 && exceptions.length === 1) {
    if (legacy) {
      only.stacktrace = legacy;
      return;
    }
    const [thread] = crashed;
    if (thread?.stacktrace && crashed.length === 1) {
      only.stacktrace = thread.stacktrace;
      delete thread.stacktrace;
    }
    return;
  }
  if (legacy && !exceptions.some((exception) => exception.stacktrace)) {
    threads.push({ current: true, stacktrace: legacy });
  }
}

/** Handled unless an exception says that nobody caught it; undefined when none says anything. */
export function handledOf(exceptions: Exception[]): boolean | undefined {
  const flags = exceptions.flatMap(({ mechanism }) => mechanism?.handled ?? []);
  return flags.length === 0 ? undefined : !flags.includes(false);
}

/** The stacks of an event by which it is named and grouped: of its exceptions, then of its threads. */
export const stacksOf = (event: {
  exception?: { values: Exception[] };
  threads?: { values: Thread[] };
}): Stacktrace[] =>
  [...(event.exception?.values ?? []), ...(event.threads?.values ?? [])].flatMap(
    ({ stacktrace }) => stacktrace ?? [],
  );
