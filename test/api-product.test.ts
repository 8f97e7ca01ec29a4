import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { eventually, makeTenant, useStack } from "./harness";

const stack = useStack({ bindings: { API_REQUESTS_PER_MINUTE: "20" } });

describe("the management API's own limit", () => {
  test("each token has its share of a minute; more is 429 with Retry-After, and another token is free", async () => {
    const [busy, calm] = [await makeTenant(stack), await makeTenant(stack)];
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => busy.call("GET", "/api/0/organizations/")),
    );
    const limited = answers.filter(({ status }) => status === 429);
    // The turn of a minute in between lets at most another share through.
    expect(limited.length).toBeGreaterThanOrEqual(10);
    const [first] = limited;
    expect(await first?.json()).toEqual({ detail: "Please retry later" });
    expect(Number(first?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(first?.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect((await calm.call("GET", "/api/0/organizations/")).status).toBe(200);
  });
});

describe("bodies", () => {
  test("too large is 413, not JSON is 400, of the wrong shape 422: always JSON, never HTML", async () => {
    const tenant = await makeTenant(stack);
    const path = `/api/0/organizations/${tenant.slug}/`;
    const send = async (body: BodyInit, type = "application/json") => {
      const response = await fetch(stack.url + path, {
        method: "PUT",
        headers: { authorization: `Bearer ${tenant.token}`, "content-type": type },
        body,
      });
      return [response.status, await response.json()];
    };
    const large = JSON.stringify({ name: "x".repeat(1_100_000) });
    expect(await send(large)).toEqual([413, { detail: "The body is larger than 1000000 bytes" }]);
    const unreadable = [400, { detail: "Cannot parse request body" }];
    expect(await send("{")).toEqual(unreadable);
    expect(await send("name=x", "application/x-www-form-urlencoded")).toEqual(unreadable);
    expect(await send("[]")).toEqual([
      422,
      { detail: [expect.objectContaining({ loc: ["body"] })] },
    ]);
  });

  test.each([
    ["GET", "/api/0/", 900_000, 200],
    ["GET", "/api/0/", 2_000_000, 413],
    ["POST", "/nothing/", 900_000, 404],
    ["POST", "/api/0/organizations/", 900_000, 401],
    ["POST", "/api/0/organizations/", 2_000_000, 413],
    ["POST", `/api/1/envelope/?sentry_key=${"0".repeat(32)}`, 900_000, 403],
    ["PUT", "/api/1/envelope/", 900_000, 405],
    ["POST", "/api/1/nothing/", 900_000, 404],
  ])(
    "%s %s with %i bytes: the answer (%i) waits until they are sent",
    async (method, path, bytes, status) => {
      for (const length of [`Content-Length: ${bytes}`, "Transfer-Encoding: chunked"]) {
        expect(await sendSlowly(method, path, bytes, length)).toEqual({
          status: `HTTP/1.1 ${status}`,
          sent: bytes,
        });
      }
    },
  );

  test("one that breaks off is the client's fault: 400, counted, no error in the log", async () => {
    const tenant = await makeTenant(stack);
    const { hostname, port } = new URL(stack.url);
    const before = (await stack.logs()).length;
    const answered = async () =>
      (await stack.logs())
        .slice(before)
        .filter((line) => line.includes('"route":"/api/0/organizations/:organization_slug/"'))
        .map((line) => /"status":\d+/.exec(line)?.[0]);
    const counted = async () => (await tenant.outcomes())["error invalid malformed"] ?? 0;
    const doors = [
      ["PUT", `/api/0/organizations/${tenant.slug}/`, async () => (await answered()).length],
      ["POST", `/api/${tenant.projectId}/envelope/?sentry_key=${tenant.publicKey}`, counted],
    ] as const;
    const beginnings = ["Content-Length: 9\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n9\r\n{"];
    for (const [method, path, seen] of doors) {
      for (const begin of beginnings) {
        const seenBefore = await seen();
        // A busy worker may not have begun with it by then, and forgets it: then another is more patient.
        for (let openMs = 100, isSeen = false; !isSeen && openMs < 20_000; openMs *= 2) {
          const socket = connect(Number(port), hostname);
          socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${begin}`);
          await setTimeout(openMs);
          socket.destroy();
          const more = async () => expect(await seen()).toBeGreaterThan(seenBefore);
          isSeen = await eventually(more, 20 * openMs).then(
            () => true,
            () => false,
          );
        }
        expect(await seen(), `${method} ${begin}`).toBeGreaterThan(seenBefore);
      }
    }
    expect(new Set(await answered())).toEqual(new Set(['"status":400']));
    expect((await stack.logs()).filter((line) => line.includes('"error"'))).toEqual([]);
  });

  test("unknown fields are ignored; zero bytes and halves of surrogate pairs are refused", async () => {
    const tenant = await makeTenant(stack);
    const path = `/api/0/organizations/${tenant.slug}/`;
    const fine = await tenant.call("PUT", path, { name: "Fine", whatever: 1 });
    expect(fine.status).toBe(200);
    for (const name of ["a\u0000b", "a\ud800b"]) {
      const odd = await tenant.call("PUT", path, { name });
      expect([odd.status, await odd.json()]).toEqual([
        422,
        { detail: "A text must not contain a zero byte or half of a surrogate pair" },
      ]);
    }
    const whole = await tenant.call("PUT", path, { name: "\ud83d\ude80 \\ud800 \\u0000" });
    expect([whole.status, await whole.json()]).toEqual([
      200,
      expect.objectContaining({ name: "\ud83d\ude80 \\ud800 \\u0000" }),
    ]);
  });
});

describe("every answer", () => {
  test("has a request id and CORS; what does not exist and what is not allowed is JSON", async () => {
    const tenant = await makeTenant(stack);
    for (const [method, path, status] of [
      ["GET", "/api/0/nowhere/", 404],
      ["DELETE", "/api/0/organizations/", 405],
      ["GET", "/api/0/organizations/", 200],
      ["GET", "/_allauth/browser/v1/nowhere", 404],
    ] as const) {
      const response = await tenant.call(method, path);
      expect([path, response.status]).toEqual([path, status]);
      expect(response.headers.get("content-type")).toMatch(/^application\/json/);
      expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
    }
    const preflight = await fetch(`${stack.url}/api/0/organizations/`, { method: "OPTIONS" });
    expect(preflight.headers.get("access-control-allow-headers")).toContain("x-csrftoken");
  });
});

/** Sends a body in twenty pieces with pauses; → the answer's status, and how many bytes had been sent when it came. */
async function sendSlowly(method: string, path: string, bytes: number, length: string) {
  const { hostname, port } = new URL(stack.url);
  const socket = connect(Number(port), hostname);
  let sent = 0;
  const answered = once(socket, "data").then(([data]) => ({
    status: `${data}`.slice(0, 12),
    sent,
  }));
  const piece = "x".repeat(bytes / 20);
  const isChunked = length.endsWith("chunked");
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${length}\r\n\r\n`);
  while (sent < bytes) {
    await setTimeout(20);
    socket.write(isChunked ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece);
    sent += piece.length;
  }
  if (isChunked) socket.write("0\r\n\r\n");
  const answer = await answered;
  socket.destroy();
  return answer;
}
