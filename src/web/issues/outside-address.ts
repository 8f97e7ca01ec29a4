const addressCharsMax = 2000;

/** The address that a text from an event is, if one may lead there: of the web, and of nothing else. */
export function hrefOf(text: string): string | undefined {
  if (text.length > addressCharsMax || !/^https?:\/\/[^\s]+$/i.test(text)) return undefined;
  if (!URL.canParse(text)) return undefined;
  const { protocol, href, username } = new URL(text);
  // A name before the host is how a foreign address looks like a known one.
  return (protocol === "http:" || protocol === "https:") && username === "" ? href : undefined;
}
