/**
 * The second line behind src/protocol/dictionary.ts, drawn before any library runs: what every object inherits takes
 * no new members and is not reached by the name `__proto__`. Sealed and not frozen: with a frozen `toString` no
 * library could give an object of its own another one. The prototypes of texts, patterns and promises stay as they
 * are, because the engine is fast only with those it made itself.
 */
for (const { prototype } of [Object, Array, Function]) Object.preventExtensions(prototype);
Reflect.deleteProperty(Object.prototype, "__proto__");
