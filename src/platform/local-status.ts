import { z } from "zod";
import { reaching } from "./deadline";

/** How much room the disk of the machine has, and whether so little that nothing more is taken. */
export type Disk = { freeBytes: number; totalBytes: number; refuses: boolean };

const Status = z.object({
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number(), refuses: z.boolean() }),
});

/** What the local runtime binds so that it can be asked about its machine; it is not there at the edge. */
export type LocalStatus = { fetch(url: string, init: RequestInit): Promise<Response> };

/**
 * How the disk is, undefined where there is none. Not waited for longer than the deadline. Faults: unavailable, also
 * for an answer that says something else.
 */
export const diskReader =
  (status: LocalStatus | undefined, deadlineMs: number) => async (): Promise<Disk | undefined> =>
    status &&
    reaching(deadlineMs, "The local runtime", async (signal) => {
      // The binding leads to one place whatever the name.
      const response = await status.fetch("http://local/status", { signal });
      return Status.parse(await response.json()).disk;
    });
