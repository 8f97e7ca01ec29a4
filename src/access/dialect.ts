/**
 * Two families of clients read the same addresses and contradict each other. The token says which one is calling:
 * Sentry's clients ask for tokens of Sentry's form, everybody else (plain hex tokens, browsers) speaks GlitchTip.
 */
export type Dialect = "glitchtip" | "sentry";

export const dialectOf = (token: string): Dialect =>
  /^sntry[us]_/.test(token) ? "sentry" : "glitchtip";
