/** Names that mean something to the language or to us. A stranger may call a thing so. */
export const hostileNames = [
  "__proto__",
  "constructor",
  "prototype",
  "get",
  "set",
  "value",
  "then",
  "toJSON",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "length",
  "user",
  "host",
  "password",
  "__defineGetter__",
  "",
];

/** The same as steps of a path. */
export const hostilePaths = [
  "constructor.prototype.user",
  "__proto__.get",
  "..__proto__.host",
  ".constructor",
  "length.constructor.prototype.set",
];

/** A member for every name, also `__proto__`, which a literal would not make. */
export function membersOf<T>(names: string[], valueOf: (name: string) => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)]));
}

/** A thing that is called by all of them and whose members are, with values that are removed, cut and kept. */
export const hostileObject = {
  ...membersOf(hostilePaths, () => ({ password: "hunter2" })),
  ...membersOf(hostileNames, () => ({
    ...membersOf(["__proto__", "constructor", "toString", "password"], () => "x"),
    host: "x".repeat(1100),
    "": { rem: [["!", "x"]], len: 7 },
  })),
};

const shared = [
  Object,
  Array,
  String,
  Number,
  Boolean,
  Function,
  Map,
  Set,
  Promise,
  RegExp,
  Date,
  Symbol,
].flatMap((made): object[] => [made, made.prototype]);

const membersOfShared = () =>
  shared.map((each) => new Map(Object.entries(Object.getOwnPropertyDescriptors(each))));
const untouched = membersOfShared();

/**
 * What was changed of everything that a walk through inherited members reaches from any object, list, text, number or
 * function. Puts it right, so that one failing test does not fail every other one.
 */
export function harmDone(): string[] {
  return membersOfShared().flatMap((members, index) => {
    const before = untouched[index] ?? new Map<string, PropertyDescriptor>();
    const wrong = [...new Set([...members.keys(), ...before.keys()])].filter(
      (name) =>
        !Object.is(members.get(name)?.value, before.get(name)?.value) ||
        members.get(name)?.get !== before.get(name)?.get,
    );
    for (const name of wrong) {
      const known = before.get(name);
      const owner = shared[index] ?? {};
      if (known) Object.defineProperty(owner, name, known);
      else Reflect.deleteProperty(owner, name);
    }
    return wrong;
  });
}
