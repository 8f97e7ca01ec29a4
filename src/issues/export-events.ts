import type { Deps } from "../deps";
import type { Page } from "../protocol/cursor";
import { csvColumns, csvLine, csvOf } from "./event-csv";
import type { EventFilter } from "./event-filter";
import type { ScopeInProject } from "./find-event";
import { edgeOf, findEvents } from "./find-events";
import type { ReadEvent } from "./read-events";

/** More belongs into an export of the whole database; a page reads 300 payloads at most. */
export const exportedEventsMax = 10_000;
const pageEvents = 100;
const pagesMax = 150;

/**
 * Events as lines of CSV, newest first, a page after the other as the reader takes them. The first page is read before
 * it is answered, so that a refusal is one. Where it ends before the events do, the last line says so. Faults: invalid,
 * unavailable.
 */
export async function exportEvents(
  deps: Deps,
  within: ScopeInProject,
  filter: EventFilter,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  const ask = (before: Page<ReadEvent> | undefined) => {
    const last = before?.rows.at(-1)?.row;
    const edge = before?.until ?? (last && edgeOf(last));
    const cursor = edge && { backward: false, ...edge };
    return findEvents(deps, within, filter, { limit: pageEvents, cursor });
  };
  let page = await ask(undefined);
  let pages = 0;
  let lines = 0;
  /** The lines of the page at hand and, where it is the last one, what is missing after it. */
  const write = () => {
    const rows = page.rows.slice(0, exportedEventsMax - lines);
    lines += rows.length;
    pages += 1;
    const isCut = lines >= exportedEventsMax || pages >= pagesMax;
    const isOver = !page.hasMore || isCut;
    const isShort = page.hasMore || rows.length < page.rows.length;
    const note = isOver && isShort ? csvLine([endNote(lines)]) : "";
    return { text: rows.map(csvOf).join("") + note, isOver };
  };
  return new ReadableStream({
    start: (out) => out.enqueue(encoder.encode(csvLine(csvColumns))),
    async pull(out) {
      let { text, isOver } = write();
      // A stream that is given nothing is not asked again.
      while (text === "" && !isOver) {
        page = await ask(page);
        ({ text, isOver } = write());
      }
      if (text !== "") out.enqueue(encoder.encode(text));
      if (isOver) out.close();
      else page = await ask(page);
    },
  });
}

const endNote = (lines: number) => `Ended after ${lines} events: narrow the time for older ones`;
