import { newBudget } from "../events/budget";
import { type FieldSettings, fieldRulesOf } from "../events/field-rules";
import { normalizeEvent } from "../events/normalize";
import { scrubEvent } from "../events/scrub";
import { randomEventId } from "../platform/ids";
import type { JsonObject } from "../protocol/json";

export type ScrubSettings = FieldSettings & { defaults: boolean; keepIp: boolean };

/** What was replaced, by its dotted way into the event, and by which rules. */
export type Removed = { path: string; rules: string[] };

/** An event as it would be kept of what an SDK sends. Nothing is stored. */
export function previewScrubbing(
  payload: JsonObject,
  settings: ScrubSettings,
  now: Date,
): { event: JsonObject; removed: Removed[] } {
  const source = { eventId: randomEventId(), receivedAt: +now / 1000, connection: {} };
  const { event, report } = normalizeEvent(payload, source, newBudget());
  const own = fieldRulesOf(settings);
  scrubEvent(event, report, {
    defaults: settings.defaults,
    keepIp: settings.keepIp,
    ...(own && { own }),
  });
  const removed = [...report.meta].flatMap(([path, { rem = [] }]) => {
    const rules = rem.flatMap((each) => (Array.isArray(each) ? [String(each[0])] : []));
    return rules.length > 0 ? [{ path, rules: [...new Set(rules)] }] : [];
  });
  return { event: event as unknown as JsonObject, removed };
}
