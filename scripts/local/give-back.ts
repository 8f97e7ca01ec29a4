import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What a start needs, it has let go of by then. */
const settledMs = 3000;

/** Gives memory back to the system that a process has no use for after a burst. */
export function giveBackMemory(): void {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
}

/** The same when the start of a process is over. */
export const giveBackSoon = (): void => void setTimeout(giveBackMemory, settledMs).unref();
