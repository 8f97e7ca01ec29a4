import type { Platform } from "./platform";

export const families = ["web", "server", "mobile", "desktop", "other"] as const;
export type Family = (typeof families)[number];

/** One of the platforms that a project can be set up for; ids are Sentry's, so that imported projects keep theirs. */
export type PlatformEntry = {
  id: string;
  name: string;
  family: Family;
  /** One or two letters in its place where there is no picture. */
  mark: string;
  load: () => Promise<{ platform: Platform }>;
};

const entry = (
  family: Family,
  id: string,
  name: string,
  mark: string,
  load: PlatformEntry["load"],
): PlatformEntry => ({ family, id, name, mark, load });

export const platforms: PlatformEntry[] = [
  entry("web", "javascript", "Browser JavaScript", "JS", () => import("./platforms/javascript")),
  entry("web", "javascript-react", "React", "Re", () => import("./platforms/javascript-react")),
  entry("web", "javascript-nextjs", "Next.js", "Nx", () => import("./platforms/javascript-nextjs")),
  entry("web", "javascript-vue", "Vue", "Vu", () => import("./platforms/javascript-vue")),
  entry("web", "javascript-nuxt", "Nuxt", "Nu", () => import("./platforms/javascript-nuxt")),
  entry(
    "web",
    "javascript-angular",
    "Angular",
    "An",
    () => import("./platforms/javascript-angular"),
  ),
  entry("web", "javascript-svelte", "Svelte", "Sv", () => import("./platforms/javascript-svelte")),
  entry(
    "web",
    "javascript-sveltekit",
    "SvelteKit",
    "SK",
    () => import("./platforms/javascript-sveltekit"),
  ),
  entry("web", "javascript-astro", "Astro", "As", () => import("./platforms/javascript-astro")),
  entry(
    "web",
    "javascript-react-router",
    "React Router",
    "RR",
    () => import("./platforms/javascript-react-router"),
  ),
  entry("web", "javascript-remix", "Remix", "Rx", () => import("./platforms/javascript-remix")),
  entry("web", "javascript-solid", "Solid", "So", () => import("./platforms/javascript-solid")),
  entry("server", "node", "Node.js", "No", () => import("./platforms/node")),
  entry("server", "node-express", "Express", "Ex", () => import("./platforms/node-express")),
  entry("server", "node-fastify", "Fastify", "Fa", () => import("./platforms/node-fastify")),
  entry("server", "node-koa", "Koa", "Ko", () => import("./platforms/node-koa")),
  entry("server", "node-nestjs", "NestJS", "Ne", () => import("./platforms/node-nestjs")),
  entry("server", "node-hono", "Hono", "Ho", () => import("./platforms/node-hono")),
  entry(
    "server",
    "node-cloudflare-workers",
    "Cloudflare Workers",
    "CW",
    () => import("./platforms/node-cloudflare-workers"),
  ),
  entry("server", "bun", "Bun", "Bu", () => import("./platforms/bun")),
  entry("server", "deno", "Deno", "De", () => import("./platforms/deno")),
  entry("server", "python", "Python", "Py", () => import("./platforms/python")),
  entry("server", "python-django", "Django", "Dj", () => import("./platforms/python-django")),
  entry("server", "python-flask", "Flask", "Fl", () => import("./platforms/python-flask")),
  entry("server", "python-fastapi", "FastAPI", "FA", () => import("./platforms/python-fastapi")),
  entry("server", "python-celery", "Celery", "Ce", () => import("./platforms/python-celery")),
  entry("server", "php", "PHP", "PH", () => import("./platforms/php")),
  entry("server", "php-laravel", "Laravel", "La", () => import("./platforms/php-laravel")),
  entry("server", "php-symfony", "Symfony", "Sy", () => import("./platforms/php-symfony")),
  entry("server", "ruby", "Ruby", "Rb", () => import("./platforms/ruby")),
  entry("server", "ruby-rails", "Rails", "Ra", () => import("./platforms/ruby-rails")),
  entry("server", "go", "Go", "Go", () => import("./platforms/go")),
  entry("server", "java", "Java", "Ja", () => import("./platforms/java")),
  entry(
    "server",
    "java-spring-boot",
    "Spring Boot",
    "SB",
    () => import("./platforms/java-spring-boot"),
  ),
  entry("server", "kotlin", "Kotlin", "Kt", () => import("./platforms/kotlin")),
  entry("server", "dotnet", ".NET", ".N", () => import("./platforms/dotnet")),
  entry(
    "server",
    "dotnet-aspnetcore",
    "ASP.NET Core",
    "AC",
    () => import("./platforms/dotnet-aspnetcore"),
  ),
  entry("server", "rust", "Rust", "Rs", () => import("./platforms/rust")),
  entry("server", "elixir", "Elixir", "Ex", () => import("./platforms/elixir")),
  entry("mobile", "react-native", "React Native", "RN", () => import("./platforms/react-native")),
  entry("mobile", "android", "Android", "An", () => import("./platforms/android")),
  entry("mobile", "apple", "iOS and macOS", "iO", () => import("./platforms/apple")),
  entry("mobile", "flutter", "Flutter", "Fl", () => import("./platforms/flutter")),
  entry("mobile", "dart", "Dart", "Da", () => import("./platforms/dart")),
  entry("mobile", "capacitor", "Capacitor", "Ca", () => import("./platforms/capacitor")),
  entry("mobile", "dotnet-maui", ".NET MAUI", "MA", () => import("./platforms/dotnet-maui")),
  entry("desktop", "electron", "Electron", "El", () => import("./platforms/electron")),
  entry("desktop", "native", "C and C++", "C+", () => import("./platforms/native")),
  entry("desktop", "powershell", "PowerShell", "PS", () => import("./platforms/powershell")),
  entry("desktop", "unity", "Unity", "Un", () => import("./platforms/unity")),
  entry("desktop", "unreal", "Unreal Engine", "UE", () => import("./platforms/unreal")),
  entry("desktop", "godot", "Godot", "Gd", () => import("./platforms/godot")),
  entry("other", "csp", "CSP reports", "CS", () => import("./platforms/csp")),
  entry("other", "curl", "curl", "cu", () => import("./platforms/curl")),
  entry("other", "sentry-cli", "sentry-cli", "sc", () => import("./platforms/sentry-cli")),
  entry("other", "other", "Something else", "?", () => import("./platforms/other")),
];

const byId = new Map(platforms.map((one) => [one.id, one]));

/** Names that other products and older versions have for some of these. */
const otherIds = new Map([
  ["javascript-browser", "javascript"],
  ["javascript-solidstart", "javascript-solid"],
  ["javascript-electron", "electron"],
  ["javascript-capacitor", "capacitor"],
  ["node-bun", "bun"],
  ["node-deno", "deno"],
  ["cocoa", "apple"],
  ["swift", "apple"],
  ["objc", "apple"],
  ["csharp", "dotnet"],
  ["aspnetcore", "dotnet-aspnetcore"],
  ["c", "native"],
  ["cpp", "native"],
  ["minidump", "native"],
  ["rails", "ruby-rails"],
]);

const partsMax = 8;

/**
 * The platform of a project, by whatever id clients gave it: itself, the one it is another name of, or what it is a kind
 * of (`python-tornado` is a kind of `python`); else the last of the list, which fits all.
 */
export function platformOf(id: string | null | undefined): PlatformEntry {
  const parts = (id ?? "").toLowerCase().split("-").slice(0, partsMax);
  for (let length = parts.length; length > 0; length -= 1) {
    const known = parts.slice(0, length).join("-");
    const found = byId.get(otherIds.get(known) ?? known);
    if (found) return found;
  }
  return fallback;
}

const fallback =
  platforms.at(-1) ??
  entry("other", "other", "Something else", "?", () => import("./platforms/other"));

const wordsMax = 8;

/** The platforms whose name or id has every word of what was typed, of one family if asked. */
export function searchPlatforms(typed: string, family?: Family): PlatformEntry[] {
  const words = typed.toLowerCase().split(/\s/).filter(Boolean).slice(0, wordsMax);
  return platforms.filter(
    (one) =>
      (family === undefined || one.family === family) &&
      words.every((word) => `${one.name} ${one.id}`.toLowerCase().includes(word)),
  );
}
