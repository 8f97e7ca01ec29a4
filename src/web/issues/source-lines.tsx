import { classes } from "../parts/classes";
import { codeLanguage } from "../parts/code-language";
import { Pieces, usePieces } from "../parts/code-pieces";
import { t } from "../words";
import type { Frame } from "./frames";

/** Source around a call: plain at once, in colours when the browser has time; the line that failed is marked. */
export function SourceLines({ frame, platform }: { frame: Frame; platform: string | null }) {
  const texts = frame.context.map(([, text]) => text);
  const language = codeLanguage(frame.filename ?? frame.absPath, platform);
  const pieces = usePieces(texts, language);
  const digits = String(frame.context.at(-1)?.[0] ?? "").length;
  return (
    // biome-ignore lint: what scrolls must be reachable by keys
    <div
      className="overflow-x-auto border-y border-line bg-sunken py-1 font-mono text-xs leading-5"
      role="region"
      aria-label={t("Source of {file}", { file: (frame.filename ?? "").slice(0, 200) })}
      tabIndex={0}
      dir="ltr"
    >
      <ol className="w-max min-w-full">
        {frame.context.map(([number, text], index) => {
          const isFailing = number === (frame.lineNo ?? 0);
          return (
            <li
              key={index}
              className={classes("pe-4", isFailing && "bg-danger-tint")}
              {...(isFailing && { "aria-current": true })}
            >
              <div className="flex">
                <span
                  aria-hidden
                  className={classes(
                    "numbers w-14 shrink-0 border-s-2 pe-3 text-end select-none",
                    isFailing
                      ? "border-danger font-bold text-danger"
                      : "border-transparent text-muted",
                  )}
                >
                  {number > 0 ? number : ""}
                </span>
                <code className="whitespace-pre">
                  {text === "" ? " " : pieces?.[index] ? <Pieces pieces={pieces[index]} /> : text}
                </code>
              </div>
              {isFailing && <Pointer text={text} column={frame.colNo} digits={digits} />}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** Points at the column; where the line was cut around it, nobody knows where it is. */
function Pointer({
  text,
  column,
  digits,
}: {
  text: string;
  column: number | undefined;
  digits: number;
}) {
  if (!column || column > text.length + 1 || text.includes("{snip}") || digits === 0) return null;
  const blank = text.slice(0, column - 1).replaceAll(/[^\t]/g, " ");
  return (
    <div className="flex h-3 leading-3" aria-hidden>
      <span className="w-14 shrink-0 border-s-2 border-danger" />
      <code className="whitespace-pre text-danger">{blank}^</code>
    </div>
  );
}
