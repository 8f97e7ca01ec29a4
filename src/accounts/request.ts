import { AsyncLocalStorage } from "node:async_hooks";
import type { WaitUntil } from "../platform/wait-until";

/** The request that the sign-in library is answering. */
type SignInRequest = {
  /**
   * What may be done after the answer. Mail goes there: an answer that waits for it would tell by its time who has an
   * account.
   */
  waitUntil: WaitUntil;
  /** Whether the person proved just now who they are: the password need not be given once more. */
  isConfirmed: boolean;
  /** What the database threw last. The library takes some of it for an answer, as if nobody were signed in. */
  thrown?: unknown;
};

export const answering = new AsyncLocalStorage<SignInRequest>();
