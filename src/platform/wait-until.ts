/** Keeps the isolate alive for work after the answer. */
export type WaitUntil = (work: Promise<unknown>) => void;
