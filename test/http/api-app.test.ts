import { beforeAll, expect, test } from "vitest";
import { eventually, useStack } from "../harness";
import { servedDocument } from "../openapi-document";

/** What all routes of the API have in common, whichever feature they are of. */
const stack = useStack();

/** The simulator and the connection put these on. */
const ofTheConnection = /^(connection|content-encoding|date|keep-alive|transfer-encoding)$/;
const headersOf = (response: Response) =>
  Object.fromEntries([...response.headers].filter(([name]) => !ofTheConnection.test(name)));

let documented: Map<string, Set<string>>;
beforeAll(async () => {
  const { paths } = await servedDocument(stack);
  documented = new Map(
    Object.entries(paths).map(([path, methods]) => [
      path,
      new Set(Object.keys(methods).map((method) => method.toUpperCase())),
    ]),
  );
});

test("a page of any site may ask beforehand, and gets the same answer at every path", async () => {
  for (const path of ["/api/0/organizations/", "/no/such/place"]) {
    const answer = await fetch(stack.url + path, {
      method: "OPTIONS",
      headers: {
        origin: "https://shop.example",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "content-type, x-unheard-of",
      },
    });
    expect([answer.status, headersOf(answer)]).toEqual([
      204,
      {
        "access-control-allow-headers":
          "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with, x-sentry-auth, baggage, sentry-trace",
        "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
        "access-control-allow-origin": "*",
        "access-control-expose-headers":
          "Link, X-Hits, X-Max-Hits, X-Sentry-Direct-Hit, X-Query-Notes, X-Request-Id, Retry-After",
        "access-control-max-age": "86400",
        "referrer-policy": "same-origin",
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
      },
    ]);
  }
});

test("a method that no route of a path has is 405 with those that it has, as the document lists them", async () => {
  const ours = [...documented].filter(([path]) => !/^\/(api\/auth|_allauth)\//.test(path));
  expect(ours.length).toBeGreaterThan(40);
  const answers = await Promise.all(
    ours.map(async ([path]) => {
      const address = path.replaceAll(/\{\w+\}/g, "1");
      const answer = await fetch(stack.url + address, { method: "PROPFIND" });
      return [path, answer.status, answer.headers.get("allow"), await answer.json()];
    }),
  );
  // Where two patterns fit a path, what either has is allowed.
  const allowedAt = (path: string) => {
    const address = path.replaceAll(/\{\w+\}/g, "1");
    const fitting = [...documented].filter(([other]) =>
      new RegExp(`^${other.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(address),
    );
    return new Set(fitting.flatMap(([, methods]) => [...methods]));
  };
  for (const [path, status, allow, body] of answers) {
    expect([path, status, body]).toEqual([path, 405, { detail: "Method not allowed" }]);
    expect([path, new Set(String(allow).split(", "))]).toEqual([path, allowedAt(String(path))]);
  }
});

test("every request has an id of its own, which the log names too, and a client's is not taken over", async () => {
  const own = "chosen-by-a-client";
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(stack.url + path, { headers: { "x-request-id": own }, ...init });
    return answer.headers.get("x-request-id") ?? "none";
  };
  const ids = [
    await ask("/_health/"),
    await ask("/api/0/organizations/"),
    await ask("/no/such/place"),
    await ask("/api/0/organizations/", { method: "PROPFIND" }),
    await ask("/login/"),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))).toEqual([]);
  await eventually(async () => {
    const log = (await stack.logs()).join("\n");
    expect(ids.filter((id) => !log.includes(id))).toEqual([]);
    expect(log).not.toContain(own);
  });
});

test("a path has one spelling, and never a redirect for another", async () => {
  for (const path of ["/api/0", "/api/0/", "/_health", "/_health/"]) {
    const answer = await fetch(stack.url + path, { redirect: "manual" });
    expect([path, answer.status]).toEqual([path, 200]);
  }
});

test("browsers and search engines get what they ask for by themselves", async () => {
  const robots = await fetch(`${stack.url}/robots.txt`);
  expect([robots.status, await robots.text()]).toEqual([200, "User-agent: *\nDisallow: /\n"]);
  const icon = await fetch(`${stack.url}/favicon.ico`);
  expect([icon.status, icon.headers.get("cache-control")]).toEqual([204, "public, max-age=86400"]);
});
