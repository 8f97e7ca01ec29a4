import type { Finding, Step } from "./steps";

export type Talk = {
  print(line: string): void;
  /** Whether to go on; not asked where nothing is to be made. */
  agree(question: string): Promise<boolean>;
};

/**
 * Looks at every step first, asks, then makes what is missing, one after another. What fails ends it; what was made
 * stays, and the next run goes on from there.
 */
export async function deploySetup(
  steps: Step[],
  talk: Talk,
  isDryRun: boolean,
): Promise<"complete" | "planned" | "failed"> {
  const missing: [name: string, finding: Required<Pick<Finding, "make">> & Finding][] = [];
  let problems = 0;
  for (const { name, look } of steps) {
    try {
      const { words, make } = await look();
      talk.print(`${make ? "·" : "✓"} ${saidOf(name, words)}${make ? " — is missing" : ""}`);
      if (make) missing.push([name, { ...(words && { words }), make }]);
    } catch (error) {
      problems++;
      talk.print(`✗ ${saidOf(name, (error as Error).message)}`);
    }
  }
  if (problems > 0) {
    talk.print("\nNothing was changed. Run it again when this is put right.");
    return "failed";
  }
  if (missing.length === 0) {
    talk.print("\nEverything is there.");
    return "complete";
  }
  if (isDryRun) {
    talk.print(`\n${missing.length} would be made; nothing was changed (--dry-run).`);
    return "planned";
  }
  if (!(await talk.agree(`\nMake ${missing.length === 1 ? "it" : `these ${missing.length}`}?`))) {
    talk.print("Nothing was changed.");
    return "failed";
  }
  for (const [name, { words, make }] of missing) {
    try {
      await make();
      talk.print(`+ ${saidOf(name, words)}`);
    } catch (error) {
      talk.print(`✗ ${saidOf(name, (error as Error).message)}`);
      talk.print("\nWhat was made stays. Run it again to go on from here.");
      return "failed";
    }
  }
  return "complete";
}

const saidOf = (name: string, words: string | undefined) => (words ? `${name}: ${words}` : name);
