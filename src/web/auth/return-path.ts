import { isOwnAddress } from "../../protocol/own-address";

const charsMax = 2000;
/** Stands for wherever we are: only what stays below it is ours. */
const anywhere = "https://brinkwatch.invalid";
/** Who has just signed in has no business there. */
const before = /^\/(?:login|register|reset-password|welcome)\/*(?:[?#]|$)/;

/** Where somebody goes who is in: a path of ours (without mount) that the address asked for, or the start page. */
export function returnPathOf(next: unknown): string {
  const isOurs =
    typeof next === "string" &&
    next.length <= charsMax &&
    next.startsWith("/") &&
    isOwnAddress(anywhere, next) &&
    !before.test(next);
  return isOurs ? next : "/";
}
