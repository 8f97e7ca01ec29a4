import type { ChangeReaders } from "../src/issues/outbox";

/** Who is handed the changes of issues. Another reader is a row here, and begins with what happens from then on. */
export const changeReaders: ChangeReaders = {
  /** Rules are kept and not evaluated yet, so there is nothing to do but to take the change. */
  alerts: {
    kinds: ["created", "regressed", "escalating", "reopened"],
    triesMax: 12,
    firstPauseSeconds: 60,
    handle: async () => undefined,
  },
};
