import { t } from "../words";
import { Copy } from "./copy";

/** Something that is shown this once. */
export function Secret({ value, label }: { value: string; label: string }) {
  return (
    <div className="grid gap-2 rounded-lg border border-warn bg-warn-tint p-3">
      <p className="font-medium text-warn">{t("Copy it now: it is not shown again.")}</p>
      <div className="flex flex-wrap items-center gap-2">
        <code className="min-w-0 flex-1 rounded-sm bg-bg px-2 py-1.5 select-all" aria-label={label}>
          {value}
        </code>
        <Copy text={value} label={label} />
      </div>
    </div>
  );
}
