/** Platforms whose runtimes and builds make up names in the same way. */
export const families = [
  "javascript",
  "jvm",
  "php",
  "python",
  "ruby",
  "dotnet",
  "native",
  "other",
  "unknown",
] as const;
export type Family = (typeof families)[number];

const familyOfPlatform = new Map<string, Family>([
  ["javascript", "javascript"],
  ["node", "javascript"],
  ["java", "jvm"],
  ["kotlin", "jvm"],
  ["groovy", "jvm"],
  ["scala", "jvm"],
  ["clojure", "jvm"],
  ["php", "php"],
  ["python", "python"],
  ["ruby", "ruby"],
  ["csharp", "dotnet"],
  ["fsharp", "dotnet"],
  ["vb", "dotnet"],
  ["native", "native"],
  ["c", "native"],
  ["cocoa", "native"],
  ["objc", "native"],
  ["swift", "native"],
  ["rust", "native"],
  ["go", "other"],
  ["elixir", "other"],
  ["perl", "other"],
  ["lua", "other"],
  ["dart", "other"],
  ["haskell", "other"],
]);

/** The family of a frame: its own platform counts before that of its event. */
export const familyOf = (platform: string): Family => familyOfPlatform.get(platform) ?? "unknown";
