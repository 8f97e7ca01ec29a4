import { hrefOf } from "./outside-address";

/** A piece of a line of a comment. */
export type Piece =
  | { kind: "text" | "code"; text: string }
  | { kind: "strong" | "emphasis"; pieces: Piece[] }
  | { kind: "link"; text: string; href: string };

export type Block =
  | { kind: "code"; language: string; text: string }
  | { kind: "list"; isOrdered: boolean; items: Piece[][] }
  | { kind: "paragraph" | "quote" | "heading"; lines: Piece[][] };

/** What begins further back is no pair of signs but text. */
const spanCharsMax = 1000;
const depthMax = 3;

/** The part of Markdown that comments are written in: paragraphs, lists, quotes, code, emphasis, addresses. */
export function markdownBlocks(text: string): Block[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      at++;
    } else if (isFence(line)) {
      const end = lines.findIndex((later, index) => index > at && later.trimEnd() === fence);
      const last = end < 0 ? lines.length : end;
      const language = line.slice(fence.length).trim();
      blocks.push({ kind: "code", language, text: lines.slice(at + 1, last).join("\n") });
      at = last + 1;
    } else {
      const kind = kindOf(line);
      const from = at;
      while (at < lines.length && isOf(kind, lines[at] ?? "")) at++;
      blocks.push(blockOf(kind, lines.slice(from, at)));
    }
  }
  return blocks;
}

const fence = "```";
/** A language may be named behind it, and nothing else. */
const isFence = (line: string) => /^```[\w+#-]{0,20} {0,3}$/.test(line);

type LineKind = "bullets" | "numbers" | "quote" | "heading" | "paragraph";

function kindOf(line: string): LineKind {
  if (/^ {0,3}[-*+] /.test(line)) return "bullets";
  if (/^ {0,3}\d{1,4}[.)] /.test(line)) return "numbers";
  if (line.startsWith(">")) return "quote";
  return /^#{1,6} /.test(line) ? "heading" : "paragraph";
}

const isOf = (kind: LineKind, line: string) =>
  line.trim() !== "" && !isFence(line) && kindOf(line) === kind;

function blockOf(kind: LineKind, lines: string[]): Block {
  const bare = lines.map((line) => piecesOf(line.replace(marks[kind], "").trim()));
  return kind === "bullets" || kind === "numbers"
    ? { kind: "list", isOrdered: kind === "numbers", items: bare }
    : { kind, lines: bare };
}

const marks: Record<LineKind, RegExp> = {
  bullets: /^ {0,3}[-*+] /,
  numbers: /^ {0,3}\d{1,4}[.)] /,
  quote: /^> ?/,
  heading: /^#{1,6} /,
  paragraph: /^ {0,3}/,
};

type Span = { piece: Piece; end: number };

function piecesOf(text: string, depth = 0): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const span = spanAt(text, at, depth);
    if (!span) {
      at++;
      continue;
    }
    if (at > from) pieces.push({ kind: "text", text: text.slice(from, at) });
    pieces.push(span.piece);
    at = span.end;
    from = at;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) });
  return pieces;
}

function spanAt(text: string, at: number, depth: number): Span | undefined {
  switch (text.charAt(at)) {
    case "`":
      return between(text, at, "`", (inner) => ({ kind: "code", text: inner }));
    case "*":
    case "_":
      return depth < depthMax ? emphasisAt(text, at, depth) : undefined;
    case "[":
      return linkAt(text, at);
    case "h":
      return addressAt(text, at);
    default:
      return undefined;
  }
}

function emphasisAt(text: string, at: number, depth: number): Span | undefined {
  // `snake_case` and `2*3` are words.
  if (isWordSign(text[at - 1])) return undefined;
  const sign = text[at] ?? "";
  const isDouble = text[at + 1] === sign;
  return between(text, at, isDouble ? sign + sign : sign, (inner, after) =>
    inner.trim() !== inner || isWordSign(after)
      ? undefined
      : { kind: isDouble ? "strong" : "emphasis", pieces: piecesOf(inner, depth + 1) },
  );
}

const isWordSign = (sign: string | undefined) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);

function linkAt(text: string, at: number): Span | undefined {
  const near = text.slice(at, at + spanCharsMax);
  const middle = near.indexOf("](");
  const end = near.indexOf(")", middle);
  if (middle < 2 || end < 0) return undefined;
  const href = hrefOf(near.slice(middle + 2, end));
  return href
    ? { piece: { kind: "link", text: near.slice(1, middle), href }, end: at + end + 1 }
    : undefined;
}

function addressAt(text: string, at: number): Span | undefined {
  if (isWordSign(text[at - 1]) || !/^https?:\/\//.test(text.slice(at, at + 8))) return undefined;
  const near = text.slice(at, at + spanCharsMax);
  const blank = near.search(/[\s<>"]/);
  // What ends a sentence does not belong to it.
  const address = (blank < 0 ? near : near.slice(0, blank)).replace(/[.,;:!?)\]]$/, "");
  const href = hrefOf(address);
  return href
    ? { piece: { kind: "link", text: address, href }, end: at + address.length }
    : undefined;
}

function between(
  text: string,
  at: number,
  sign: string,
  make: (inner: string, after: string | undefined) => Piece | undefined,
): Span | undefined {
  const start = at + sign.length;
  const length = text.slice(start, start + spanCharsMax).indexOf(sign);
  if (length < 1) return undefined;
  const end = start + length + sign.length;
  const piece = make(text.slice(start, start + length), text[end]);
  return piece && { piece, end };
}
