import { ExternalLink } from "lucide-react";
import { t } from "../words";
import { hrefOf } from "./outside-address";

/** A text from an event; a way out stands behind it where it is an address of the web. */
export function OutsideText({ text }: { text: string }) {
  return (
    <>
      {text}
      <WayOut text={text} />
    </>
  );
}

/** The way out alone. */
export function WayOut({ text }: { text: string }) {
  const href = hrefOf(text);
  if (!href) return null;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="ms-1 inline-flex size-6 items-center justify-center rounded-sm align-middle hover:bg-hover"
      aria-label={t("Open {address}", { address: text.slice(0, 200) })}
    >
      <ExternalLink size={13} aria-hidden />
    </a>
  );
}
