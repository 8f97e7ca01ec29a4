import { beforeAll, describe, expect, test } from "vitest";
import { eventEnvelope, eventually, makeTenant, randomId, type Tenant, useStack } from "../harness";

const stack = useStack();
let tenant: Tenant;
const ids: string[] = [];

type Issue = {
  id: string;
  title: string;
  status: string;
  count: string;
  lastSeen: string;
  [key: string]: unknown;
};

/** Seven issues; the n-th has n events, and each has its own tags, level and text. */
beforeAll(async () => {
  tenant = await makeTenant(stack);
  const levels = ["fatal", "error", "warning", "info", "debug", "error", "error"];
  for (let number = 1; number <= 7; number++) {
    for (let count = 0; count < number; count++) {
      const id = randomId();
      if (number === 3) ids.push(id);
      const response = await tenant.send(
        eventEnvelope(
          {
            exception: {
              values: [
                {
                  type: `Error${number}`,
                  value: `the ${number % 2 ? "odd" : "even"} cart is 100%_empty`,
                },
              ],
            },
            level: levels[number - 1],
            environment: number < 4 ? "staging" : "production",
            tags: {
              number: String(number),
              parity: number % 2 ? "odd" : "even",
              ...(number > 5 && { "two words": "a b" }),
            },
            user: { id: `u${count % 3}` },
          },
          { event_id: id },
        ),
      );
      await response.arrayBuffer();
    }
    await eventually(async () =>
      expect(await tenant.countEvents()).toBe((number * (number + 1)) / 2),
    );
  }
});

const list = async (query: string): Promise<string[]> =>
  (await tenant.issues(query)).map(({ title }) => title.replace(/^Error(\d).*/, "$1"));

describe("the list of issues", () => {
  test.each([
    ["", "7654321"],
    ["?sort=-last_seen", "7654321"],
    ["?sort=last_seen", "1234567"],
    ["?sort=date", "7654321"],
    ["?sort=new", "7654321"],
    ["?sort=first_seen", "1234567"],
    ["?sort=-count", "7654321"],
    ["?sort=count", "1234567"],
    ["?sort=freq", "7654321"],
    ["?sort=-priority", "7654321"],
    ["?sort=user", "7654321"],
    ["?query=is:unresolved", "7654321"],
    ["?query=is:resolved", ""],
    ["?query=level:error", "762"],
    ["?query=number:3", "3"],
    ["?query=parity:odd", "7531"],
    ["?query=!parity:odd", "642"],
    ["?query=parity:odd%20number:3", "3"],
    ["?query=parity:odd%20number:4", ""],
    ["?query=has:two_words", "76"],
    ["?query=!has:two_words", "54321"],
    ["?query=two_words:%22a%20b%22", "76"],
    ["?query=even", "642"],
    ["?query=EVEN%20cart", "642"],
    ["?query=%22even%20cart%22", "642"],
    ["?query=cart%20parity:odd", "7531"],
    ["?query=100%25_", "7654321"],
    ["?query=1000_", ""],
    ["?query=odd*empty", "7531"],
    ["?query=Error3", "3"],
    ["?query=unbalanced%22", ""],
    ["?environment=staging", "321"],
    ["?environment=staging&environment=production", "7654321"],
    ["?environment=nowhere", ""],
    ["?project=-1", "7654321"],
    ["?start=now-1h&end=now", "7654321"],
    ["?end=now-1h", ""],
  ])("%s → %s", async (query, expected) => {
    expect((await list(query)).join("")).toBe(expected);
  });

  test("an event id as the whole search finds its issue and says so", async () => {
    const response = await tenant.call(
      "GET",
      `/api/0/organizations/${tenant.slug}/issues/?query=${ids[0]}`,
    );
    expect(response.headers.get("x-sentry-direct-hit")).toBe("1");
    expect(await response.json()).toMatchObject([
      { title: expect.stringContaining("Error3"), matchingEventId: ids[0] },
    ]);
    expect(await list(`?query=${randomId()}`)).toEqual([]);
  });

  test.each(["?sort=nonsense", "?limit=x", "?cursor=nonsense", "?id=abc", "?start=whenever"])(
    "%s is 422",
    async (query) => {
      const response = await tenant.call(
        "GET",
        `/api/0/organizations/${tenant.slug}/issues/${query}`,
      );
      expect(response.status).toBe(422);
      expect(await response.json()).toHaveProperty("detail");
    },
  );

  test.each([
    "sort=-last_seen",
    "sort=-count",
    "sort=count",
    "sort=priority",
    "sort=-priority",
    "sort=first_seen",
  ])("by %s every issue comes exactly once over all pages, forwards and back", async (sort) => {
    const forwards: string[] = [];
    let path = `/api/0/organizations/${tenant.slug}/issues/?limit=3&${sort}&query=cart`;
    const firsts: string[][] = [];
    let link = "";
    for (let page = 0; page < 3; page++) {
      const response = await tenant.call("GET", path);
      const titles = ((await response.json()) as Issue[]).map(({ title }) => title);
      firsts.push(titles);
      forwards.push(...titles);
      link = response.headers.get("link") ?? "";
      expect(response.headers.get("x-hits")).toBe("7");
      const next = linkOf(link, "next");
      expect([page, next.results]).toEqual([page, page < 2 ? "true" : "false"]);
      path = next.path;
    }
    expect(new Set(forwards).size).toBe(7);
    const previous = linkOf(link, "previous");
    expect(previous.results).toBe("true");
    const back = await tenant.call("GET", previous.path);
    expect(((await back.json()) as Issue[]).map(({ title }) => title)).toEqual(firsts[1]);
    const first = await tenant.call("GET", linkOf(back.headers.get("link") ?? "", "previous").path);
    expect(((await first.json()) as Issue[]).map(({ title }) => title)).toEqual(firsts[0]);
    expect(linkOf(first.headers.get("link") ?? "", "previous").results).toBe("false");
    expect(linkOf(first.headers.get("link") ?? "", "next").results).toBe("true");
  });

  test("a cursor of another list is 422 everywhere", async () => {
    const pages = [
      "organizations/?",
      "projects/?",
      `organizations/${tenant.slug}/issues/?`,
      `organizations/${tenant.slug}/issues/?sort=count&`,
      `projects/${tenant.slug}/shop/events/?`,
    ];
    for (const page of pages) {
      for (const text of ["n|2026-01-01T00:00:00Z|x", "n|17|5f0c8a52", "n|nonsense|y"]) {
        const response = await tenant.call("GET", `/api/0/${page}cursor=${btoa(text)}`);
        expect([page, text, response.status]).toEqual([page, text, 422]);
      }
    }
  });

  test("the Link header has the form that clients parse with regular expressions", async () => {
    const response = await tenant.call(
      "GET",
      `/api/0/organizations/${tenant.slug}/issues/?limit=2&query=a,b`,
    );
    const part = (rel: string) =>
      `<https://brinkwatch\\.example/api/0/organizations/${tenant.slug}/issues/\\?[^,>]*>; rel="${rel}"; results="(true|false)"; cursor="[\\w-]+"`;
    expect(response.headers.get("link")).toMatch(
      new RegExp(`^${part("previous")}, ${part("next")}$`),
    );
  });

  function linkOf(header: string, rel: string): { path: string; results: string } {
    const [, url = "", results = ""] =
      new RegExp(`<([^>]+)>; rel="${rel}"; results="(\\w+)"`).exec(header) ?? [];
    const { pathname, search } = new URL(url);
    return { path: pathname + search, results };
  }

  test("of a project, and with an empty cursor and per_page", async () => {
    const issues = await tenant.get<Issue[]>(
      `/api/0/projects/${tenant.slug}/shop/issues/?cursor=&per_page=2`,
    );
    expect(issues).toHaveLength(2);
  });
});

describe("one issue", () => {
  test("has GlitchTip's shape with real values", async () => {
    const [issue] = await tenant.issues("?query=number:3");
    const detail = await tenant.get<Issue>(`/api/0/issues/${issue?.id}/`);
    expect(detail).toEqual({
      id: expect.stringMatching(/^\d+$/),
      shortId: "SHOP-3",
      title: "Error3: the odd cart is 100%_empty",
      culprit: "",
      type: "error",
      level: "warning",
      status: "unresolved",
      statusDetails: {},
      metadata: { type: "Error3", value: "the odd cart is 100%_empty" },
      project: { id: String(tenant.projectId), slug: "shop", name: "Shop", platform: "node" },
      count: "3",
      userCount: 3,
      numComments: 0,
      stats: { "24h": expect.any(Array) },
      firstSeen: expect.stringMatching(/Z$/),
      lastSeen: expect.stringMatching(/Z$/),
      permalink: `https://brinkwatch.example/${tenant.slug}/issues/${issue?.id}`,
      logger: null,
      shareId: null,
      hasSeen: false,
      isBookmarked: false,
      isSubscribed: false,
      subscriptionDetails: null,
      assignedTo: null,
      suggestedOwners: [],
      isUnhandled: false,
      substatus: "new",
      priority: "medium",
      priorityLockedAt: null,
      environments: ["staging"],
      matchingEventId: null,
      userReportCount: 0,
    });
    expect(await tenant.get(`/api/0/organizations/${tenant.slug}/issues/${issue?.id}/`)).toEqual(
      detail,
    );
  });

  test("can be resolved, ignored and reopened, alone and in bulk", async () => {
    const other = await makeTenant(stack);
    for (const type of ["A", "B", "C"]) {
      await other.send(eventEnvelope({ exception: { values: [{ type, value: "x" }] } }));
    }
    await eventually(async () => expect(await other.countEvents()).toBe(3));
    const statuses = async () =>
      Object.fromEntries((await other.issues()).map(({ title, status }) => [title, status]));
    const idOf = async (title: string) =>
      (await other.issues()).find((issue) => issue.title === title)?.id;

    const put = await other.call(
      "PUT",
      `/api/0/organizations/${other.slug}/issues/${await idOf("A: x")}/`,
      { status: "resolved" },
    );
    expect(await put.json()).toMatchObject({
      title: "A: x",
      status: "resolved",
      userReportCount: 0,
    });
    await other.call("PUT", `/api/0/projects/${other.slug}/shop/issues/?id=${await idOf("B: x")}`, {
      status: "muted",
    });
    expect(await statuses()).toEqual({
      "A: x": "resolved",
      "B: x": "ignored",
      "C: x": "unresolved",
    });
    const bulk = await other.call(
      "PUT",
      `/api/0/organizations/${other.slug}/issues/?query=is:ignored`,
      { status: "resolved" },
    );
    expect(await bulk.json()).toEqual({
      status: "resolved",
      changed: 1,
      undoId: expect.any(String),
    });
    expect(await statuses()).toEqual({
      "A: x": "resolved",
      "B: x": "resolved",
      "C: x": "unresolved",
    });

    const wrong = await other.call("PUT", `/api/0/issues/${await idOf("C: x")}/`, {
      status: "gone",
    });
    expect(wrong.status).toBe(422);
    const unreadable = await fetch(`${stack.url}/api/0/issues/${await idOf("C: x")}/`, {
      method: "PUT",
      headers: { authorization: `Bearer ${other.token}`, "content-type": "application/json" },
      body: "{nope",
    });
    expect([unreadable.status, await unreadable.json()]).toEqual([
      400,
      { detail: "Cannot parse request body" },
    ]);
  });
});

describe("events", () => {
  test("by id, latest, with their neighbours, in every address", async () => {
    const [issue] = await tenant.issues("?query=number:3");
    type Detail = { eventID: string; nextEventID: string | null; previousEventID: string | null };
    const latest = await tenant.get<Detail>(`/api/0/issues/${issue?.id}/events/latest/`);
    expect(latest.nextEventID).toBeNull();
    const seen = [latest.eventID];
    for (let event = latest; event.previousEventID; ) {
      const older: Detail = await tenant.get(
        `/api/0/issues/${issue?.id}/events/${event.previousEventID}/`,
      );
      expect(older.nextEventID).toBe(event.eventID);
      seen.push(older.eventID);
      event = older;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    for (const address of [
      `/api/0/organizations/${tenant.slug}/issues/${issue?.id}/events/${ids[0]}/`,
      `/api/0/projects/${tenant.slug}/shop/events/${ids[0]}/`,
      `/api/0/issues/${issue?.id}/events/${ids[0]?.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}/`,
    ]) {
      expect(await tenant.get(address)).toMatchObject({
        eventID: ids[0],
        groupID: issue?.id,
        projectID: tenant.projectId,
      });
    }
    expect(
      await tenant.get(
        `/api/0/organizations/${tenant.slug}/issues/${issue?.id}/events/${ids[0]}/json/`,
      ),
    ).toMatchObject({
      event_id: ids[0],
      project: tenant.projectId,
      level: "warning",
      tags: { number: "3" },
      title: "Error3: the odd cart is 100%_empty",
    });
    const old = await fetch(
      `${stack.url}/organizations/${tenant.slug}/issues/${issue?.id}/events/${ids[0]}/json/`,
      { redirect: "manual" },
    );
    expect([old.status, new URL(old.headers.get("location") ?? "", stack.url).pathname]).toEqual([
      302,
      `/api/0/organizations/${tenant.slug}/issues/${issue?.id}/events/${ids[0]}/json/`,
    ]);
  });

  test("pages of a project come in order, once each", async () => {
    const seen: string[] = [];
    let path: string | undefined = `/api/0/projects/${tenant.slug}/shop/events/?limit=11`;
    while (path) {
      const response = await tenant.call("GET", path);
      seen.push(
        ...((await response.json()) as { eventID: string }[]).map(({ eventID }) => eventID),
      );
      const [, next] =
        /<https:\/\/[^/]+([^>]+)>; rel="next"; results="true"/.exec(
          response.headers.get("link") ?? "",
        ) ?? [];
      path = next;
    }
    expect(seen).toHaveLength(28);
    expect(new Set(seen).size).toBe(28);
  });

  test("an event whose payload the bucket lost still has its identity", async () => {
    const other = await makeTenant(stack);
    await other.send(eventEnvelope());
    await eventually(async () => expect(await other.countEvents()).toBe(1));
    const { bucket } = stack.control;
    const { rows } = await stack.sql.query("select segment_id from events where project_id = $1", [
      other.projectId,
    ]);
    const keys = await bucket.list("segments/");
    for (const key of keys) if (key.endsWith(rows[0].segment_id)) await bucket.delete(key);
    expect(await other.get(`/api/0/projects/${other.slug}/shop/events/`)).toMatchObject([
      { title: "<payload unavailable>", errors: [{ type: "payload_unavailable" }] },
    ]);
  });
});
