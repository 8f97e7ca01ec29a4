import { Fragment } from "react";
import type { CodeLanguage } from "./code-language";
import { Pieces, usePieces } from "./code-pieces";
import { Copy } from "./copy";

/** Some lines to copy, e.g. a command or a snippet; in colours where their language is known. */
export function CodeBlock({
  code,
  label,
  language,
}: {
  code: string;
  label: string;
  language?: CodeLanguage | undefined;
}) {
  const pieces = usePieces(code.split("\n"), language);
  return (
    <figure
      className="relative min-w-0 rounded-lg border border-line bg-sunken max-md:min-h-13"
      aria-label={label}
    >
      {/* biome-ignore lint: what scrolls must be reachable by keys */}
      <pre className="overflow-x-auto p-3 pe-12 max-md:pe-14" tabIndex={0}>
        <code>
          {pieces
            ? pieces.map((line, index) => (
                <Fragment key={index}>
                  {index > 0 && "\n"}
                  <Pieces pieces={line} />
                </Fragment>
              ))
            : code}
        </code>
      </pre>
      <div className="absolute end-1 top-1 bg-sunken">
        <Copy text={code} label={label} iconOnly />
      </div>
    </figure>
  );
}
