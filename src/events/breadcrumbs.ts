import { isObject, type Json, type JsonObject } from "../protocol/json";
import { type Level, parseLevel } from "../protocol/level";
import { spend } from "./budget";
import { entriesIn, isNothing, memberIn, saysAnything } from "./expected";
import { noteError, noteLength, type Report } from "./report";
import { textOf } from "./text";
import { parseTime } from "./time";
import { clip } from "./tree";

export type Breadcrumb = {
  type: string;
  category?: string;
  message?: string;
  level: Level;
  /** Seconds since 1970. */
  timestamp?: number;
  data?: Json;
  event_id?: string;
};

const breadcrumbsMax = 100;
const messageCharsMax = 8192;
const dataLimits = { depth: 6, chars: 8192, stringChars: 4096, members: 100 };

/** The newest hundred, in the order they were sent. */
export function normalizeBreadcrumbs(container: unknown, report: Report): Breadcrumb[] {
  const values = entriesIn(report, "breadcrumbs", container);
  if (values.length > breadcrumbsMax) noteLength(report, "breadcrumbs.values", values.length);
  const crumbs: Breadcrumb[] = [];
  for (const [index, value] of values.slice(-breadcrumbsMax).entries()) {
    const path = `breadcrumbs.values.${index}`;
    const given = dataOf(value.data);
    const data = given === undefined ? undefined : clip(given, dataLimits, report, `${path}.data`);
    const eventId = textOf(value.event_id, 36);
    const category = textOf(value.category, 200);
    const message = textOf(value.message, messageCharsMax);
    const timestamp = memberIn(report, path, value, "timestamp", parseTime);
    const level = memberIn(report, path, value, "level", parseLevel);
    if (typeof value.message === "string" && value.message.length > messageCharsMax)
      noteLength(report, `${path}.message`, value.message.length);
    const isKnown = message ?? category ?? level ?? timestamp ?? given ?? eventId ?? value.type;
    if (isKnown == null && saysAnything(value)) noteError(report, "invalid_data", path, value);
    if (message && !spend(report.budget, "chars", message.length)) continue;
    crumbs.push({
      type: textOf(value.type, 64) ?? "default",
      ...(category && { category }),
      ...(message && { message }),
      level: level ?? "info",
      ...(timestamp !== undefined && { timestamp }),
      ...(data && { data }),
      ...(eventId && { event_id: eventId }),
    });
  }
  return crumbs;
}

/** An object; what is none is wrapped, and a list without entries is PHP's object without members. */
function dataOf(value: Json | undefined): JsonObject | undefined {
  if (isObject(value)) return value;
  if (!isNothing(value)) return { value: value ?? null };
  return Array.isArray(value) ? {} : undefined;
}
