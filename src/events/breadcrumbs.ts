import { isObject, type Json } from "../protocol/json";
import { type Level, parseLevel } from "../protocol/level";
import { spend } from "./budget";
import { valuesOf } from "./exceptions";
import { noteLength, type Report } from "./report";
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
  const values = valuesOf(container).filter(isObject);
  if (values.length > breadcrumbsMax) noteLength(report, "breadcrumbs.values", values.length);
  const crumbs: Breadcrumb[] = [];
  for (const [index, value] of values.slice(-breadcrumbsMax).entries()) {
    const data = isObject(value.data) || value.data == null ? value.data : { value: value.data };
    const eventId = textOf(value.event_id, 36);
    const category = textOf(value.category, 200);
    const message = textOf(value.message, messageCharsMax);
    const timestamp = parseTime(value.timestamp);
    if (typeof value.message === "string" && value.message.length > messageCharsMax)
      noteLength(report, `breadcrumbs.values.${index}.message`, value.message.length);
    if (message && !spend(report.budget, "chars", message.length)) continue;
    crumbs.push({
      type: textOf(value.type, 64) ?? "default",
      ...(category && { category }),
      ...(message && { message }),
      level: parseLevel(value.level) ?? "info",
      ...(timestamp !== undefined && { timestamp }),
      ...(data && { data: clip(data, dataLimits, report, `breadcrumbs.values.${index}.data`) }),
      ...(eventId && { event_id: eventId }),
    });
  }
  return crumbs;
}
