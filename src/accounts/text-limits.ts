/** Characters of texts that come in by signing in or up: the sign-in library has no limits of its own. */
export const textLimits = { name: 255, email: 254, other: 2000, userAgent: 512 };
