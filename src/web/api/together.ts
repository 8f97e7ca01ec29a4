type Waiting<Found> = {
  signal: AbortSignal;
  done: (found: Found | undefined) => void;
  failed: (error: unknown) => void;
};

/** Rows that come into sight one after the other are asked for in one request. */
const waitMs = 30;

/**
 * A way to ask for one thing by its id that makes one request of what is asked for at about the same time, at most
 * `idsMax` of them. What nobody waits for any more when the request goes out is left out of it.
 */
export function together<Found>(
  ask: (ids: string[]) => Promise<ReadonlyMap<string, Found>>,
  idsMax: number,
): (id: string, signal: AbortSignal) => Promise<Found | undefined> {
  let waiting = new Map<string, Waiting<Found>[]>();
  const send = async (some: [string, Waiting<Found>[]][]) => {
    const ids = some.map(([id]) => id);
    try {
      const found = await ask(ids);
      for (const [id, all] of some) for (const { done } of all) done(found.get(id));
    } catch (error) {
      for (const [, all] of some) for (const { failed } of all) failed(error);
    }
  };
  const sendAll = () => {
    const wanted = [...waiting].filter(([, all]) => all.some(({ signal }) => !signal.aborted));
    waiting = new Map();
    for (let at = 0; at < wanted.length; at += idsMax) void send(wanted.slice(at, at + idsMax));
  };
  return (id, signal) =>
    new Promise((done, failed) => {
      if (waiting.size === 0) setTimeout(sendAll, waitMs);
      const one = { signal, done, failed };
      waiting.set(id, [...(waiting.get(id) ?? []), one]);
    });
}
