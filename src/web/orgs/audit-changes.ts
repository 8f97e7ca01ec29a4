/** One member of something that was changed. */
export type Change = { name: string; before: string | undefined; after: string | undefined };

const shownMax = 40;
const textCharsMax = 300;

/**
 * The data of an entry → what changed, a line each: `before` and `after` side by side where both are there, else each
 * member as it was written down.
 */
export function changesOf(data: Readonly<Record<string, unknown>>): Change[] {
  const all = new Map(Object.entries(data));
  const before = membersOf(all.get("before"));
  const after = membersOf(all.get("after"));
  const rest = [...all].filter(([name]) => name !== "before" && name !== "after");
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const changed = names
    .map((name) => ({ name, before: before.get(name), after: after.get(name) }))
    .filter((change) => change.before !== change.after);
  return [
    ...changed,
    ...rest.map(([name, value]) => ({ name, before: undefined, after: textOf(value) })),
  ].slice(0, shownMax);
}

function membersOf(value: unknown): Map<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).map(([name, member]) => [name, textOf(member)]));
}

function textOf(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > textCharsMax ? `${text.slice(0, textCharsMax)}…` : text;
}
