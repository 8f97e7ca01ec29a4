import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { isObject } from "../src/protocol/json";
import { eventEnvelope, eventually, makeTenant, useStack } from "./harness";

/** What every answer carries, whoever made it, and what the log says of it. */
const stack = useStack();
const local = useStack({ bindings: { PUBLIC_URL: "http://localhost:8000" } });

const places = [
  "/_health/",
  "/api/0/",
  "/api/0/organizations/",
  "/no/such/place",
  "/api/docs/",
  "/accept/1/wrong/",
  "/reset-password/set-new-password/x/",
  "/api/openapi.json",
  "/api/auth/get-session",
  "/_allauth/browser/v1/config",
  "/api/1/store/",
];

test.each(places)("%s cannot be mistaken, downgraded or revealed to other sites", async (place) => {
  const { headers } = await fetch(stack.url + place);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  expect(headers.get("referrer-policy")).toBe("same-origin");
  const isPage = headers.get("content-type")?.startsWith("text/html") ?? false;
  expect([place, headers.get("access-control-allow-origin")]).toEqual([place, isPage ? null : "*"]);
  const plain = await fetch(local.url + place);
  expect(plain.headers.get("strict-transport-security")).toBe(null);
  expect(plain.headers.get("x-content-type-options")).toBe("nosniff");
});

test("an accepted event is answered with them too", async () => {
  const tenant = await makeTenant(stack);
  const { status, headers } = await tenant.send(eventEnvelope());
  expect([status, headers.get("x-content-type-options")]).toEqual([200, "nosniff"]);
});

test("the log names the route, never the path: it may hold the token of an invitation", async () => {
  const secret = "a-token-that-nobody-may-read";
  await fetch(`${stack.url}/accept/17/${secret}/`);
  await fetch(`${stack.url}/api/0/accept/17/${secret}/`);
  await fetch(`${stack.url}/no/such/${secret}/`);
  const lines = await eventually(async () => {
    const found = (await stack.logs()).filter((line) => line.includes('"request"'));
    const routes = found.map((line) => {
      const entry: unknown = JSON.parse(line);
      return isObject(entry) ? entry.route : undefined;
    });
    expect(routes).toEqual(
      expect.arrayContaining([
        "/accept/:member/:token/",
        "/api/0/accept/:member_id/:token/",
        "none",
      ]),
    );
    return found;
  });
  expect(lines.filter((line) => line.includes(secret))).toEqual([]);
});

describe("the mailbox", () => {
  /** As a page does that gave its own name the address of this machine. */
  const ask = (url: string, host = new URL(url).host) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${url}/_dev/mail/`, { headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on("error", reject)
        .end();
    });

  test("shows itself on this machine by its own name only", async () => {
    expect([
      await ask(local.url),
      await ask(local.url, "localhost:8000"),
      await ask(local.url, "evil.example"),
      await ask(stack.url),
    ]).toEqual([200, 200, 404, 404]);
  });
});
