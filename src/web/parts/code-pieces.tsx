import { useEffect, useState } from "react";
import type { CodeLanguage } from "./code-language";
import type { Piece } from "./highlight-code";

/** One line of code. */
export const Pieces = ({ pieces }: { pieces: Piece[] }) =>
  pieces.map(({ text, kind }, index) => (
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

/** The lines in colours, once the browser had time for it. */
export function usePieces(
  lines: string[],
  language: CodeLanguage | undefined,
): Piece[][] | undefined {
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
