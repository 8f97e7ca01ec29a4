import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  bodyOf,
  headersOf,
  type RecordedRequest,
  recordedKey,
  recordedRequests,
} from "../fixtures";
import { eventually, makeTenant, type Tenant, useStack } from "../harness";

/**
 * Every recorded request of a real SDK goes through the HTTP door, the queue and the database, and comes out of
 * the API; whole answers are compared with the files in test/fixtures/golden. After a wanted change,
 * `npm test -- -u` rewrites them: review the difference as you would review code.
 */
const stack = useStack({ fresh: true });
const ingest = /^\/api\/42\/(envelope|store|security)\//;
const golden = (name: string) => join(import.meta.dirname, "../fixtures/golden", name);

/** Items in all recorded bodies, with the quantities of client reports. */
const itemsRecorded = 226;

type Answer = { status: number; body: string; headers: Headers };
const answers = new Map<RecordedRequest, Answer>();
let tenant: Tenant;

beforeAll(async () => {
  tenant = await makeTenant(stack, { ...recordedKey, slug: "recorded" });
  for (const request of recordedRequests) {
    const response = await fetch(stack.url + request.url, {
      method: request.method,
      headers: headersOf(request),
      ...(request.file && { body: new Uint8Array(bodyOf(request)) }),
    });
    answers.set(request, {
      status: response.status,
      body: await response.text(),
      headers: response.headers,
    });
  }
  await eventually(async () => {
    expect(await tenant.countEvents()).toBe(83);
    const counted = Object.values(await tenant.outcomes()).reduce(
      (sum, quantity) => sum + quantity,
      0,
    );
    expect(counted).toBe(itemsRecorded);
  });
});

const answerTo = (request: RecordedRequest): Answer => {
  const answer = answers.get(request);
  if (!answer) throw new Error(`${request.file} was not sent`);
  return answer;
};

test("every request to an ingest door is answered with exactly 200 and CORS headers", () => {
  const wrong = recordedRequests
    .filter(({ url }) => ingest.test(url))
    .map((request) => ({ file: request.file, ...answerTo(request) }))
    .filter(
      ({ status, headers }) => status !== 200 || headers.get("access-control-allow-origin") !== "*",
    );
  expect(wrong).toEqual([]);
});

test("doors that are not there yet answer 404 in the API's own shape; the dialog's script is a script", () => {
  for (const request of recordedRequests.filter(({ url }) => !ingest.test(url))) {
    const { status, headers, body } = answerTo(request);
    if (request.url.includes("/api/embed/")) {
      expect([status, headers.get("content-type")]).toEqual([
        200,
        expect.stringMatching(/javascript/),
      ]);
      continue;
    }
    expect([request.url, status]).toEqual([request.url, 404]);
    expect(JSON.parse(body)).toEqual({ detail: "Not Found" });
  }
});

test("nothing went wrong inside", async () => {
  expect((await stack.logs()).filter((line) => !line.includes('"level":"info"'))).toEqual([]);
});

test("everything that was sent is counted under what became of it", async () => {
  await expect(
    JSON.stringify(await tenant.outcomes(), Object.keys(await tenant.outcomes()).toSorted(), 1),
  ).toMatchFileSnapshot(golden("_outcomes.json"));
});

test("the same failure is one issue, whatever SDK generation reports it", async () => {
  const issues = await tenant.issues("?limit=100");
  const lines = issues.map(({ title, culprit, type, level, count }) =>
    JSON.stringify([title, culprit, type, level, count]),
  );
  await expect(`[\n${lines.toSorted().join(",\n")}\n]\n`).toMatchFileSnapshot(
    golden("_issues.json"),
  );
});

const named = recordedRequests.filter(({ url, file }) => file && ingest.test(url));

test.each(named.map((request) => [request.file ?? "", request] as const))(
  "%s",
  async (file, request) => {
    const { body } = answerTo(request);
    const id = request.url.includes("/security/") ? await idOfReport(file) : JSON.parse(body).id;
    const response = id
      ? await tenant.call("GET", `/api/0/projects/recorded/shop/events/${id}/`)
      : undefined;
    const event = response?.status === 200 ? settled(await response.json()) : null;
    const seen = { answer: body === "" ? null : JSON.parse(body), event };
    await expect(`${JSON.stringify(seen, null, 1)}\n`).toMatchFileSnapshot(
      golden(file.replace(/\.bin$/, ".json")),
    );
  },
);

async function idOfReport(file: string): Promise<string> {
  const events = await tenant.get<{ eventID: string; type: string; title: string }[]>(
    "/api/0/projects/recorded/shop/events/?limit=100",
  );
  const title = file.includes("-2")
    ? "Blocked 'img' from 'localhost:9999'"
    : "Blocked 'script' from 'eval'";
  const found = events.find((event) => event.type === "csp" && event.title === title);
  if (!found) throw new Error(`no event for ${file}`);
  return found.eventID;
}

type Answered = {
  dateReceived: string;
  dateCreated: string;
  errors: { type: string; name: string }[] | null;
  entries: { type: string; data: { values?: { timestamp?: string | null }[] } }[];
  [key: string]: unknown;
};

/** Takes out what differs from run to run: ids of ours, neighbours, and times that follow the receiving clock. */
function settled(event: Answered): Record<string, unknown> {
  const received = +new Date(event.dateReceived);
  const isRelative =
    event.errors?.some(({ type }) => type === "clock_drift") ||
    Math.abs(received - +new Date(event.dateCreated)) < 60_000;
  const time = (iso: string) =>
    isRelative ? `received ${Math.round(millisOf(iso) - received)} ms` : iso;
  const errors = event.errors?.filter(({ type }) => type !== "past_timestamp") ?? [];
  const entries = event.entries.map((entry) =>
    entry.type === "breadcrumbs"
      ? {
          ...entry,
          data: {
            values: entry.data.values?.map((crumb) => ({
              ...crumb,
              timestamp: crumb.timestamp ? time(crumb.timestamp) : crumb.timestamp,
            })),
          },
        }
      : entry,
  );
  const { groupID: _, nextEventID: __, previousEventID: ___, ...rest } = event;
  const isOurs = rest.type === "csp";
  return {
    ...rest,
    ...(isOurs && { id: "ours", eventID: "ours" }),
    entries,
    errors: errors.length > 0 ? errors : null,
    dateReceived: "now",
    dateCreated: time(event.dateCreated),
  };
}

/** Date drops microseconds; rounding what is left would flip at their edge. */
const millisOf = (iso: string) =>
  +new Date(iso) + Number(/\.\d{3}(\d{3})Z$/.exec(iso)?.[1] ?? 0) / 1000;
