import { useSyncExternalStore } from "react";
import { ApiFault } from "../api/fault";
import { t } from "../words";

/** Somebody is to prove who they are; `answer` says whether they did. */
type Question = { answer: (isProven: boolean) => void };

let question: Question | undefined;
let proof: Promise<boolean> | undefined;
const listeners = new Set<() => void>();

const change = (next: Question | undefined) => {
  question = next;
  for (const listener of listeners) listener();
};

/** Doors that change how one signs in, and those of operators, refuse a session that began over ten minutes ago. */
export const isNotFresh = (error: unknown): boolean =>
  error instanceof ApiFault && error.status === 403 && error.code === "SESSION_NOT_FRESH";

/**
 * Does what needs a recent sign-in: where it is refused for that, a dialog over the page asks for a password, a code or
 * a passkey, and it is done again. Faults when the person closes the dialog.
 */
export async function fresh<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!isNotFresh(error)) throw error;
    if (!(await prove())) {
      throw new ApiFault({
        status: 0,
        code: "NOT_PROVEN",
        detail: t("Nothing was changed: this needs a proof that it is you."),
      });
    }
    return action();
  }
}

function prove(): Promise<boolean> {
  proof ??= new Promise<boolean>((resolve) => {
    change({
      answer: (isProven) => {
        proof = undefined;
        change(undefined);
        resolve(isProven);
      },
    });
  });
  return proof;
}

export const useProofQuestion = (): Question | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => question,
  );
