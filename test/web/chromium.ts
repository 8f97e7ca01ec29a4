import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Without the windows around pages, where there is one like that: it takes a third less. */
const places = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser of this process, for all its test files. Throws in words where the machine has none. */
let running: Promise<Browser> | undefined;
export function openChromium(): Promise<Browser> {
  running ??= launch();
  return running;
}

function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? places.find((place) => existsSync(place));
  if (!executablePath) {
    throw new Error("These tests need Chromium: apt-get install chromium, or set CHROMIUM_PATH.");
  }
  return chromium.launch({ executablePath, args: flags });
}
