import { glance, holds } from "./glance";
import { scrubElements, scrubParts } from "./scrub-markup";
import { scrubNumbers } from "./scrub-numbers";
import { scrubPairs } from "./scrub-pairs";
import { scrubPrivateKeys, scrubSchemes, scrubTokens } from "./scrub-tokens";
import { scrubUserInfo, scrubUserOptions } from "./scrub-urls";

const named = holds.equals | holds.colon | holds.tag | holds.quote | holds.dashes;

/** A text without its secrets, and what they were recognized by. Linear in the text. */
export function scrubText(
  text: string,
  found = glance(text),
): { text: string; isByName: boolean; isByShape: boolean } {
  if (found === 0) return { text, isByName: false, isByShape: false };
  // Before names: in `https://token:x@host` there is a host to keep.
  const located = found & holds.at ? scrubUserInfo(text) : text;
  const byName = found & named ? scrubNamed(located, found) : located;
  const byShape = scrubForms(byName, found);
  return {
    text: byShape,
    isByName: byName !== located,
    isByShape: located !== text || byShape !== byName,
  };
}

function scrubNamed(text: string, found: number): string {
  const parts = found & holds.dashes && text.includes("form-data;") ? scrubParts(text) : text;
  const elements = found & holds.tag ? scrubElements(parts) : parts;
  const options = found & holds.colon ? scrubUserOptions(elements) : elements;
  return scrubPairs(options);
}

/** Names of functions and files: a colon in them says nothing about what follows. */
export function scrubName(text: string, found = glance(text)): string {
  const pairs = found & holds.equals ? scrubPairs(text, "equals") : text;
  return scrubShapes(pairs, found);
}

/** What can be recognized by its own form, whatever it is called. */
export const scrubShapes = (text: string, found = glance(text)): string =>
  scrubForms(found & holds.at ? scrubUserInfo(text) : text, found);

function scrubForms(text: string, found: number): string {
  let scrubbed = text;
  if (found & holds.dashes) scrubbed = scrubPrivateKeys(scrubbed);
  if (found & holds.scheme) scrubbed = scrubSchemes(scrubbed);
  if (found & (holds.run | holds.digits)) scrubbed = scrubTokens(scrubbed);
  return found & holds.digits ? scrubNumbers(scrubbed) : scrubbed;
}
