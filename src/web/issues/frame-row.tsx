import { ChevronDown, ChevronRight } from "lucide-react";
import { classes } from "../parts/classes";
import { Copy } from "../parts/copy";
import { t } from "../words";
import { type Frame, hasMore, packageOf, placeOf } from "./frames";
import { JsonTree } from "./json-tree";
import { hrefOf } from "./outside-address";
import { OutsideText } from "./outside-link";
import { SourceLines } from "./source-lines";

/** One call: where it is, and when it is open its source and locals. */
export function FrameRow({
  frame,
  platform,
  isOpen,
  toggle,
}: {
  frame: Frame;
  platform: string | null;
  isOpen: boolean;
  toggle: () => void;
}) {
  const canOpen = hasMore(frame);
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  const others = frame.inApp ? undefined : packageOf(frame);
  return (
    <li className="border-b border-line last:border-0">
      <button
        type="button"
        data-frame
        aria-expanded={canOpen ? isOpen : undefined}
        aria-disabled={canOpen ? undefined : true}
        onClick={canOpen ? toggle : undefined}
        className={classes(
          "flex w-full items-start gap-1.5 px-2 py-1.5 text-start -outline-offset-2! hover:bg-hover max-md:min-h-11 max-md:items-center",
          !canOpen && "cursor-default!",
        )}
      >
        <Arrow
          size={14}
          className={classes(
            "mt-0.5 shrink-0 text-muted rtl:-scale-x-100",
            !canOpen && "invisible",
          )}
          aria-hidden
        />
        <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
          <span
            className={classes(
              "font-mono text-xs leading-5",
              frame.inApp ? "font-bold" : "text-muted",
            )}
          >
            {shortened(frame.function ?? t("<unknown>"))}
          </span>
          <span className="min-w-0 font-mono text-xs leading-5 text-muted" dir="ltr">
            {shortened(placeOf(frame))}
          </span>
        </span>
        {frame.inApp ? (
          <span className="shrink-0 text-xs leading-5 text-accent">{t("in app")}</span>
        ) : (
          others && (
            <span className="max-w-40 shrink-0 truncate text-xs leading-5 text-muted max-md:hidden">
              {others}
            </span>
          )
        )}
      </button>
      {isOpen && canOpen && <FrameDetail frame={frame} platform={platform} />}
    </li>
  );
}

const nameChars = 300;
const shortened = (text: string) =>
  text.length > nameChars ? `${text.slice(0, nameChars)}…` : text;

function FrameDetail({ frame, platform }: { frame: Frame; platform: string | null }) {
  const whole = frame.absPath !== frame.filename ? frame.absPath : undefined;
  return (
    <div className="pb-2">
      {frame.context.length > 0 && <SourceLines frame={frame} platform={platform} />}
      {frame.vars.length > 0 && (
        <div className="px-4 pt-2">
          <h4 className="text-xs text-muted">{t("Locals")}</h4>
          <JsonTree entries={frame.vars} label={t("Locals")} />
        </div>
      )}
      {(whole || frame.module || frame.more.length > 0) && (
        <dl className="grid gap-x-4 px-4 pt-2 text-xs text-muted">
          {whole && (
            <div className="flex min-w-0 items-center gap-1">
              <dt className="sr-only">{t("Whole path")}</dt>
              <dd className="min-w-0 font-mono">
                {hrefOf(whole) ? <OutsideText text={whole} /> : shortened(whole)}
              </dd>
              <Copy text={whole} label={t("Path")} iconOnly small />
            </div>
          )}
          {[...(frame.module ? [["module", frame.module]] : []), ...frame.more].map(
            ([name, value]) => (
              <div key={name} className="flex gap-2">
                <dt>{name}</dt>
                <dd className="min-w-0 font-mono">{shortened(value ?? "")}</dd>
              </div>
            ),
          )}
        </dl>
      )}
    </div>
  );
}
