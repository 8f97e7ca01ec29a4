/** A piece of a search as it is typed; the pieces together are the text. */
export type SearchPiece = {
  text: string;
  /** Where it begins in the text. */
  at: number;
} & (
  | { kind: "space" }
  | { kind: "word" }
  | { kind: "term"; key: string; value: string; isNot: boolean }
);

const piecesMax = 200;

/**
 * Splits a search into words, quoted texts, `key:value` and the room between them. It reads what is half typed too: a
 * quote or a list that is still open goes on to the end.
 */
export function piecesOf(text: string): SearchPiece[] {
  const pieces: SearchPiece[] = [];
  let at = 0;
  while (at < text.length && pieces.length < piecesMax) {
    const end = isBlank(text[at]) ? endOfSpace(text, at) : endOfWord(text, at);
    pieces.push(pieceOf(text.slice(at, end), at));
    at = end;
  }
  // Beyond what anybody types by hand it is shown as one piece.
  if (at < text.length) pieces.push({ kind: "word", text: text.slice(at), at });
  return pieces;
}

const isBlank = (letter: string | undefined) => letter !== undefined && /\s/.test(letter);

function endOfSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlank(text[at])) at++;
  return at;
}

function endOfWord(text: string, start: number): number {
  let isQuoted = false;
  let isList = false;
  let at = start;
  for (; at < text.length; at++) {
    const letter = text[at];
    if (letter === "\\" && isQuoted) at++;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (letter === "[" && text[at - 1] === ":") isList = true;
    else if (letter === "]") isList = false;
    else if (isBlank(letter) && !isList) break;
  }
  return Math.min(at, text.length);
}

const termPattern = /^(!?)(tags\[[^\]\s]{1,200}\]|[A-Za-z_][\w.-]{0,200}):(?!\/\/|:)(.*)$/s;

function pieceOf(text: string, at: number): SearchPiece {
  if (isBlank(text[0])) return { kind: "space", text, at };
  const [, bang, key, value] = termPattern.exec(text) ?? [];
  if (key === undefined || value === undefined) return { kind: "word", text, at };
  return { kind: "term", text, at, key, value, isNot: bang === "!" };
}

/** The piece that somebody is typing: the one that ends at, or is around, the caret. */
export const pieceAt = (text: string, caret: number): SearchPiece | undefined =>
  piecesOf(text).find(
    (piece) => piece.kind !== "space" && piece.at < caret && caret <= piece.at + piece.text.length,
  );

/** Puts a text in the place of a piece, or at the caret; one blank after it, where the caret is then. */
export function replacePiece(
  text: string,
  caret: number,
  replacement: string,
): { text: string; caret: number } {
  const piece = pieceAt(text, caret);
  const [start, end] = piece ? [piece.at, piece.at + piece.text.length] : [caret, caret];
  const isOpen = replacement.endsWith(":");
  const rest = text.slice(end).replace(/^\s/, "");
  const before = text.slice(0, start) + replacement + (isOpen ? "" : " ");
  return { text: before + (isOpen && rest ? ` ${rest}` : rest), caret: before.length };
}

/** The pieces that a refusal of the API speaks of: it names the key, or the key and its value. */
export function refusedPieces(text: string, detail: string): Set<number> {
  const named = piecesOf(text).filter((piece) => {
    if (piece.kind === "word")
      return /^(?:OR|NOT)$/.test(piece.text) && detail.startsWith(piece.text);
    if (piece.kind !== "term") return false;
    const key = piece.key.replace(/^tags\[(.*)\]$/, "$1");
    return hasWord(detail, `${key}:${unquoted(piece.value)}`) || hasWord(detail, key);
  });
  const exact = named.filter(
    (piece) => piece.kind === "term" && detail.includes(`${piece.key}:${unquoted(piece.value)}`),
  );
  return new Set((exact.length > 0 ? exact : named).map(({ at }) => at));
}

function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word);
  if (at < 0) return false;
  const isEdge = (letter: string | undefined) => letter === undefined || !/[\w.-]/.test(letter);
  return isEdge(text[at - 1]) && isEdge(text[at + word.length]);
}

const unquoted = (value: string) => value.replace(/^"|"$/g, "");

/** A value as it must be written in a search. */
export const quoted = (value: string): string =>
  /^[\w.@/+*-]+$/.test(value) ? value : `"${value.replace(/[\\"]/g, "\\$&")}"`;

export const statuses = ["unresolved", "resolved", "ignored"] as const;
export type Status = (typeof statuses)[number];
const statusWords = new Map<string, Status>([
  ["unresolved", "unresolved"],
  ["resolved", "resolved"],
  ["ignored", "ignored"],
  ["muted", "ignored"],
  ["archived", "ignored"],
]);

const statusOf = (word: string, isNot: boolean): Status | undefined =>
  kindsOfOpen.has(word) && !isNot ? "unresolved" : statusWords.get(word);

/** Kinds of what is unresolved: without one of them an issue may still be another one. */
const kindsOfOpen = new Set(["new", "ongoing", "regressed"]);
/** Of either of two searches nothing can be said by one of their terms. */
const isEither = (piece: SearchPiece) =>
  piece.kind === "word" && /^(?:OR|NOT)$|^!?\(|\)$/.test(piece.text);

/** The statuses that a search asks for: an issue of another one leaves its list. */
export function wantedStatuses(query: string): ReadonlySet<Status> {
  const wanted = new Set<Status>(statuses);
  const pieces = piecesOf(query);
  if (pieces.some(isEither)) return wanted;
  for (const piece of pieces) {
    if (piece.kind !== "term" || !/^(?:is|status)$/.test(piece.key)) continue;
    const named = piece.value
      .replace(/^\[|\]$/g, "")
      .split(",", statuses.length)
      .map((word) => statusOf(unquoted(word.trim()).toLowerCase(), piece.isNot));
    if (named.some((status) => status === undefined)) continue;
    for (const status of statuses) {
      if (named.includes(status) === piece.isNot) wanted.delete(status);
    }
  }
  return wanted;
}
