import { expect, test } from "vitest";
import { violationOf } from "./contract";

const url = "http://127.0.0.1:1/api/0/organizations/";
const json = "application/json";

test("an answer that fits its document passes, one that does not is named", () => {
  expect(violationOf("GET", url, 200, json, "[]")).toBeUndefined();
  expect(violationOf("GET", url, 200, json, '[{"id":1}]')).toMatch(/data\/0 must have required/);
  expect(violationOf("GET", url, 200, "text/html", "<p>")).toMatch(/not JSON/);
  expect(violationOf("GET", url, 418, json, "{}")).toMatch(/does not know/);
  expect(violationOf("DELETE", `${url}acme/`, 204, json, "{}")).toMatch(/with a body/);
});
