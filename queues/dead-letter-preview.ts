import type { Deps } from "../src/deps";
import { openEnvelope } from "../src/digest/open";
import { scrubText } from "../src/events/scrub-text";
import { reasonOf } from "../src/platform/logger";
import { unpackEnvelope } from "./catalog";

/** What a dead letter holds, for people who decide about it: enough to recognise it by, without secrets. */
export type Preview = {
  /** Null where the letter itself cannot be read. */
  projectId: number | null;
  receivedAt: Date | null;
  items: { type: string; bytes: number }[];
  text: string;
  isCut: boolean;
};

/** Scrubbed and shown of the text; where it was cut, the end is left out, which may be half of a secret. */
const scrubbedBytesMax = 8000;
const shownCharsMax = 4000;
const tailChars = 1000;
const itemsMax = 50;

/** Never fails: what cannot be read says why. */
export async function previewOf(deps: Deps, queue: string, body: Uint8Array): Promise<Preview> {
  const nothing = { projectId: null, receivedAt: null, items: [] };
  if (queue !== "envelopes") return { ...nothing, ...shown(body) };
  try {
    const message = unpackEnvelope(body);
    const { projectId, receivedAt } = message.meta;
    const known = { projectId, receivedAt: new Date(receivedAt), items: [] };
    try {
      const envelope = await openEnvelope(deps, message);
      if (!envelope) return { ...known, text: "Its body is no longer there.", isCut: false };
      const [first] = envelope.items;
      const items = envelope.items
        .slice(0, itemsMax)
        .map(({ type, payload }) => ({ type: type.slice(0, 64), bytes: payload.length }));
      return { ...known, items, ...shown(first?.payload ?? new Uint8Array()) };
    } catch (error) {
      return { ...known, text: `It cannot be read: ${reasonOf(error)}`, isCut: false };
    }
  } catch (error) {
    return { ...nothing, text: `It cannot be read: ${reasonOf(error)}`, isCut: false };
  }
}

function shown(bytes: Uint8Array): { text: string; isCut: boolean } {
  const { text } = scrubText(new TextDecoder().decode(bytes.subarray(0, scrubbedBytesMax)));
  const isCut = bytes.length > scrubbedBytesMax;
  const whole = isCut ? text.slice(0, Math.max(0, text.length - tailChars)) : text;
  return { text: whole.slice(0, shownCharsMax), isCut: isCut || whole.length > shownCharsMax };
}
