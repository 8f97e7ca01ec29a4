/** Names → values where a stranger chose the names. */
export type Dictionary<T> = { [name: string]: T };

// Objects made from an empty one without a prototype have no inherited members, and the engine keeps them as fast as
// plain ones, which it does not with Object.create(null).
const nothing: object = Object.freeze(Object.create(null));

/** Has no inherited members: what was not put in is not found, and no name leads to anything that others share. */
export const newDictionary = <T>(): Dictionary<T> => Object.create(nothing);
