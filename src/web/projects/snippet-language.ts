import { type CodeLanguage, languageOfFile } from "../parts/code-language";
import type { SourceFile } from "./platform";

const shellNames = new Set(["In a shell", "Start it with", "Install"]);

/** Of a platform, or of all whose ids begin so; the longer one counts. */
const byPlatform: [start: string, language: CodeLanguage][] = [
  ["javascript-react", "jsx"],
  ["javascript-solid", "jsx"],
  ["react-native", "jsx"],
  ["node-nestjs", "typescript"],
  ["javascript", "javascript"],
  ["node", "javascript"],
  ["bun", "javascript"],
  ["deno", "javascript"],
  ["electron", "javascript"],
  ["capacitor", "javascript"],
  ["python", "python"],
  ["php", "php"],
  ["ruby", "ruby"],
  ["go", "go"],
  ["java", "java"],
  ["kotlin", "kotlin"],
  ["android", "kotlin"],
  ["dotnet", "csharp"],
  ["unity", "csharp"],
  ["rust", "rust"],
  ["elixir", "elixir"],
  ["apple", "swift"],
  ["flutter", "dart"],
  ["dart", "dart"],
  ["native", "c"],
  ["unreal", "cpp"],
  ["powershell", "powershell"],
  // Its own language looks much like it.
  ["godot", "python"],
];

/** What begins so is of this language, whatever is around it. */
const byBeginning: [beginning: RegExp, language: CodeLanguage | undefined][] = [
  [/^https:/, undefined],
  [/^implementation\(/, "kotlin"],
  [/^\{:/, "elixir"],
  [/^pod '/, "ruby"],
  [/^"start":/, "json"],
  [/^SENTRY_\w+=/, "ini"],
];

/** In which language a snippet is written: by the name of its file, by how it begins, else as its platform is. */
export function snippetLanguage(
  { name, code }: SourceFile,
  platform: string,
): CodeLanguage | undefined {
  const known = languageOfFile(name);
  if (known || /^\S+\.\w+$/.test(name)) return known;
  for (const [beginning, language] of byBeginning) if (beginning.test(code)) return language;
  const ofPlatform = byPlatform.find(([start]) => platform.startsWith(start))?.[1];
  if (code.startsWith("<")) return ofPlatform === "jsx" ? "jsx" : "markup";
  return shellNames.has(name) ? "bash" : ofPlatform;
}
