import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { curlOf } from "../../../src/web/issues/curl";
import { type HttpRequest, partsOf } from "../../../src/web/issues/event-parts";
import { recordedEvent } from "./recorded-event";

const request = (given: Partial<HttpRequest>): HttpRequest => ({
  method: "GET",
  url: "https://shop.example/cart",
  query: [],
  fragment: undefined,
  headers: [],
  cookies: [],
  body: undefined,
  contentType: undefined,
  env: [],
  ...given,
});

test.each<[string, Partial<HttpRequest>, string]>([
  ["plain", {}, "curl https://shop.example/cart"],
  [
    "with a body and headers",
    {
      method: "post",
      headers: [
        ["Content-Type", "application/json"],
        ["Content-Length", "17"],
      ],
      body: { name: "O'Hara" },
    },
    `curl -X POST https://shop.example/cart \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{"name":"O'\\''Hara"}'`,
  ],
  [
    "secrets as variables",
    {
      headers: [
        ["Authorization", "[Filtered]"],
        ["X-Api-Key", "abc"],
        ["Cookie", "a=b"],
      ],
      query: [
        ["page", "2"],
        ["access_token", "abc"],
      ],
    },
    `curl 'https://shop.example/cart?page=2'"&access_token=$ACCESS_TOKEN" \\\n  -H "Authorization: $AUTHORIZATION" \\\n  -H "X-Api-Key: $X_API_KEY" \\\n  -H "Cookie: $COOKIE"`,
  ],
])("a request as a command: %s", (_, given, expected) => {
  expect(curlOf(request(given))).toBe(expected);
});

// What a stranger wrote must stay one argument of one command.
test.each([
  "'; touch /tmp/x; '",
  "$(touch /tmp/x)",
  "`touch /tmp/x`",
  "a\nb",
  '"; echo "',
  "\\",
  "!!",
  "-o/etc/passwd x",
])("no shell takes %j for a command", (hostile) => {
  const command = curlOf(
    request({
      method: hostile,
      url: `https://shop.example/${hostile}`,
      query: [
        [hostile, hostile],
        [`token${hostile}`, hostile],
      ],
      headers: [
        [`x-${hostile}`, hostile],
        [`x-token-${hostile}`, "secret"],
      ],
      body: hostile,
    }),
  );
  const printed = execFileSync(
    "sh",
    ["-c", command.replace(/^curl /, String.raw`printf '%s\0' `)],
    {
      env: {},
    },
  );
  const words = printed.toString().split("\0").slice(0, -1);
  expect(words.filter((word) => word === "-H")).toHaveLength(2);
  expect(words.slice(-2)).toEqual(["--data-raw", hostile]);
  expect(command).not.toContain("secret");
});

test("a recorded request can be asked for again", () => {
  const { request: recorded } = partsOf(recordedEvent("sentry-browser-10.78.0-exception--event"));
  expect(recorded && curlOf(recorded)).toBe(
    "curl 'http://127.0.0.1:9322/?js=b10.78.0.js&major=10' \\\n  -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36'",
  );
});
