import { html } from "hono/html";
import type { Mail } from "./mailer";

/** A mail of paragraphs and links, as plain text and as HTML. */
export function mailOf(
  to: string,
  subject: string,
  parts: (string | { label: string; link: string })[],
): Mail {
  const text = parts.map((part) =>
    typeof part === "string" ? part : `${part.label}: ${part.link}`,
  );
  const paragraphs = parts.map((part) =>
    String(
      typeof part === "string"
        ? html`<p>${part}</p>`
        : html`<p><a href="${part.link}">${part.label}</a></p>`,
    ),
  );
  return { to, subject, text: `${text.join("\n\n")}\n`, html: paragraphs.join("\n") };
}
