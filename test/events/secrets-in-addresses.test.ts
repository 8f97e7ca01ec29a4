import { expect, test } from "vitest";
import { normalizeEvent } from "../../src/events/normalize";
import { scrubEvent } from "../../src/events/scrub";
import type { JsonObject } from "../../src/protocol/json";

const secret = "s3kr3tv4lue";

const addresses = [
  `https://a.example/cb#access_token=${secret}&x=1`,
  `https://a.example/#/cb?id_token=${secret}&page=2`,
  `https://a.example/cb#/x;token=${secret}`,
  `https://a.example/cb#state=1&refresh_token=${secret}`,
  `https://a.example/%23access_token%3D${secret}`,
  `https://a.example/x?redirect=https%3A%2F%2Fb.example%2F%3Ftoken%3D${secret}`,
  `wss://a.example/s?token=${secret}`,
  `/cb?auth=${secret}`,
  `/cb?session=${secret}&p=1`,
  `/reset?reset_token=${secret}`,
  `/x?jwt=${secret}&api-key=${secret}`,
  `/x?sig=${secret}&X-Amz-Signature=${secret}`,
  `/x;jsessionid=${secret}?PHPSESSID=${secret}`,
  `/x?user[password]=${secret}`,
];

const places: [place: string, eventWith: (address: string) => JsonObject][] = [
  ["the transaction", (transaction) => ({ transaction })],
  ["the culprit", (culprit) => ({ culprit })],
  ["a logger", (logger) => ({ logger })],
  ["the name of a server", (server_name) => ({ server_name })],
  ["a message", (address) => ({ message: `failed ${address}` })],
  ["a parameter", (address) => ({ logentry: { message: "GET %s", params: [address] } })],
  ["an exception", (address) => ({ exception: { type: "E", value: `GET ${address} failed` } })],
  ["a frame", (abs_path) => ({ stacktrace: { frames: [{ abs_path, function: "f" }] } })],
  ["the address of a request", (url) => ({ request: { url } })],
  ["a fragment", (address) => ({ request: { fragment: address.split("#")[1] ?? address } })],
  ["a header", (Referer) => ({ request: { headers: { Referer } } })],
  ["a breadcrumb", (to) => ({ breadcrumbs: [{ message: to, data: { from: to, to } }] })],
  ["a tag", (url) => ({ tags: { url } })],
  ["extra", (address) => ({ extra: { address } })],
  ["a fingerprint", (address) => ({ fingerprint: [address] })],
  ["the id of a person", (id) => ({ user: { id } })],
  ["what is quoted of a field of the wrong shape", (address) => ({ threads: address })],
];

test.each(places)("no secret of an address is left in %s", (_, eventWith) => {
  for (const address of addresses) {
    const source = { eventId: "a".repeat(32), receivedAt: 1_795_500_000, connection: {} };
    const { event, report } = normalizeEvent(eventWith(address), source);
    scrubEvent(event, report, { defaults: true, keepIp: true });
    const kept = JSON.stringify([event, report.errors, [...report.meta]]);
    expect([address, kept.includes(secret)]).toEqual([address, false]);
  }
});
