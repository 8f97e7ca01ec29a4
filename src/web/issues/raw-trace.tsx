import { t } from "../words";
import type { Exception } from "./event-parts";
import { traceText } from "./trace-text";

/** A trace as the language's own tools print it. */
export function RawTrace({
  exceptions,
  platform,
}: {
  exceptions: Exception[];
  platform: string | null;
}) {
  return (
    // biome-ignore lint: what scrolls must be reachable by keys
    <pre
      className="overflow-x-auto rounded-lg border border-line bg-sunken p-3 text-xs"
      tabIndex={0}
      role="region"
      aria-label={t("Trace as text")}
      dir="ltr"
    >
      {traceText(exceptions, platform)}
    </pre>
  );
}
