import { join } from "node:path";
import { type ElementAccessExpression, type Node, SyntaxKind } from "typescript/unstable/ast";
import {
  isAsExpression,
  isBinaryExpression,
  isBindingElement,
  isComputedPropertyName,
  isElementAccessExpression,
  isForInStatement,
  isPropertyAccessExpression,
  isStringLiteral,
  isTypeOperatorNode,
} from "typescript/unstable/ast/is";
import { API, type Checker, type Type, TypeFlags } from "typescript/unstable/sync";
import { expect, test } from "vitest";
import { code, filesBelow, root } from "./sources";

/**
 * Names that strangers chose never index a plain object: it inherits `constructor` and the like, and `__proto__` leads
 * to what every object shares. src/protocol/dictionary.ts is how it is done. Types tell which name is whose: one that
 * is a `string` may be a stranger's, one of a union of literals is ours.
 */
const advice = {
  index:
    "read with lookUp(), write with put() or replace() of src/protocol/dictionary.ts, or use a Map",
  "as keyof": "a cast makes no name ours: read with lookUp()",
  in: "`in` finds inherited members: use Object.hasOwn()",
  "for in": "it walks inherited members: use Object.entries()",
  "Object.fromEntries": "use dictionaryOf() of src/protocol/dictionary.ts, or a Map",
  "Object.groupBy": "use Map.groupBy()",
  "Object.assign": "it assigns __proto__ too: spread into a new object",
  "Object.setPrototypeOf": "make another object",
  "Object.defineProperty": "use put() of src/protocol/dictionary.ts",
  "Object.defineProperties": "use put() of src/protocol/dictionary.ts",
  "Reflect.get": "use lookUp() of src/protocol/dictionary.ts",
  "Reflect.set": "use put() of src/protocol/dictionary.ts",
} as const;

/** Each with the reason why no stranger chooses the name. */
const reviewed: Record<string, string> = {
  "src/protocol/dictionary.ts dictionary[name]": "this is put()",
  "src/protocol/dictionary.ts object[key]": "this is ownMember()",
  "src/protocol/dictionary.ts object[name]": "this is replace()",
  "src/protocol/dictionary.ts table[name]": "this is lookUp()",
  "src/accounts/sign-in-database.ts Reflect.get": "names come from the sign-in library's own code",
};

/** What the words of strangers reach. */
const files = [...code, ...filesBelow("scripts/local", /-bridge\.ts$/)];

test("no name of a stranger indexes a plain object", () => {
  const api = new API({ cwd: root });
  const [project] = api.updateSnapshot({ openProject: join(root, "tsconfig.json") }).getProjects();
  const found = files.flatMap((path) => {
    const source = project?.program.getSourceFile(join(root, path));
    if (!project || !source) throw new Error(`${path} is in no project`);
    return unsafeIn(source, project.checker).map((each) => ({
      ...each,
      place: `${path} ${each.text}`,
    }));
  });
  api.close();
  const wrong = found.filter(({ place }) => !Object.hasOwn(reviewed, place));
  expect(wrong.map(({ place, kind }) => `${place}: ${advice[kind]}`)).toEqual([]);
  const places = new Set(found.map(({ place }) => place));
  expect(Object.keys(reviewed).filter((place) => !places.has(place))).toEqual([]);
});

type Unsafe = { kind: keyof typeof advice; text: string };

function unsafeIn(source: Node, checker: Checker): Unsafe[] {
  const found: Unsafe[] = [];
  const indexed: ElementAccessExpression[] = [];
  const visit = (node: Node): void => {
    if (isElementAccessExpression(node)) indexed.push(node);
    const kind = unsafeKindOf(node);
    if (kind) found.push({ kind, text: textOf(node) });
    node.forEachChild(visit);
  };
  visit(source);
  const types = checker.getTypeAtLocation(indexed.map((node) => node.argumentExpression));
  for (const [index, node] of indexed.entries()) {
    if (mayBeAnyName(types[index], checker)) found.push({ kind: "index", text: textOf(node) });
  }
  return found;
}

const textOf = (node: Node) => node.getText().split("\n", 1).join("").slice(0, 80);

/** What can be found without types. */
function unsafeKindOf(node: Node): keyof typeof advice | undefined {
  if (isForInStatement(node)) return "for in";
  if (isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.InKeyword) {
    // A word of ours tells the members of a union apart; `#private in` is none of it.
    return isStringLiteral(node.left) || node.left.kind === SyntaxKind.PrivateIdentifier
      ? undefined
      : "in";
  }
  if (isAsExpression(node) && isTypeOperatorNode(node.type)) {
    return node.type.operator === SyntaxKind.KeyOfKeyword ? "as keyof" : undefined;
  }
  if (isBindingElement(node)) {
    const { propertyName } = node;
    return propertyName && isComputedPropertyName(propertyName) ? "index" : undefined;
  }
  if (!isPropertyAccessExpression(node)) return undefined;
  const name = node.getText();
  return Object.hasOwn(advice, name) ? (name as keyof typeof advice) : undefined;
}

/** A number, a symbol and a word from a list of ours can do no harm. */
function mayBeAnyName(type: Type | undefined, checker: Checker): boolean {
  if (!type) return true;
  if (type.isUnionType()) return type.getTypes().some((each) => mayBeAnyName(each, checker));
  if (type.isTypeParameter() || type.isIndexedAccessType() || type.isIndexType()) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint?.id === type.id || mayBeAnyName(constraint, checker);
  }
  const harmless = TypeFlags.NumberLike | TypeFlags.StringLiteral | TypeFlags.ESSymbolLike;
  return (type.flags & harmless) === 0;
}
