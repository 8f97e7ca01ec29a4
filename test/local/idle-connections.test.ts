import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { afterEach, expect, inject, test } from "vitest";
import { type Bridge, startNeonBridge } from "../../scripts/local/neon-bridge";
import { startUpstashBridge } from "../../scripts/local/upstash-bridge";

let bridge: Bridge | undefined;
const agent = new Agent({ keepAlive: true });
afterEach(async () => {
  agent.destroy();
  await bridge?.close();
});

test.each([
  ["the database", () => startNeonBridge(inject("serverUrl"))],
  ["Redis", () => startUpstashBridge("a secret")],
])("a connection to %s that nobody uses for long is not closed", async (_, start) => {
  bridge = await start();
  const asked = request(bridge.url, { agent, method: "POST" });
  asked.end("{}");
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  answer.resume();
  await once(answer, "end");
  expect(answer.headers.connection).toBe("keep-alive");
  // Node says here after how long it would.
  expect(answer.headers["keep-alive"]).toBeUndefined();
});
