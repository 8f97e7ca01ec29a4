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
  | "elixir"
  | "bash"
  | "powershell"
  | "markup"
  | "ini"
  | "toml"
  | "yaml"
  | "json";

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
  ["astro", "javascript"],
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
  ["sh", "bash"],
  ["ps1", "powershell"],
  ["html", "markup"],
  ["xml", "markup"],
  ["ini", "ini"],
  ["env", "ini"],
  ["properties", "ini"],
  ["godot", "ini"],
  ["toml", "toml"],
  ["yml", "yaml"],
  ["yaml", "yaml"],
  ["json", "json"],
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
  return languageOfFile(file) ?? byPlatform.get((platform ?? "").split("-")[0] ?? "");
}

/** By the end of its name alone. */
export function languageOfFile(file: string | undefined): CodeLanguage | undefined {
  const extension = /\.([a-z\d]{1,10})(?:$|[?#])/i.exec(file?.slice(-200) ?? "")?.[1];
  return byExtension.get(extension?.toLowerCase() ?? "");
}
