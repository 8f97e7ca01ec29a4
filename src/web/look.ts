import type { Preferences } from "./preferences";

/** Writes theme and density where the style sheet looks for them. */
export function applyLook({ theme, density }: Preferences): void {
  const isDark =
    theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  document.documentElement.dataset.density = density;
}
