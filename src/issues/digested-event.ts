import type { StoredEvent } from "../events/payload";
import type { Groupings } from "./grouping/grouping";
import type { Line } from "./text-lines";
import type { Whose } from "./whose";

/** One event ready to be stored: grouped, scrubbed, compressed. */
export type DigestedEvent = {
  orgId: number;
  projectId: number;
  eventId: string;
  /** Milliseconds since 1970. */
  receivedAt: number;
  groupings: Groupings;
  /** What a new issue would be called; without the heavy parts. */
  summary: Pick<
    StoredEvent,
    "type" | "title" | "culprit" | "metadata" | "level" | "platform" | "tags"
  > & {
    logger?: string;
    searchText: string;
  };
  environment?: string;
  release?: string;
  /** When it happened by the client's clock, as far as that is to be believed. Milliseconds since 1970. */
  happenedAt: number;
  /** Whose the issue is that it makes, by the rules of its project. */
  whose?: () => Whose;
  /** 64-bit hash of who was affected. */
  userHash?: bigint;
  /** What of it can be searched. */
  lines: Line[];
  payload: Uint8Array;
};
