/** Returns the address of the compiled launcher. */
export function buildLauncher(): Promise<string>;
