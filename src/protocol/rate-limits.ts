import { aliasesOf, type Category } from "./categories";

export type LimitScope = "organization" | "project" | "key";

export type ActiveLimit = {
  category: Category;
  scope: LimitScope;
  reason: "quota_exceeded" | "default_limit";
  /** Whole seconds until it resets, at least 1. */
  retryAfterSeconds: number;
};

/**
 * X-Sentry-Rate-Limits as every SDK reads it: whole seconds, no blanks, scope never empty, each category once
 * (sentry-python ignores fractions, sentry-php stumbles over blanks, sentry-ruby over an empty scope).
 */
export function rateLimitHeader(limits: ActiveLimit[]): string {
  const longest = new Map<Category, ActiveLimit>();
  for (const limit of limits) {
    const known = longest.get(limit.category);
    if (!known || known.retryAfterSeconds < limit.retryAfterSeconds)
      longest.set(limit.category, limit);
  }
  return [...longest.values()]
    .map(
      ({ category, scope, reason, retryAfterSeconds }) =>
        `${Math.max(1, Math.ceil(retryAfterSeconds))}:${aliasesOf(category).join(";")}:${scope}:${reason}`,
    )
    .join(",");
}
