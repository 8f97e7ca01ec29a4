import { useEffect, useState } from "react";
import { classes } from "../parts/classes";
import { t } from "../words";
import { type CodeLanguage, codeLanguage } from "./code-language";
import type { Frame } from "./frames";
import type { Piece } from "./highlight-code";

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
                  {pieces?.[index] ? <Pieces pieces={pieces[index]} /> : text || " "}
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

const Pieces = ({ pieces }: { pieces: Piece[] }) =>
  pieces.length === 0
    ? " "
    : pieces.map(({ text, kind }, index) => (
        <span key={index} className={kind && `tok-${kind}`}>
          {text}
        </span>
      ));

const whenIdle = (run: () => void): (() => void) => {
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(run, 50);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(run, { timeout: 500 });
  return () => cancelIdleCallback(handle);
};

function usePieces(lines: string[], language: CodeLanguage | undefined): Piece[][] | undefined {
  const [found, setFound] = useState<{ of: string; pieces: Piece[][] }>();
  const of = `${language}\n${lines.join("\n")}`;
  useEffect(() => {
    if (!language) return undefined;
    let isWanted = true;
    const cancel = whenIdle(() => {
      void import("./highlight-code")
        .then(({ highlightCode }) => highlightCode(lines, language))
        .then((pieces) => {
          if (isWanted) setFound({ of, pieces });
        })
        // Without colours it is the same code.
        .catch(() => undefined);
    });
    return () => {
      isWanted = false;
      cancel();
    };
  }, [of, language]);
  return found?.of === of ? found.pieces : undefined;
}
