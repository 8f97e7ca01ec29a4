/** Where the sign-in library answers, below the public address. */
export const signInPath = "/api/auth";
