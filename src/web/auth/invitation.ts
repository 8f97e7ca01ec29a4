const shape = /^\d{1,18}\/[\w-]{1,200}$/;

/** `"<member id>/<token>"` as an address carries it, or undefined for anything else. */
export const invitationOf = (given: unknown): string | undefined =>
  typeof given === "string" && shape.test(given) ? given : undefined;
