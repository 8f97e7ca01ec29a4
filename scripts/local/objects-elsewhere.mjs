// The Durable Objects of the application live in one process, the first consumer. In the others this class stands for
// each of theirs: requests and calls go through to the object of the same id.

import { DurableObject } from "cloudflare:workers";

/** Relative to the folder in which workerd was started. */
const address = "unix:objects.sock";

export const objectElsewhere = (className) =>
  class extends DurableObject {
    constructor(ctx, env) {
      super(ctx, env);
      // Nothing is kept of a connection: the other process may be another one by the next call.
      const there = () =>
        env.OBJECTS.connect(address).getActor("app", className, ctx.id.toString());
      // biome-ignore lint/correctness/noConstructorReturn: methods are known by name only when they are called.
      return new Proxy(this, {
        get: (own, name) => {
          if (name === "fetch") return (request) => there().fetch(request);
          return Reflect.has(own, name) ? Reflect.get(own, name) : Reflect.get(there(), name);
        },
      });
    }
  };
