import { AsyncLocalStorage } from "node:async_hooks";
import type { WaitUntil } from "../deps";

/**
 * What the request that is being answered may leave to be done after its answer. Mail goes there: an answer that waits
 * for it would tell by its time who has an account.
 */
export const background = new AsyncLocalStorage<WaitUntil>();
