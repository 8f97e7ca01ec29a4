import { z } from "zod";
import { minuteMs } from "../protocol/durations";
import { boundedMemory } from "./memory";

/** Which addresses a name stands for; undefined where nobody could say. */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<string[] | undefined>;

const kinds = ["A", "AAAA"] as const;
const typeNumbers = [1, 28];
const namesMax = 5000;
const answerBytesMax = 65_536;

/** Answers of RFC 8427, as far as they are read. */
const Answer = z.object({
  Status: z.number(),
  Answer: z.array(z.object({ type: z.number(), data: z.string() })).optional(),
});

/**
 * Asks DNS over HTTPS: the Worker has no resolver of its own. Names are remembered for a minute, as long as nothing
 * failed.
 */
export function nameResolver(server: string, now: () => Date): ResolveName {
  const known = boundedMemory<string, { addresses: string[]; until: number }>(namesMax);
  const askFor = async (name: string, kind: string, signal: AbortSignal) => {
    const url = new URL(server);
    url.searchParams.set("name", name);
    url.searchParams.set("type", kind);
    const response = await fetch(url, { headers: { accept: "application/dns-json" }, signal });
    const text = await response.text();
    if (!response.ok || text.length > answerBytesMax) throw new Error("the resolver failed");
    const { Status, Answer: records = [] } = Answer.parse(JSON.parse(text));
    // 3: there is no such name.
    if (Status !== 0 && Status !== 3) throw new Error("the resolver failed");
    return records.filter(({ type }) => typeNumbers.includes(type)).map(({ data }) => data);
  };
  return async (name, signal) => {
    const found = known.get(name);
    if (found && found.until > +now()) return found.addresses;
    try {
      const addresses = (await Promise.all(kinds.map((kind) => askFor(name, kind, signal)))).flat();
      known.set(name, { addresses, until: +now() + minuteMs });
      return addresses;
    } catch {
      return undefined;
    }
  };
}
