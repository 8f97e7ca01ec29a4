import { expect, test } from "vitest";
import { eventPath, firstRequests } from "../../../src/web/first-requests";

const me = "/api/0/users/me/";
const org = "/api/0/organizations/acme/";
const issue = `${org}issues/42/`;

test.each<[address: string, search: string, paths: string[]]>([
  ["/acme/issues/42", "", [issue, `${issue}events/latest/`]],
  [
    "/acme/issues/42/events/abc",
    "?statsPeriod=24h&environment=prod&environment=dev&query=a:b&frames=0.1&project=7",
    [issue, `${issue}events/abc/?query=a%3Ab&environment=prod&environment=dev&statsPeriod=24h`],
  ],
  ["/acme/issues/42/events", "?environment=prod", [issue]],
  [
    "/acme/issues/42",
    "?statsPeriod=24h&start=now-7d",
    [issue, `${issue}events/latest/?start=now-7d`],
  ],
  // What is no id is looked up before anything else is asked.
  ["/acme/issues/SHOP-1A", "", []],
  ["/acme/issues/0123456789abcdef0123456789abcdef", "", []],
  ["/acme/issues/42/tags", "", []],
  ["/acme/issues/42/diff/a...b", "", []],
])("%s%s asks for its issue and its event before its code is there", (path, search, paths) => {
  expect(firstRequests(path, search).paths).toEqual([me, org, ...paths]);
});

test("the page asks with the same words as the script before it", () => {
  const search = "?query=x&environment=prod";
  expect(firstRequests("/acme/issues/42", search).paths).toContain(
    eventPath("acme", "42", "latest", search),
  );
});
