import { z } from "@hono/zod-openapi";
import type { PairDiff } from "../protocol/pairs-diff";
import type { EventDifference as Found, LineDifference } from "./event-difference";

const kind = z.enum(["same", "changed", "removed", "added"]);
const Pair = z.object({
  name: z.string(),
  kind,
  before: z.string().nullable(),
  after: z.string().nullable(),
});
const pairs = z.array(Pair);
const lines = z.array(z.object({ kind, text: z.string(), changes: pairs }));

export const EventDifference = z
  .object({
    facts: pairs.describe("Title, message, culprit, level, release and the like"),
    tags: pairs,
    user: pairs,
    request: pairs,
    contexts: pairs.describe("By path: os.name"),
    extra: pairs,
    packages: pairs,
    exceptions: z
      .array(z.object({ title: Pair, frames: lines }))
      .describe(
        "The one thrown last first; frames aligned by function and file, the innermost first",
      ),
    breadcrumbs: lines.describe("Aligned by what they say"),
  })
  .openapi("EventDifference");

const toPair = ({ name, kind, before, after }: PairDiff) => ({
  name,
  kind,
  before: before ?? null,
  after: after ?? null,
});
const toLine = ({ kind, text, changes }: LineDifference) => ({
  kind,
  text,
  changes: changes.map(toPair),
});

export const toDifference = (found: Found): z.infer<typeof EventDifference> => ({
  facts: found.facts.map(toPair),
  tags: found.tags.map(toPair),
  user: found.user.map(toPair),
  request: found.request.map(toPair),
  contexts: found.contexts.map(toPair),
  extra: found.extra.map(toPair),
  packages: found.packages.map(toPair),
  exceptions: found.exceptions.map(({ title, frames }) => ({
    title: toPair(title),
    frames: frames.map(toLine),
  })),
  breadcrumbs: found.breadcrumbs.map(toLine),
});
