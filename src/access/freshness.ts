import { Fault } from "../fault";
import { minuteMs } from "../protocol/durations";
import type { Caller } from "./caller";

export const freshMinutes = 10;
/** By which programs know that the person is to prove once more who they are. */
export const notFreshCode = "SESSION_NOT_FRESH";

/** Whether the person behind a browser proved who they are a moment ago. A token never does. */
export const isFresh = ({ by, authenticatedAt }: Proof, now: Date): boolean =>
  by === "session" &&
  authenticatedAt !== null &&
  +now - +authenticatedAt <= freshMinutes * minuteMs;

type Proof = Pick<Caller, "by" | "authenticatedAt">;

/** What a found browser must not do asks who sits before it. Faults: forbidden. */
export function requireFresh(caller: Proof, now: Date): void {
  if (isFresh(caller, now)) return;
  throw new Fault(
    "forbidden",
    `Sign in again first: this needs a sign-in of the last ${freshMinutes} minutes.`,
    { code: notFreshCode },
  );
}
