import { expect, test } from "vitest";
import { unpackEnvelope } from "../../queues/catalog";
import { prepare } from "../../src/digest/prepare";
import { decodePayload } from "../../src/events/payload";
import { dashed, uuidv7 } from "../../src/platform/ids";
import { segmentKey } from "../../src/platform/segment";
import { compress } from "../../src/protocol/compress";
import { parseEnvelope } from "../../src/protocol/envelope";
import { messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, randomId, useStack } from "../harness";
import { eventsOf } from "../prepared";

const stack = useStack();
const megabyte = 1024 * 1024;

/** Adds events as large as they come, one after another, in a segment of their own. */
async function addLargeEvents(tenant: Awaited<ReturnType<typeof makeTenant>>, count: number) {
  await tenant.send(eventEnvelope());
  const { rows } = await eventually(async () => {
    const found = await stack.sql.query("select * from events where project_id = $1", [
      tenant.projectId,
    ]);
    expect(found.rows).toHaveLength(1);
    return found;
  });
  const [row] = rows;
  const { bucket } = stack.control;
  const { meta, body } = unpackEnvelope(messageOf(tenant, eventEnvelope()));
  const opened = parseEnvelope(body);
  if (typeof opened === "string") throw new Error(opened);
  const [prepared] = eventsOf(prepare(meta, { ...opened, bytes: body.length }));
  const { event } = decodePayload(prepared?.payload ?? new Uint8Array());
  const large = { ...event, extra: { text: "x".repeat(megabyte - 10_000) } };
  const payload = compress(new TextEncoder().encode(JSON.stringify(large))).bytes;
  const segment = uuidv7(Date.now());
  await bucket.put(segmentKey(segment), new Uint8Array(Buffer.concat(Array(count).fill(payload))));
  const ids = [];
  for (let index = 0; index < count; index++) {
    const id = randomId();
    ids.push(id);
    await stack.sql.query(
      `insert into events (received_at, project_id, issue_id, event_id, segment_id, segment_offset, segment_length)
       values (now() + make_interval(secs => $1), $2, $3, $4, $5, $6, $7)`,
      [
        index + 1,
        tenant.projectId,
        row.issue_id,
        dashed(id),
        segment,
        index * payload.length,
        payload.length,
      ],
    );
  }
  return [row.event_id.replaceAll("-", ""), ...ids].toReversed() as string[];
}

test("a page of large events is shorter, and the pages together hold each event once, both ways", async () => {
  const tenant = await makeTenant(stack);
  const expected = await addLargeEvents(tenant, 12);
  const read = async (address: string) => {
    const response = await fetch(address, { headers: { authorization: `Bearer ${tenant.token}` } });
    const text = await response.text();
    expect([response.status, text.length < 10 * megabyte]).toEqual([200, true]);
    const links = Object.fromEntries(
      [
        ...(response.headers.get("link") ?? "").matchAll(
          /<([^>]+)>; rel="(\w+)"; results="(\w+)"/g,
        ),
      ].map(([, url = "", rel, results]) => [
        rel,
        results === "true" ? stack.url + new URL(url).pathname + new URL(url).search : undefined,
      ]),
    );
    return { ids: (JSON.parse(text) as { id: string }[]).map(({ id }) => id), links };
  };
  const walk = async (start: string, rel: "next" | "previous") => {
    const pages = [];
    for (let address: string | undefined = start; address && pages.length < 30; ) {
      const { ids, links } = await read(address);
      pages.push(ids);
      if (!links[rel]) return { pages, last: address };
      address = links[rel];
    }
    throw new Error("the pages have no end");
  };
  const list = `${stack.url}/api/0/projects/${tenant.slug}/shop/events/?limit=20`;
  const forward = await walk(list, "next");
  expect(forward.pages.flat()).toEqual(expected);
  expect(forward.pages.length).toBeGreaterThan(1);
  const backward = await walk(forward.last, "previous");
  expect(backward.pages.toReversed().flat()).toEqual(expected);
});
