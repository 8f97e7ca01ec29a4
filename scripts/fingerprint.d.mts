export function fingerprintOf(
  root: string,
  paths: readonly string[],
  isPart?: (name: string) => boolean,
): string;
