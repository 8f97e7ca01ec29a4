import { stacksOf } from "./exceptions";
import type { Frame } from "./frames";
import type { NormalEvent } from "./normal-event";

/** Whose code each frame of an event is said to be, to be put back later. */
export type FrameMarks = readonly [Frame, boolean | undefined][];

export const marksOf = (event: NormalEvent): FrameMarks =>
  stacksOf(event).flatMap(({ frames }) =>
    frames.map((frame): [Frame, boolean | undefined] => [frame, frame.in_app]),
  );

export function setMarks(marks: FrameMarks): void {
  for (const [frame, mark] of marks) {
    if (mark === undefined) delete frame.in_app;
    else frame.in_app = mark;
  }
}
