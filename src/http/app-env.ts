import type { Caller } from "../access/caller";
import type { Deps } from "../deps";
import type { Bindings } from "../env";

/** What every request of the API carries along. */
export type AppEnv = {
  Bindings: Bindings;
  Variables: {
    deps: Deps;
    requestId: string;
    caller: Caller;
    csrfToken?: string;
    /** Where this answer sends the browser on purpose: to a service of the settings. */
    leavesFor?: string;
    /** Whether the request proved by the csrf cookie that it began on a page of ours. */
    isSameSite?: boolean;
  };
};
