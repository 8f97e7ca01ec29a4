/** What a part of `_headers` says of the paths it names. */
export type HeaderRule = { path: string; set: [name: string, value: string][]; remove: string[] };

const rulesMax = 100;
const lineCharsMax = 2000;

/**
 * Reads `_headers`: a path, in which `*` stands for anything, and below it indented lines `Name: value` or `! Name`.
 * What Cloudflare knows besides (other hosts, placeholders) is refused, with the number of the line.
 */
export function parseHeaderRules(text: string): HeaderRule[] {
  const rules: HeaderRule[] = [];
  for (const [index, whole] of text.split("\n").entries()) {
    const line = whole.trim();
    const refuse = (why: string) => new Error(`_headers, line ${index + 1}: ${why}`);
    if (line.length > lineCharsMax) throw refuse(`more than ${lineCharsMax} characters`);
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("/")) {
      if (line.includes(":")) throw refuse("the local runtime does not know placeholders");
      rules.push({ path: line, set: [], remove: [] });
      continue;
    }
    const rule = rules.at(-1);
    if (!rule) throw refuse("a path that begins with / must come first");
    if (line.startsWith("! ")) {
      rule.remove.push(line.slice(2).trim());
      continue;
    }
    const colon = line.indexOf(":");
    const [name, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    if (colon < 1 || name.includes(" ") || line.startsWith("https://")) {
      throw refuse("is neither a path that begins with / nor like `Name: value`");
    }
    if (value.includes(":splat")) throw refuse("the local runtime does not know placeholders");
    rule.set.push([name, value]);
  }
  if (rules.length > rulesMax) throw new Error(`_headers: more than ${rulesMax} paths`);
  return rules;
}
