import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Schema } from "../../../src/web/api/client";

type Event = Schema<"IssueEventDetail">;

/** What the API answers for an event that an SDK sent; times that differ from run to run are as in the record. */
export function recordedEvent(name: string): Event {
  const path = join(import.meta.dirname, "../../fixtures/golden", `${name}.json`);
  return (JSON.parse(readFileSync(path, "utf8")) as { event: Event }).event;
}
