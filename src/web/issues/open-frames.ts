import type { Search } from "../filters";

const tokensMax = 100;

/**
 * Which frames differ from how they are when one comes, as the address says it: `frames=0.1,0.4`, the exception in the
 * order of reading and the frame counted from the crash. So they stay from one event to the next, and in a link.
 */
export function openFramesOf(search: Search): Set<string> {
  const given = new Map(Object.entries(search)).get("frames");
  const text = Array.isArray(given) ? given.join(",") : (given ?? "");
  return new Set(
    text
      .slice(0, 2000)
      .split(",")
      .filter((token) => /^\d{1,3}\.\d{1,4}$/.test(token))
      .slice(0, tokensMax),
  );
}

/** The same with one frame turned over. */
export function toggledFrame(search: Search, token: string): Search {
  const tokens = openFramesOf(search);
  if (!tokens.delete(token)) tokens.add(token);
  const rest = Object.entries(search).filter(([name]) => name !== "frames");
  const kept = [...tokens].slice(-tokensMax);
  return Object.fromEntries(kept.length === 0 ? rest : [...rest, ["frames", kept.join(",")]]);
}
