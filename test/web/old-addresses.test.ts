import { expect, test } from "vitest";
import { isPagePath, oldPagePaths, pagePaths } from "../../src/protocol/page-paths";
import { newAddressOf, oldAddresses } from "../../src/web/old-addresses";

const params = {
  org: "acme",
  project: "shop",
  issue: "SHOP-1A",
  event: "e1",
  monitor: "3",
  hash: "h",
  trace: "t",
};

/** Every old address → where it leads; `/issues/$issue` asks the API and is followed in a browser. */
const cases: [path: keyof typeof oldAddresses, to: string][] = [
  ["/$org/$project/issues/$issue", "/acme/issues/SHOP-1A"],
  ["/$org/issues/$issue/comments", "/acme/issues/SHOP-1A/activity"],
  ["/$org/issues/$issue/user-reports", "/acme/issues/SHOP-1A"],
  ["/$org/uptime-monitors/$monitor/update", "/acme/issues"],
  ["/$org/$project", "/acme/settings/projects/shop/general"],
  ["/profile/multi-factor-auth", "/profile/security"],
  ["/profile/wizard/$hash", "/profile/auth-tokens"],
  ["/account/settings/wizard/$hash", "/profile/auth-tokens"],
  ["/system-info", "/admin"],
  ["/organizations/$org/issues", "/acme/issues"],
  ["/organizations/$org/issues/$issue", "/acme/issues/SHOP-1A"],
  ["/organizations/$org/issues/$issue/events/$event", "/acme/issues/SHOP-1A/events/e1"],
  ["/organizations/$org/projects", "/acme/projects"],
  ["/organizations/$org/alerts", "/acme/alerts"],
  ["/organizations/$org/stats", "/acme/stats"],
  ["/organizations/$org/releases", "/acme/issues"],
  ["/organizations/$org/crons", "/acme/issues"],
  ["/organizations/$org/feedback", "/acme/issues"],
  ["/organizations/$org/traces/trace/$trace", "/acme/issues"],
  ["/organizations/$org/performance/trace/$trace", "/acme/issues"],
  ["/$org/$project/events/$event", "/acme/issues/e1"],
  ["/settings/$org/projects/$project", "/acme/settings/projects/shop/general"],
  ["/settings/$org/projects/$project/keys", "/acme/settings/projects/shop/keys"],
  ["/settings/account/api/auth-tokens", "/profile/auth-tokens"],
];

test.each(cases)("%s leads to %s", async (path, to) => {
  expect(await newAddressOf(path, params)).toBe(to);
  expect(isPagePath(to)).toBe(true);
});

test("each old address has its case, and each leads to a page of today", () => {
  const tried = new Set<string>([...cases.map(([path]) => path), "/issues/$issue"]);
  expect(oldPagePaths.filter((path) => !tried.has(path))).toEqual([]);
});

test("what a stranger writes into an address stays one part of it", async () => {
  const to = await newAddressOf("/$org/$project/issues/$issue", {
    ...params,
    issue: "../../evil?x=1#y",
  });
  expect(to).toBe("/acme/issues/..%2F..%2Fevil%3Fx%3D1%23y");
});

const concrete = (path: string) => path.replaceAll(/\$(\w+)/g, "x-$1");

test.each([...pagePaths, ...oldPagePaths].map((path) => [path]))(
  "the server knows %s as a page",
  (path) => {
    expect(isPagePath(concrete(path))).toBe(true);
    expect(isPagePath(`${concrete(path)}/`)).toBe(true);
  },
);

test("the server knows no page elsewhere, however long or deep the path is", () => {
  expect(isPagePath("/acme/issues/1/events/2/3")).toBe(false);
  expect(isPagePath("/acme/settings/nothing")).toBe(false);
  expect(isPagePath(`/${"a/".repeat(400)}`)).toBe(false);
  expect(isPagePath(`/${"a".repeat(3000)}`)).toBe(false);
  expect(isPagePath("/__proto__/constructor/toString/x")).toBe(false);
  expect(isPagePath("/orgredirect/organizations/:orgslug/issues/1/")).toBe(true);
});
