/** Languages that can be coloured. */
export type CodeLanguage =
  | "javascript"
  | "typescript"
  | "jsx"
  | "tsx"
  | "python"
  | "ruby"
  | "php"
  | "java"
  | "kotlin"
  | "go"
  | "rust"
  | "csharp"
  | "c"
  | "cpp"
  | "objectivec"
  | "swift"
  | "dart"
  | "elixir";

const byExtension = new Map<string, CodeLanguage>([
  ["ts", "typescript"],
  ["mts", "typescript"],
  ["cts", "typescript"],
  ["tsx", "tsx"],
  ["js", "javascript"],
  ["mjs", "javascript"],
  ["cjs", "javascript"],
  ["jsx", "jsx"],
  ["vue", "javascript"],
  ["svelte", "javascript"],
  ["py", "python"],
  ["rb", "ruby"],
  ["erb", "ruby"],
  ["php", "php"],
  ["java", "java"],
  ["kt", "kotlin"],
  ["kts", "kotlin"],
  ["go", "go"],
  ["rs", "rust"],
  ["cs", "csharp"],
  ["c", "c"],
  ["h", "c"],
  ["cc", "cpp"],
  ["cpp", "cpp"],
  ["hpp", "cpp"],
  ["m", "objectivec"],
  ["mm", "objectivec"],
  ["swift", "swift"],
  ["dart", "dart"],
  ["ex", "elixir"],
  ["exs", "elixir"],
]);
const byPlatform = new Map<string, CodeLanguage>([
  ["javascript", "javascript"],
  ["node", "javascript"],
  ["python", "python"],
  ["ruby", "ruby"],
  ["php", "php"],
  ["java", "java"],
  ["android", "java"],
  ["go", "go"],
  ["rust", "rust"],
  ["csharp", "csharp"],
  ["c", "c"],
  ["native", "cpp"],
  ["cocoa", "swift"],
  ["objc", "objectivec"],
  ["dart", "dart"],
  ["elixir", "elixir"],
]);

/** In which language a file is written: by its name, else by the platform of the event. */
export function codeLanguage(
  file: string | undefined,
  platform: string | null,
): CodeLanguage | undefined {
  const extension = /\.([a-z]{1,6})(?:$|[?#])/i.exec(file?.slice(-200) ?? "")?.[1]?.toLowerCase();
  return byExtension.get(extension ?? "") ?? byPlatform.get((platform ?? "").split("-")[0] ?? "");
}
