const hexChars = 16;

/**
 * The first 64 bits of a hash that finds issues, as `events.hash` holds it: a number with a sign, decimal. In SQL the same
 * is `('x' || left(hash, 16))::bit(64)::bigint`.
 */
export const hashNumber = (hash: string): string =>
  String(BigInt.asIntN(64, BigInt(`0x${hash.slice(0, hexChars)}`)));
