import { Fragment } from "react";
import { type Block, markdownBlocks, type Piece } from "./markdown";

/** A comment as its author meant it to look. */
export function CommentText({ text }: { text: string }) {
  return (
    <div className="grid min-w-0 gap-2 wrap-anywhere" dir="auto">
      {markdownBlocks(text).map((block, index) => (
        <BlockOf key={index} block={block} />
      ))}
    </div>
  );
}

function BlockOf({ block }: { block: Block }) {
  if (block.kind === "code") {
    return (
      <pre className="rounded-sm bg-sunken px-2 py-1 whitespace-pre-wrap" dir="ltr">
        <code>{block.text}</code>
      </pre>
    );
  }
  if (block.kind === "list") {
    const List = block.isOrdered ? "ol" : "ul";
    return (
      <List className={block.isOrdered ? "list-decimal ps-5" : "list-disc ps-5"}>
        {block.items.map((pieces, index) => (
          <li key={index}>
            <Pieces pieces={pieces} />
          </li>
        ))}
      </List>
    );
  }
  const lines = block.lines.map((pieces, index) => (
    <Fragment key={index}>
      {index > 0 && <br />}
      <Pieces pieces={pieces} />
    </Fragment>
  ));
  if (block.kind === "quote") {
    return (
      <blockquote className="border-s-2 border-line-strong ps-3 text-muted">{lines}</blockquote>
    );
  }
  return <p className={block.kind === "heading" ? "font-bold" : ""}>{lines}</p>;
}

const Pieces = ({ pieces }: { pieces: Piece[] }) =>
  pieces.map((piece, index) => <PieceOf key={index} piece={piece} />);

function PieceOf({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "code":
      return <code className="rounded-sm bg-sunken px-1">{piece.text}</code>;
    case "strong":
      return (
        <strong>
          <Pieces pieces={piece.pieces} />
        </strong>
      );
    case "emphasis":
      return (
        <em>
          <Pieces pieces={piece.pieces} />
        </em>
      );
    case "link":
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
          {piece.text}
        </a>
      );
  }
}
