import { boundedMemory } from "../platform/memory";
import { weekOf } from "../protocol/durations";
import { type Line, writtenLine } from "./text-lines";
import type { TextRow } from "./text-queries";

/** How much is kept of an issue in four weeks, in characters. Facts are few and short, and never crowded out by texts. */
const textCharsMax = 16_384;
const factCharsMax = 2048;
/** Partitions begin then. */
const sinceOf = (ms: number) => weekOf(ms, 4);

/** What an issue has of the four weeks that begin at `since`, in milliseconds since 1970. */
export type KnownTexts = {
  issueId: string;
  since: number;
  hashes: Set<number>;
  textChars: number;
  factChars: number;
};

/** Of the issues that events came to lately; each has some hundred numbers. */
const rememberedMax = 2000;
const remembered = boundedMemory<string, KnownTexts>(rememberedMax);

const nameOf = (projectId: number, hash: string) => `${projectId}:${hash}`;

/** The beginning of the four weeks whose texts must be read with the issue of a hash; undefined where they are known. */
export function unreadSince(
  projectId: number,
  hash: string,
  receivedAt: number,
): number | undefined {
  const since = sinceOf(receivedAt);
  return remembered.get(nameOf(projectId, hash))?.since === since ? undefined : since;
}

/** What was read, or is remembered, of the issue that a hash leads to. */
export function knownTextsOf(
  projectId: number,
  hash: string,
  issueId: string,
  read: Omit<KnownTexts, "issueId"> | undefined,
): KnownTexts | undefined {
  if (read) return { issueId, ...read };
  const name = nameOf(projectId, hash);
  const known = remembered.get(name);
  if (known === undefined || known.issueId === issueId) return known;
  // The hash leads to another issue now: what that has is read the next time.
  remembered.delete(name);
  return undefined;
}

/**
 * Gathers the lines of a batch that their issues do not have yet, as far as there is room. `remember` is for after the
 * commit.
 */
export function newTexts() {
  const batches = new Map<string, Gathered>();
  return {
    add(
      g: number,
      event: { projectId: number; receivedAt: number; lines: Line[] },
      /** Any of them may find the issue's texts again. */
      hashes: string[],
      known: KnownTexts | undefined,
    ) {
      const since = sinceOf(event.receivedAt);
      const id = `${g}\n${since}`;
      const gathered = batches.get(id) ?? {
        g,
        since,
        lines: new Map(),
        names: new Set(),
        known: undefined,
      };
      batches.set(id, gathered);
      if (known?.since === since) {
        gathered.known ??= known;
        for (const hash of hashes) gathered.names.add(nameOf(event.projectId, hash));
      }
      for (const line of event.lines) {
        if (!gathered.known?.hashes.has(line.hash)) gathered.lines.set(line.hash, line);
      }
    },
    plan(): { rows: TextRow[]; remember: () => void } {
      const planned = [...batches.values()].map(rowsOf);
      return {
        rows: planned.flatMap(({ rows }) => rows),
        remember: () => {
          for (const { names, texts } of planned) {
            if (texts) for (const name of names) remembered.set(name, texts);
          }
        },
      };
    },
  };
}

type Gathered = {
  g: number;
  since: number;
  lines: Map<number, Line>;
  names: Set<string>;
  known: KnownTexts | undefined;
};

function rowsOf({ g, since, lines, names, known }: Gathered) {
  const taken = new Map<boolean, { hashes: number[]; texts: string[] }>();
  const room = {
    text: textCharsMax - (known?.textChars ?? 0),
    fact: factCharsMax - (known?.factChars ?? 0),
  };
  for (const line of lines.values()) {
    if (known?.hashes.has(line.hash)) continue;
    const kind = line.isFact ? "fact" : "text";
    const chars = line.text.length + 2;
    if (chars > room[kind]) continue;
    room[kind] -= chars;
    const row = taken.get(line.isFact) ?? { hashes: [], texts: [] };
    taken.set(line.isFact, row);
    row.hashes.push(line.hash);
    row.texts.push(`\n${writtenLine(line)}`);
  }
  const rows: TextRow[] = [...taken].map(([isFact, { hashes, texts }]) => ({
    g,
    since: new Date(since).toISOString(),
    is_fact: isFact,
    hashes,
    text: texts.join(""),
  }));
  if (!known || rows.length === 0) return { rows, names, texts: known };
  const texts: KnownTexts = {
    ...known,
    hashes: new Set([...known.hashes, ...rows.flatMap(({ hashes }) => hashes)]),
    textChars: textCharsMax - room.text,
    factChars: factCharsMax - room.fact,
  };
  return { rows, names, texts };
}
