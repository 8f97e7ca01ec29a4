/** The lines of a text, without blanks around them, empty ones and repetitions. */
export const linesOf = (text: string, max: number): string[] =>
  [...new Set(text.split("\n").map((line) => line.trim()))].filter(Boolean).slice(0, max);
