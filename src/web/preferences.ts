export type Theme = "system" | "light" | "dark";
export type Density = "comfortable" | "compact";

/** What a person chose for the look of pages; kept in the browser, so that it is there before the first paint. */
export type Preferences = {
  theme: Theme;
  density: Density;
  /** Whether single letters are commands (WCAG 2.1.4). */
  letterKeys: boolean;
  /** An IANA name; empty for the browser's. */
  timeZone: string;
  hour12: boolean | null;
  /** Newest call first, as most languages print it; else the order of calls. */
  newestFrameFirst: boolean;
  /** Of a trace: one's own frames with the others folded, all, or a text. */
  stackView: "app" | "all" | "raw";
  railCollapsed: boolean;
};

export const defaultPreferences: Preferences = {
  theme: "system",
  density: "comfortable",
  letterKeys: true,
  timeZone: "",
  hour12: null,
  newestFrameFirst: true,
  stackView: "app",
  railCollapsed: false,
};

export const preferencesKey = "brinkwatch.preferences";

/** A kept text → preferences; what is missing or of another kind is the default. */
export function parsePreferences(text: string | null): Preferences {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? "{}");
  } catch {
    kept = {};
  }
  if (typeof kept !== "object" || kept === null) return defaultPreferences;
  const known = new Map(Object.entries(kept));
  const one = <K extends keyof Preferences>(name: K, allowed: readonly Preferences[K][]) => {
    const value = known.get(name) as Preferences[K];
    return allowed.includes(value) ? value : defaultPreferences[name];
  };
  const zone: unknown = known.get("timeZone");
  return {
    theme: one("theme", ["system", "light", "dark"]),
    density: one("density", ["comfortable", "compact"]),
    letterKeys: one("letterKeys", [true, false]),
    timeZone: typeof zone === "string" && isTimeZone(zone) ? zone : "",
    hour12: one("hour12", [true, false, null]),
    newestFrameFirst: one("newestFrameFirst", [true, false]),
    stackView: one("stackView", ["app", "all", "raw"]),
    railCollapsed: one("railCollapsed", [true, false]),
  };
}

/** How Sentry's API spells the order of a stack trace. */
const stackOrders = { newestLast: 1, newestFirst: 2 } as const;

type Options = {
  timezone?: string;
  stacktraceOrder?: number | null;
  clock24Hours?: boolean | null;
  preferredTheme?: "light" | "dark" | "system" | null;
};

/** The part of the choices that goes with the person, in the words of the API. */
export const optionsOf = (chosen: Preferences): Options => ({
  preferredTheme: chosen.theme,
  timezone: chosen.timeZone,
  clock24Hours: chosen.hour12 === null ? null : !chosen.hour12,
  stacktraceOrder: chosen.newestFrameFirst ? stackOrders.newestFirst : stackOrders.newestLast,
});

/** The other way round: what the person chose elsewhere; what is missing is the default. */
export const preferencesOf = (options: Options): Preferences => ({
  ...defaultPreferences,
  theme: options.preferredTheme ?? defaultPreferences.theme,
  timeZone: options.timezone && isTimeZone(options.timezone) ? options.timezone : "",
  hour12: typeof options.clock24Hours === "boolean" ? !options.clock24Hours : null,
  newestFrameFirst: options.stacktraceOrder !== stackOrders.newestLast,
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
