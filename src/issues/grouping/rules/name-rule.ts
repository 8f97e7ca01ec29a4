/** Which text of a frame or an exception a rule reads. A file is its whole path. */
export type Place = "function" | "module" | "type" | "file";

/** A number, address or hash in a name that a runtime or a build made up, and what stands there instead. */
export type NameRule = {
  /** As the explanation of a grouping names it. */
  name: string;
  of: readonly Place[];
  /** What every text has that the rule concerns; it is looked for first. */
  has?: string;
  /** Replaced by `to`; a function of the text where a pattern does not do. */
  pattern: RegExp | ((text: string) => string);
  /** What stands instead. A frame that is none of the program's is dropped as a whole. */
  to?: string | "drop the frame";
  /** Texts and what becomes of them. */
  examples: readonly (readonly [text: string, expected: string])[];
  /** Texts that look alike and stay. */
  stays: readonly string[];
};

export const dropTheFrame = "drop the frame";
