import type { Grammar, Token, TokenStream } from "prismjs";
import type { CodeLanguage } from "./code-language";

/** A piece of a line in one colour. */
export type Piece = { text: string; kind: string | undefined };

type PrismCore = {
  tokenize: (text: string, grammar: Grammar) => (string | Token)[];
  languages: Record<string, Grammar>;
};

/** Each language with those it is made of, which come first. */
const grammars: Record<CodeLanguage, (() => Promise<unknown>)[]> = {
  javascript: [clike, javascript],
  typescript: [clike, javascript, typescript],
  jsx: [clike, javascript, markup, jsx],
  tsx: [clike, javascript, markup, jsx, typescript, () => import("prismjs/components/prism-tsx")],
  python: [() => import("prismjs/components/prism-python")],
  ruby: [clike, () => import("prismjs/components/prism-ruby")],
  php: [
    clike,
    markup,
    () => import("prismjs/components/prism-markup-templating"),
    () => import("prismjs/components/prism-php"),
  ],
  java: [clike, () => import("prismjs/components/prism-java")],
  kotlin: [clike, () => import("prismjs/components/prism-kotlin")],
  go: [clike, () => import("prismjs/components/prism-go")],
  rust: [() => import("prismjs/components/prism-rust")],
  csharp: [clike, () => import("prismjs/components/prism-csharp")],
  c: [clike, c],
  cpp: [clike, c, () => import("prismjs/components/prism-cpp")],
  objectivec: [clike, c, () => import("prismjs/components/prism-objectivec")],
  swift: [() => import("prismjs/components/prism-swift")],
  dart: [clike, () => import("prismjs/components/prism-dart")],
  elixir: [() => import("prismjs/components/prism-elixir")],
  bash: [() => import("prismjs/components/prism-bash")],
  powershell: [() => import("prismjs/components/prism-powershell")],
  markup: [markup],
  ini: [() => import("prismjs/components/prism-ini")],
  toml: [() => import("prismjs/components/prism-toml")],
  yaml: [() => import("prismjs/components/prism-yaml")],
  json: [() => import("prismjs/components/prism-json")],
};
function clike() {
  return import("prismjs/components/prism-clike");
}
function c() {
  return import("prismjs/components/prism-c");
}
function markup() {
  return import("prismjs/components/prism-markup");
}
function javascript() {
  return import("prismjs/components/prism-javascript");
}
function jsx() {
  return import("prismjs/components/prism-jsx");
}
function typescript() {
  return import("prismjs/components/prism-typescript");
}

const charsMax = 20_000;
const depthMax = 20;

/** Source lines → coloured pieces of each. The grammar is loaded when it is first wanted. */
export async function highlightCode(lines: string[], language: CodeLanguage): Promise<Piece[][]> {
  const text = lines.join("\n");
  if (text.length > charsMax) return lines.map((line) => [{ text: line, kind: undefined }]);
  const prism = await loadPrism();
  for (const load of grammars[language]) await load();
  const grammar = new Map(Object.entries(prism.languages)).get(language);
  if (!grammar) return lines.map((line) => [{ text: line, kind: undefined }]);
  return linesOf(prism.tokenize(text, grammar));
}

async function loadPrism(): Promise<PrismCore> {
  const page = globalThis as { Prism?: object };
  // Else it looks through the page for code by itself.
  page.Prism ??= { manual: true, disableWorkerMessageHandler: true };
  const { default: prism } = (await import("prismjs/components/prism-core")) as unknown as {
    default: PrismCore;
  };
  // Grammars add themselves to the one of this name.
  page.Prism = prism;
  return prism;
}

/** Tokens, which may span lines and lie in each other → pieces by line. */
export function linesOf(tokens: TokenStream): Piece[][] {
  const lines: Piece[][] = [[]];
  const add = (stream: TokenStream, kind: string | undefined, depth: number): void => {
    if (typeof stream === "string") {
      for (const [index, text] of stream.split("\n").entries()) {
        if (index > 0) lines.push([]);
        if (text !== "") lines.at(-1)?.push({ text, kind });
      }
      return;
    }
    if (Array.isArray(stream)) {
      for (const one of stream) add(one, kind, depth);
      return;
    }
    add(stream.content, depth > depthMax ? kind : (kindOf(stream) ?? kind), depth + 1);
  };
  add(tokens, undefined, 0);
  return lines;
}

const plainKinds = new Set(["punctuation", "operator", "plain-text", "interpolation"]);
const kindOf = ({ type }: Token) => (plainKinds.has(type) ? undefined : type);
