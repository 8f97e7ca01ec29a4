/** Asked in this order: most browsers also name those that they want to be taken for. */
const browsers: [name: string, mark: string][] = [
  ["Edge", "Edg/"],
  ["Opera", "OPR/"],
  ["Samsung Internet", "SamsungBrowser/"],
  ["Firefox", "Firefox/"],
  ["Firefox", "FxiOS/"],
  ["Chrome", "CriOS/"],
  ["Chrome", "HeadlessChrome/"],
  ["Chrome", "Chrome/"],
  ["Safari", "Safari/"],
  ["curl", "curl/"],
  ["sentry-cli", "sentry-cli/"],
];
const systems: [name: string, mark: string][] = [
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Android", "Android"],
  ["Windows", "Windows"],
  ["ChromeOS", "CrOS"],
  ["macOS", "Mac OS X"],
  ["Linux", "Linux"],
];

const ownWordsMax = 80;

export type Device = {
  /** Undefined where the words are of no browser that we know. */
  browser: string | undefined;
  system: string | undefined;
  isPhone: boolean;
  /** What it says of itself, cut. */
  words: string;
};

/** What a session was opened with, by the words that the program sent of itself. */
export function deviceOf(userAgent: string | null): Device {
  const words = userAgent ?? "";
  const named = (list: [string, string][]) => list.find(([, mark]) => words.includes(mark))?.[0];
  const system = named(systems);
  return {
    browser: named(browsers),
    system,
    isPhone: system === "iPhone" || (system === "Android" && words.includes("Mobile")),
    words: words.slice(0, ownWordsMax),
  };
}
