import type { Exception } from "../../../events/exceptions";
import { boundedMemory } from "../../../platform/memory";
import { type Family, familyOf } from "./family";

/**
 * Where the stack of an exception is that of its capture and not of its throw: it is the same for whatever a handler
 * catches, so that the text must tell one failure from another.
 */
export type CaptureType = {
  /** As the explanation of a grouping names it. */
  name: string;
  /** A platform or a family; without one, all. */
  platform?: string | Family;
  sdk?: RegExp;
  type?: RegExp;
  value?: RegExp;
  mechanism?: RegExp;
  isSynthetic?: true;
  /** An exception of this kind and one that looks alike but has a stack of its own. */
  example: CapturedException;
  not: CapturedException;
};
type CapturedException = { platform: string; sdk?: string; exception: Exception };

export const captureTypes: readonly CaptureType[] = [
  {
    name: "Go error",
    platform: "go",
    example: { platform: "go", exception: { type: "*errors.errorString", value: "no route" } },
    not: { platform: "java", exception: { type: "ErrorString", value: "no route" } },
  },
  {
    name: "stack made by the SDK",
    platform: "javascript",
    isSynthetic: true,
    example: {
      platform: "node",
      exception: { type: "Error", value: "x", mechanism: { type: "generic", synthetic: true } },
    },
    not: {
      platform: "node",
      exception: { type: "Error", value: "x", mechanism: { type: "generic" } },
    },
  },
  {
    name: "thrown without being an error",
    platform: "javascript",
    type: /^(?:UnhandledRejection|PromiseRejectionEvent|Event|CustomEvent|ErrorEvent|ProgressEvent|Object|String|Number|Array)$/,
    example: { platform: "javascript", exception: { type: "UnhandledRejection", value: "x" } },
    not: { platform: "javascript", exception: { type: "EventError", value: "x" } },
  },
  {
    name: "thrown without being an error",
    platform: "javascript",
    value: /^(?:Non-Error |Object captured as )/,
    example: {
      platform: "javascript",
      exception: { type: "Error", value: "Non-Error exception captured with keys: code" },
    },
    not: { platform: "javascript", exception: { type: "Error", value: "No Non-Error here" } },
  },
  {
    name: "Rust error or panic",
    sdk: /^sentry\.rust/,
    example: { platform: "native", sdk: "sentry.rust", exception: { type: "panic", value: "x" } },
    not: { platform: "native", sdk: "sentry.native", exception: { type: "SIGSEGV" } },
  },
  {
    name: "Rust error or panic",
    platform: "rust",
    example: { platform: "rust", exception: { type: "panic", value: "x" } },
    not: { platform: "c", exception: { type: "panic", value: "x" } },
  },
  {
    name: "failed request that an SDK saw",
    type: /^(?:SentryHttpClientException|HTTPClientError|GraphQLClientError|SentryGraphQLClientException)$/,
    example: { platform: "java", exception: { type: "SentryHttpClientException", value: "500" } },
    not: { platform: "java", exception: { type: "HttpClientException", value: "500" } },
  },
  {
    name: "failed request that an SDK saw",
    mechanism: /^(?:auto\.)?http\.client/,
    example: {
      platform: "node",
      exception: { type: "Error", mechanism: { type: "auto.http.client.fetch" } },
    },
    not: {
      platform: "node",
      exception: { type: "Error", mechanism: { type: "auto.http.server" } },
    },
  },
  {
    name: "NSError",
    mechanism: /^NSError$/,
    example: {
      platform: "cocoa",
      exception: { type: "NSCocoaErrorDomain", value: "Code: 260", mechanism: { type: "NSError" } },
    },
    not: { platform: "cocoa", exception: { type: "NSError", mechanism: { type: "generic" } } },
  },
  {
    name: "line of a log",
    mechanism: /^(?:unity\.log|unity\.debug|unreal\.log|auto\.(?:log|core)\.\w{1,40}|console)$/i,
    example: {
      platform: "csharp",
      exception: { type: "LogError", value: "x", mechanism: { type: "unity.log" } },
    },
    not: { platform: "csharp", exception: { type: "LogError", mechanism: { type: "unity" } } },
  },
  {
    name: "text thrown",
    type: /^(?:_Exception|_StringException|String|char const\s?\*)$/,
    example: { platform: "dart", exception: { type: "_Exception", value: "x" } },
    not: { platform: "dart", exception: { type: "FormatException", value: "x" } },
  },
  {
    name: "fatal error after the stack was gone",
    platform: "php",
    type: /(?:^|\\)(?:FatalErrorException|FatalThrowableError|SilencedErrorException|OutOfMemoryError)$/,
    example: {
      platform: "php",
      exception: { type: "Sentry\\Exception\\FatalErrorException", value: "x" },
    },
    not: { platform: "php", exception: { type: "ErrorException", value: "x" } },
  },
];

/** Platforms are texts of senders: so many are remembered. */
const platformsMax = 100;
const rowsOfPlatform = boundedMemory<string, readonly CaptureType[]>(platformsMax);

function rowsOf(platform: string): readonly CaptureType[] {
  const known = rowsOfPlatform.get(platform);
  if (known) return known;
  const rows = captureTypes.filter(
    (row) =>
      row.platform === undefined ||
      row.platform === platform ||
      row.platform === familyOf(platform),
  );
  rowsOfPlatform.set(platform, rows);
  return rows;
}

/** The name of the row that an exception belongs to; undefined when its stack is that of its throw. */
export const captureTypeOf = (
  { type, value, mechanism }: Exception,
  platform: string,
  sdk: string | undefined,
): string | undefined =>
  rowsOf(platform).find(
    (row) =>
      (row.isSynthetic === undefined || mechanism?.synthetic === true) &&
      has(row.sdk, sdk) &&
      has(row.type, type) &&
      has(row.value, value) &&
      has(row.mechanism, mechanism?.type),
  )?.name;

const has = (pattern: RegExp | undefined, text: string | undefined) =>
  pattern === undefined || (text !== undefined && pattern.test(text));
