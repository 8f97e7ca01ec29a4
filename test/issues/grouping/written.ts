import type { JsonObject } from "../../../src/protocol/json";

/**
 * A frame in one line: `function | file | source line`, with `-` before what is not the program's own. A file that begins
 * with `m:` is a module.
 */
export function frameOf(text: string): JsonObject {
  const [name = "", file = "", line] = text
    .replace(/^- /, "")
    .split("|")
    .map((part) => part.trim());
  return {
    ...(name && { function: name }),
    ...(file.startsWith("m:") ? { module: file.slice(2) } : file && { filename: file }),
    ...(line && { context_line: line }),
    lineno: 12,
    in_app: !text.startsWith("- "),
  };
}

export type Written = [type: string | null, value: string, ...frames: string[]];

export const exceptionOf = ([type, value, ...frames]: Written): JsonObject => ({
  ...(type !== null && { type }),
  value,
  ...(frames.length > 0 && { stacktrace: { frames: frames.map(frameOf) } }),
});

/** An event of one exception, or of a chain, the oldest first. */
export const errorOf = (platform: string, ...chain: Written[]): JsonObject => ({
  platform,
  exception: { values: chain.map(exceptionOf) },
});
