import { boundedMemory } from "../platform/memory";
import patterns from "./user-agent-patterns.json";

export type UserAgent = {
  browser?: { name: string; version?: string };
  os?: { name: string; version?: string };
  device?: { family: string; model?: string; brand?: string };
};

type Matcher = { row: string[]; regex?: RegExp };

const matchers = (rows: string[][]): Matcher[] => rows.map((row) => ({ row }));
const browsers = matchers(patterns.browsers);
const systems = matchers(patterns.systems);
const devices = matchers(patterns.devices);

const charsMax = 512;
const rememberedMax = 2000;
const remembered = boundedMemory<string, UserAgent>(rememberedMax);

/** Browser, system and device in the model of uap-core, which GlitchTip shows too. Costs about 1 ms once per text. */
export function parseUserAgent(text: string): UserAgent {
  const key = text.slice(0, charsMax);
  const known = remembered.get(key);
  if (known) return known;
  const parsed = parse(key);
  remembered.set(key, parsed);
  return parsed;
}

function parse(text: string): UserAgent {
  const result: UserAgent = {};
  const browser = firstMatch(browsers, text);
  if (browser) {
    const [family, ...version] = fill(browser, [1, 2, 3, 4]);
    if (family) result.browser = { name: family, ...versionOf(version) };
  }
  const system = firstMatch(systems, text);
  if (system) {
    const [family, ...version] = fill(system, [1, 2, 3, 4]);
    if (family) result.os = { name: family, ...versionOf(version) };
  }
  const device = firstMatch(devices, text);
  if (device) {
    const [family, brand, model] = fill(device, [1, undefined, 1]);
    if (family) {
      result.device = { family, ...(model && { model }), ...(brand && { brand }) };
    }
  }
  return result;
}

type Match = { row: string[]; groups: RegExpExecArray };

function firstMatch(list: Matcher[], text: string): Match | undefined {
  for (const matcher of list) {
    matcher.regex ??= new RegExp(matcher.row[0] ?? "", matcher.row[1]);
    const groups = matcher.regex.exec(text);
    if (groups) return { row: matcher.row, groups };
  }
  return undefined;
}

/** The replacement of each field with $1…$9 filled in, or the group that stands for it by default. */
function fill({ row, groups }: Match, defaults: (number | undefined)[]): (string | undefined)[] {
  return defaults.map((group, index) => {
    const replacement = row[index + 2];
    const value = replacement
      ? replacement.replace(/\$(\d)/g, (_, digit: string) => groups[Number(digit)] ?? "")
      : group === undefined
        ? undefined
        : groups[group];
    return value?.trim() || undefined;
  });
}

function versionOf(parts: (string | undefined)[]): { version?: string } {
  const known = [];
  for (const part of parts) {
    if (!part) break;
    known.push(part);
  }
  return known.length > 0 ? { version: known.join(".") } : {};
}
