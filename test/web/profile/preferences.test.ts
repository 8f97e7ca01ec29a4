import { expect, test } from "vitest";
import { defaultPreferences, optionsOf, preferencesOf } from "../../../src/web/preferences";

test("what goes with a person comes back as it was chosen", () => {
  for (const theme of ["system", "light", "dark"] as const) {
    for (const hour12 of [true, false, null]) {
      for (const newestFrameFirst of [true, false]) {
        const chosen = {
          ...defaultPreferences,
          theme,
          hour12,
          newestFrameFirst,
          timeZone: "Europe/Berlin",
        };
        expect(preferencesOf(optionsOf(chosen))).toEqual(chosen);
      }
    }
  }
});

test.each([
  [{}, defaultPreferences],
  [{ timezone: "Nowhere/Land" }, defaultPreferences],
  [{ stacktraceOrder: -1, clock24Hours: null, preferredTheme: null }, defaultPreferences],
  [{ stacktraceOrder: 1 }, { ...defaultPreferences, newestFrameFirst: false }],
  [{ clock24Hours: true }, { ...defaultPreferences, hour12: false }],
])("options %j, which other clients wrote", (options, preferences) => {
  expect(preferencesOf(options)).toEqual(preferences);
});
