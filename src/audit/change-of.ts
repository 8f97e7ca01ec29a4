import { dictionaryOf, lookUp } from "../protocol/dictionary";

type Fields = { readonly [name: string]: unknown };

/**
 * What an entry tells of a change of fields: those that get another value, as they were when they were read and as they
 * are then. What is undefined stays. Never give it a field that is a secret.
 */
export function changeOf(was: Fields, changes: Fields): { before: Fields; after: Fields } {
  const changed = Object.entries(changes).filter(
    ([name, value]) =>
      value !== undefined && JSON.stringify(value) !== JSON.stringify(lookUp(was, name)),
  );
  return {
    before: dictionaryOf(changed.map(([name]) => [name, lookUp(was, name) ?? null])),
    after: dictionaryOf(changed),
  };
}
