import type { Deps } from "../deps";
import { weekOf } from "../protocol/durations";
import { levelNumber } from "../protocol/level";
import { type MoveChunk, type MovedTag, selectTextsOf } from "./move-queries";
import { countedTags } from "./plan";
import { type KnownTexts, newTexts } from "./plan-texts";
import { type ReadEvent } from "./read-events";
import { tagOf } from "./tag-queries";
import { linesOf } from "./text-lines";

/** An event with its payload, and where it goes. */
export type Moving = ReadEvent & { targetId: number };

/** Tags of events, by the issues between which they move. */
export function tagsBetween(events: Moving[]): MovedTag[] {
  const counts = new Map<string, MovedTag>();
  for (const { row, event, targetId } of events) {
    const week = new Date(weekOf(+new Date(row.receivedAt))).toISOString();
    for (const [key, value] of countedTags(event?.tags ?? [])) {
      const tag = tagOf(key, value);
      const sourceId = Number(row.issueId);
      const id = `${sourceId} ${targetId} ${week} ${tag}`;
      const count = counts.get(id) ?? { sourceId, targetId, week, tag, key, value, count: 0 };
      count.count++;
      counts.set(id, count);
    }
  }
  return [...counts.values()];
}

/** The worst level of what comes to each issue. */
export function levelsOf(events: Moving[]): MoveChunk["levels"] {
  const levels = new Map<number, number>();
  for (const { event, targetId } of events) {
    const level = event ? levelNumber(event.level) : 0;
    levels.set(targetId, Math.max(level, levels.get(targetId) ?? 0));
  }
  return [...levels].map(([issueId, level]) => ({ issueId, level }));
}

/** Lines of events that the issues they come to do not have yet, as far as these have room. */
export async function textsFor(
  { db }: Deps,
  projectId: number,
  events: Moving[],
): Promise<MoveChunk["texts"]> {
  const targets = [...new Set(events.map(({ targetId }) => targetId))];
  const known = new Map<string, KnownTexts>();
  for (const { issueId, since, fact, chars, hashes } of (await selectTextsOf(db, targets)).rows) {
    const id = `${issueId} ${+new Date(since)}`;
    const texts = known.get(id) ?? {
      issueId,
      since: +new Date(since),
      hashes: new Set<number>(),
      textChars: 0,
      factChars: 0,
    };
    known.set(id, texts);
    for (const hash of hashes) texts.hashes.add(hash);
    if (fact) texts.factChars += chars;
    else texts.textChars += chars;
  }
  const texts = newTexts();
  for (const { row, event, targetId } of events) {
    if (!event) continue;
    const receivedAt = +new Date(row.receivedAt);
    const of = known.get(`${targetId} ${weekOf(receivedAt, 4)}`);
    texts.add(targetId, { projectId, receivedAt, lines: linesOf(event) }, [], of);
  }
  return texts.plan().rows.map(({ g, ...row }) => ({ issueId: g, ...row }));
}
