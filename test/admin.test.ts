import { describe, expect, test } from "vitest";
import { openBrowser } from "./browser";
import { eventEnvelope, eventually, makeTenant, useStack } from "./harness";

const token = "metrics-token-of-the-operator";
const stack = useStack({ bindings: { METRICS_TOKEN: token } });
const local = useStack({ bindings: { PUBLIC_URL: "http://localhost:8000" } });
const bare = useStack({
  bindings: { PUBLIC_URL: "http://localhost:8000", DEV_MAILBOX: "false" },
});

describe("metrics", () => {
  const read = (bearer?: string, url = stack.url) =>
    fetch(`${url}/metrics`, {
      ...(bearer && { headers: { authorization: `Bearer ${bearer}` } }),
    });

  test("are closed without their token, and not there at all when none is set", async () => {
    const tenant = await makeTenant(stack, { superuser: true });
    const statuses = [(await read()).status, (await read("wrong")).status];
    expect([...statuses, (await read(tenant.token)).status]).toEqual([401, 401, 401]);
    expect((await read(token, bare.url)).status).toBe(404);
  });

  test("tell sizes, what was sent, and how far the digest is behind, in Prometheus' format", async () => {
    const tenant = await makeTenant(stack);
    await tenant.send(eventEnvelope());
    await eventually(async () => expect(await tenant.countEvents()).toBe(1));
    const response = await read(token);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const text = await response.text();
    for (const line of text.trim().split("\n")) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) brinkwatch_\w+ .+|brinkwatch_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.]+)$/,
      );
    }
    expect(text).toMatch(/^brinkwatch_organizations [1-9]/m);
    expect(text).toMatch(/^brinkwatch_items_this_hour\{category="error",outcome="accepted"\} 1$/m);
    expect(text).toMatch(/^brinkwatch_queue_age_seconds \d/m);
    expect(text).toMatch(/^brinkwatch_dead_letters 0$/m);
    expect(text).toMatch(/^brinkwatch_issue_change_lag_seconds\{reader="alerts"\} \d+$/m);
    expect(text).toMatch(/^brinkwatch_issue_changes_retrying\{reader="alerts"\} 0$/m);
    expect(text).toMatch(/^brinkwatch_issue_changes_parked\{reader="alerts"\} 0$/m);
  });
});

describe("pages", () => {
  test("the API reference and all it loads come from here", async () => {
    const page = await fetch(`${stack.url}/api/docs`);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await page.text();
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, address = ""]) => address,
    );
    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses) {
      expect(address).toMatch(/^https:\/\/brinkwatch\.example\/api\//);
      const file = await fetch(address.replace("https://brinkwatch.example", stack.url));
      expect([address, file.status]).toEqual([address, 200]);
      expect((await file.text()).length).toBeGreaterThan(100);
    }
  });

  test("the mailbox shows what would be mailed, escaped, and is not there unless asked for", async () => {
    const tenant = await makeTenant(local);
    await tenant.call("PUT", `/api/0/organizations/${tenant.slug}/`, { name: "<b>Acme</b> & Co" });
    await tenant.call("POST", `/api/0/organizations/${tenant.slug}/members/`, {
      email: "guest@example.com",
    });
    await eventually(async () => {
      const html = await (await fetch(`${local.url}/_dev/mail`)).text();
      expect(html).toContain("You are invited to Acme &amp; Co");
      expect(html).toMatch(/<a href="http:\/\/localhost:8000\/accept\/\d+\/\w+">/);
    });
    expect((await fetch(`${bare.url}/_dev/mail`)).status).toBe(404);
  });
});

describe("health", () => {
  test("in both spellings, for everybody", async () => {
    expect(await (await fetch(`${stack.url}/_health/`)).text()).toBe("ok");
    for (const path of ["/api/0/internal/health", "/api/0/internal/health/"]) {
      expect(await (await fetch(stack.url + path)).json()).toEqual({ healthy: {}, problems: [] });
    }
  });
});

describe("without a secret", () => {
  const closed = useStack({ bindings: { AUTH_SECRET: "" } });

  test("events come in and tokens work, but signing in says what is missing", async () => {
    const tenant = await makeTenant(closed);
    expect((await tenant.send(eventEnvelope())).status).toBe(200);
    expect((await tenant.call("GET", "/api/0/organizations/")).status).toBe(200);
    const response = await openBrowser(closed).signIn("a@example.com", "whatever it is");
    expect([response.status, await response.json()]).toEqual([
      503,
      { detail: "Sign-in is not configured: set AUTH_SECRET." },
    ]);
  });
});
