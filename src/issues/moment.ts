import { lookUp } from "../protocol/dictionary";
import { unitMs } from "../protocol/durations";

/** `now`, `now-15m`, `now-1h`, `now-7d`, or ISO 8601. undefined: not a moment. */
export function parseMoment(text: string, now: Date): Date | undefined {
  const relative = /^now(?:-(\d{1,6})([smhdw]))?$/.exec(text);
  if (relative) {
    const [, count = "0", unit = "s"] = relative;
    return new Date(+now - Number(count) * (lookUp(unitMs, unit) ?? 0));
  }
  const moment = new Date(text);
  return Number.isNaN(+moment) ? undefined : moment;
}
