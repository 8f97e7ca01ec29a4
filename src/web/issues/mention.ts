/** Somebody of whom a comment speaks: `user:1`, `team:2`, by the name that stands in it. */
export type Mention = { id: string; name: string };

const nameCharsMax = 60;
const wordsMax = 3;

/** What is being typed after an `@`: where it stands and its words; undefined where nobody is being named. */
export function mentionAt(text: string, caret: number): { at: number; words: string } | undefined {
  const near = text.slice(Math.max(0, caret - nameCharsMax), caret);
  const back = near.lastIndexOf("@");
  if (back < 0) return undefined;
  const before = text[caret - near.length + back - 1];
  // An address has one in its middle.
  if (before !== undefined && !/[\s([]/.test(before)) return undefined;
  const words = near.slice(back + 1);
  const isName = !words.includes("\n") && words.split(" ").length <= wordsMax && words[0] !== " ";
  return isName ? { at: caret - near.length + back, words } : undefined;
}

/** The text with the name of somebody where one was typing it, and where the caret is then. */
export function withMention(
  text: string,
  caret: number,
  { name }: Mention,
): { text: string; caret: number } {
  const at = mentionAt(text, caret)?.at ?? caret;
  const before = `${text.slice(0, at)}@${name} `;
  return { text: before + text.slice(caret).replace(/^ /, ""), caret: before.length };
}

/**
 * Whom a comment is for when it is sent: whoever was chosen and still stands in it. Of those that it was for before,
 * only the ids may be known: they stay.
 */
export function mentionsIn(text: string, chosen: Mention[], before: string[] = []): string[] {
  const there = chosen.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id);
  const gone = new Set(chosen.map(({ id }) => id).filter((id) => !there.includes(id)));
  return [...new Set([...before.filter((id) => !gone.has(id)), ...there])];
}
