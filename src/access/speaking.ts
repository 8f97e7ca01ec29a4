import type { Deps } from "../deps";
import type { Caller } from "./caller";

/**
 * To whom an answer speaks. What the two dialects say of a thing stands side by side in its feature's shapes; only here
 * one of them is chosen.
 */
export type Speaking = { caller: Caller; deps: Pick<Deps, "config" | "now"> };

export const speaksSentry = ({ dialect }: Pick<Caller, "dialect">): boolean => dialect === "sentry";

/** GlitchTip's shape, or with what Sentry's clients read besides. */
export const widen = <T extends object>(
  { caller }: Pick<Speaking, "caller">,
  shape: T,
  extrasOf: () => object,
): T => (speaksSentry(caller) ? { ...shape, ...extrasOf() } : shape);

/** Sentry names everything by strings, GlitchTip tokens and environments by numbers. */
export const idFor = ({ caller }: Pick<Speaking, "caller">, id: number): number | string =>
  speaksSentry(caller) ? String(id) : id;
