/** What a release is compared by: others of its package by their keys as texts, and by numbers of builds of the same key. */
export type ReleaseOrder = { package: string; key: string; build: string | null };

const digitsMax = 18;
const partsMax = 4;
const identifiersMax = 20;
const identifierCharsMax = 100;

/**
 * `[package@]v?1.2.3.4[-rc.1][+7]`, also of fewer numbers and of dates. undefined: not a version, so that only when it was
 * first seen tells what came before it (semver.org §11, with a fourth number and with builds that are numbers).
 */
export function releaseOrder(release: string): ReleaseOrder | undefined {
  const at = release.lastIndexOf("@");
  const [withoutBuild = "", build, ...moreBuilds] = release.slice(at + 1).split("+");
  if (moreBuilds.length > 0 || (build !== undefined && !areIdentifiers(build))) return undefined;
  const dash = withoutBuild.indexOf("-");
  const numbers = dash < 0 ? withoutBuild : withoutBuild.slice(0, dash);
  const prerelease = dash < 0 ? undefined : withoutBuild.slice(dash + 1);
  if (prerelease !== undefined && !areIdentifiers(prerelease)) return undefined;
  const parts = numbers.replace(/^v/i, "").split(".");
  if (parts.length > partsMax || !parts.every(isNumber)) return undefined;
  const padded = Array.from({ length: partsMax }, (_, index) => pad(parts[index] ?? "0"));
  return {
    package: at > 0 ? release.slice(0, at) : "",
    // A tilde sorts behind whatever a prerelease begins with.
    key: padded.join(".") + (prerelease === undefined ? "~" : `-${keyOfPrerelease(prerelease)}`),
    build: build !== undefined && isNumber(build) ? String(BigInt(build)) : null,
  };
}

/** Below the text of the same release with more identifiers; numbers below words. */
const keyOfPrerelease = (prerelease: string) =>
  prerelease
    .split(".")
    .map((each) => (isNumber(each) ? `0${pad(each)}` : `1${each}!`))
    .join("");

const isNumber = (text: string) => text.length <= digitsMax && /^\d+$/.test(text);
const pad = (number: string) => number.padStart(digitsMax, "0");

function areIdentifiers(text: string): boolean {
  const all = text.split(".");
  return (
    all.length <= identifiersMax &&
    all.every((each) => each.length <= identifierCharsMax && /^[0-9A-Za-z-]+$/.test(each))
  );
}

/** Whether one release is a later one than the other; undefined: their versions do not tell. */
export function isLaterRelease(one: string, other: string): boolean | undefined {
  const [a, b] = [releaseOrder(one), releaseOrder(other)];
  if (!a || !b || a.package !== b.package) return undefined;
  if (a.key !== b.key) return a.key > b.key;
  return a.build !== null && b.build !== null && BigInt(a.build) > BigInt(b.build);
}

/**
 * The latest of releases that are sorted by when they were first seen, the newest first: the highest version of the
 * newest one's package, or the newest one itself where that is no version.
 */
export function latestRelease(newestFirst: readonly string[]): string | undefined {
  const [newest] = newestFirst;
  return newestFirst.reduce((latest, each) => {
    return latest !== undefined && isLaterRelease(each, latest) ? each : latest;
  }, newest);
}
