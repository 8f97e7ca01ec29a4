import { expect, test } from "vitest";
import { scopes } from "../../../src/access/schemas";
import { allScopes, presetOf, presets } from "../../../src/web/parts/token-scopes";
import { deviceOf } from "../../../src/web/profile/devices";
import { qrPath, typedSecret } from "../../../src/web/profile/qr-path";
import { cliLines, endOfLife } from "../../../src/web/profile/token-life";

const mozilla = "Mozilla/5.0";
test.each([
  [
    `${mozilla} (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0`,
    "Firefox",
    "Linux",
    false,
  ],
  [
    `${mozilla} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36 Edg/143.0`,
    "Edge",
    "Windows",
    false,
  ],
  [
    `${mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15`,
    "Safari",
    "macOS",
    false,
  ],
  [
    `${mozilla} (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1`,
    "Safari",
    "iPhone",
    true,
  ],
  [
    `${mozilla} (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Mobile Safari/537.36`,
    "Chrome",
    "Android",
    true,
  ],
  [
    `${mozilla} (Linux; Android 16; Tab) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36`,
    "Chrome",
    "Android",
    false,
  ],
  ["curl/8.5.0", "curl", undefined, false],
  ["node", undefined, undefined, false],
  [null, undefined, undefined, false],
])("a session of %s", (userAgent, browser, system, isPhone) => {
  expect(deviceOf(userAgent)).toMatchObject({ browser, system, isPhone });
});

test("what a program says of itself is shown cut", () => {
  expect(deviceOf("x".repeat(10_000)).words).toHaveLength(80);
});

test("the dark squares of a QR code are covered by its path, and no light one", () => {
  const rows = [
    [true, true, false, true],
    [false, false, false, false],
    [false, true, true, true],
  ];
  expect(qrPath(rows)).toBe("M0 0h2v1h-2zM3 0h1v1h-1zM1 2h3v1h-3z");
  expect(qrPath([])).toBe("");
});

test.each([
  ["otpauth://totp/Brinkwatch:a%40b.c?secret=JBSWY3DPEHPK3PXP&issuer=x", "JBSW Y3DP EHPK 3PXP"],
  ["otpauth://totp/x?issuer=y&secret=ABCDE", "ABCD E"],
  ["otpauth://totp/x?issuer=y", ""],
])("the secret of %s is typed as %j", (address, typed) => {
  expect(typedSecret(address)).toBe(typed);
});

test("every scope that a token may have can be chosen, with a line of help, and no other", () => {
  const choosable = scopes.filter((scope) => !scope.startsWith("internal:"));
  expect(allScopes.toSorted()).toEqual(choosable.toSorted());
});

test.each(presets.map(({ id, scopes: chosen }) => [id, chosen] as const))(
  "the scopes of the preset %s are recognised, one more or less are an own choice",
  (id, chosen) => {
    expect(new Set(chosen).size).toBe(chosen.length);
    expect(presetOf(new Set(chosen))).toBe(id);
    expect(presetOf(new Set(chosen.slice(1)))).toBeUndefined();
  },
);

test.each([
  ["30", "2026-01-31T00:00:00.000Z"],
  ["", null],
  ["-1", null],
  ["99999", null],
  ["1e9", null],
])("a token for %j days ends at %s", (days, end) => {
  expect(endOfLife(days, Date.UTC(2026, 0, 1))).toBe(end);
});

test("sentry-cli is pointed at this installation, wherever it is mounted", () => {
  expect(cliLines("https://errors.acme.test/watch", "sntryu_1").split("\n")).toEqual([
    "export SENTRY_URL=https://errors.acme.test/watch/",
    "export SENTRY_AUTH_TOKEN=sntryu_1",
    "sentry-cli info --no-defaults",
  ]);
});
