import { dayMs } from "../../src/protocol/durations";
import type { Chance } from "./chance";

/** When events of an issue come, over two weeks. */
export type Course =
  /** All the time, more by day than by night. */
  | "steady"
  /** A few, then very many within hours. */
  | "outbreak"
  /** Since yesterday. */
  | "new"
  /** Was resolved some days ago and is back. */
  | "back"
  /** Less and less, and now resolved. */
  | "fading"
  /** All the time, and nobody minds. */
  | "ignored";

/** An issue of the demo: how often, when, and what one of its events looks like. */
export type Story = {
  events: number;
  course: Course;
  /** What a browser reports by itself, which comes as it is, without an envelope. */
  isReport?: boolean;
  make: (chance: Chance, at: Date) => Record<string, unknown>;
};

export type DemoProject = {
  name: string;
  platform: string;
  team: string;
  stories: Story[];
};

const firstNames =
  "Ada Grace Linus Edsger Barbara Alan Margaret Ken Radia Donald Frances Tim Hedy Niklaus".split(
    " ",
  );
const browsers = [
  ["Chrome", "143.0.0", "Windows", "11"],
  ["Chrome", "143.0.0", "macOS", "26.1"],
  ["Safari", "26.1", "macOS", "26.1"],
  ["Mobile Safari", "26.1", "iOS", "26.1"],
  ["Firefox", "146.0", "Linux", "6.17"],
  ["Edge", "143.0.0", "Windows", "10"],
] as const;

/** Somebody with an address of an example domain; about a hundred different people. */
export function person(chance: Chance) {
  const number = chance.below(97);
  const name = firstNames[number % firstNames.length] ?? "Ada";
  return {
    id: String(1000 + number),
    email: `${name.toLowerCase()}.${number}@customer.example`,
    username: `${name.toLowerCase()}${number}`,
    ip_address: `203.0.113.${number}`,
  };
}

export function browser(chance: Chance) {
  const [name, version, os, osVersion] = chance.pick(browsers);
  return {
    browser: { type: "browser", name, version },
    os: { type: "os", name: os, version: osVersion },
  };
}

export const environment = (chance: Chance) => (chance.below(6) === 0 ? "staging" : "production");

/** The release of a day: a new one about every third. */
export function release(name: string, at: Date): string {
  const day = Math.floor(+at / dayMs);
  return `${name}@4.${Math.floor(day / 21) % 10}.${Math.floor(day / 3) % 7}`;
}

/** What happened before, the latest last; seconds before the event. */
export const crumbs = (
  at: Date,
  ...list: [secondsBefore: number, category: string, message: string, more?: object][]
) => ({
  values: list.map(([seconds, category, message, more]) => ({
    timestamp: (+at - seconds * 1000) / 1000,
    category,
    ...(message && { message }),
    level: "info",
    type:
      category === "fetch" || category === "xhr"
        ? "http"
        : category === "navigation"
          ? "navigation"
          : "default",
    ...more,
  })),
});

export type Frame = Record<string, unknown>;

/** A call in code of the application, with lines around it. */
export const own = (
  filename: string,
  fn: string,
  lineno: number,
  code: [before: string[], line: string, after: string[]],
  more: Frame = {},
): Frame => ({
  filename,
  abs_path: filename,
  function: fn,
  lineno,
  in_app: true,
  pre_context: code[0],
  context_line: code[1],
  post_context: code[2],
  ...more,
});

/** A call in a library. */
export const library = (filename: string, fn: string, lineno: number, more: Frame = {}): Frame => ({
  filename,
  abs_path: filename,
  function: fn,
  lineno,
  in_app: false,
  ...more,
});

export const exception = (type: string, value: string, frames: Frame[], more: object = {}) => ({
  type,
  value,
  stacktrace: { frames },
  mechanism: { type: "generic", handled: true },
  ...more,
});
