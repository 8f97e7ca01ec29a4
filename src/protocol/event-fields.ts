/** Fields of an event whose texts are found by words too, since people read them there. */
const textFields = [
  "title",
  "culprit",
  "message",
  "error.type",
  "error.value",
  "stack.function",
  "stack.filename",
  "stack.abs_path",
  "stack.module",
  "stack.package",
  "url",
  "breadcrumb",
  "tag",
  "context",
  "extra",
  "user.id",
  "user.email",
  "user.username",
  "user.ip",
  "trace",
] as const;

/** Those that are the same for most events, so that other words would find all of them: by name alone. */
const factFields = [
  "type",
  "platform",
  "error.mechanism",
  "http.method",
  "sdk",
  "sdk.version",
  "os",
  "os.version",
  "runtime",
  "runtime.name",
  "runtime.version",
] as const;

/** Fields that say what happened: where `message` is looked for. */
export const messageFields: readonly EventFieldName[] = [
  "title",
  "message",
  "error.value",
  "culprit",
  "url",
];

/** What of an event can be searched by name. */
export type EventFieldName = (typeof textFields)[number] | (typeof factFields)[number];
/** Facts first: they are few, and what there is too much of is left out at the end. */
export const eventFieldNames: readonly EventFieldName[] = [...factFields, ...textFields];

const facts: ReadonlySet<string> = new Set(factFields);
export const isFact = (name: EventFieldName): boolean => facts.has(name);

/**
 * Control characters that no text of an event has, one for each field: before a line it says which field it is of. Texts
 * and facts are kept apart, so they share them. Blanks are not among them.
 */
const marks =
  "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b";
const markOfName = new Map<string, string>(
  [textFields, factFields].flatMap((names) =>
    names.map((name, index): [string, string] => [name, marks[index] ?? ""]),
  ),
);

/** What is kept never changes its mark: a new field goes to the end of its list. */
export const markOf = (name: EventFieldName): string => markOfName.get(name) ?? "";
