declare const made: unique symbol;

/** Names → values where a stranger chose the names. Only the functions below make one. */
export type Dictionary<T> = { [name: string]: T } & { readonly [made]: true };

// Objects made from an empty one without a prototype have no inherited members, and the engine keeps them as fast as
// plain ones, which it does not with Object.create(null).
const nothing: object = Object.freeze(Object.create(null));

/** Has no inherited members: what was not put in is not found, and no name leads to anything that others share. */
export const newDictionary = <T>(): Dictionary<T> => Object.create(nothing);

export function dictionaryOf<T>(
  entries: Iterable<readonly [name: string | number, value: T]>,
): Dictionary<T> {
  const dictionary = newDictionary<T>();
  for (const [name, value] of entries) put(dictionary, String(name), value);
  return dictionary;
}

/**
 * Any name is a name like others, but the one that is no member in a copy which a reader of our JSON makes: there it
 * becomes the prototype. A value with that name is left out.
 */
export function put<T>(dictionary: Dictionary<T>, name: string, value: T): void {
  if (isName(name)) dictionary[name] = value;
}

export const isName = (name: string) => name !== "__proto__";

/** A member by a name that `Object.keys` of the same object gave. Asks once where lookUp() asks twice. */
export const ownMember = <T>(object: { readonly [name: string]: T }, key: string): T =>
  object[key] as T;

/** Gives a member that is there another value. */
export function replace<T>(object: { [name: string]: T }, name: string, value: T): void {
  if (Object.hasOwn(object, name)) object[name] = value;
}

/** A table's own value; what it inherits (`constructor`, `toString`…) is not found. */
export function lookUp<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
