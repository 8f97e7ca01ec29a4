import { beforeAll, describe, expect, test } from "vitest";
import {
  eventEnvelope,
  eventually,
  makeTenant,
  randomId,
  type Tenant,
  untilHandled,
  useStack,
} from "../harness";
import { changingNothing } from "../state";

const stack = useStack();
let tenant: Tenant;
let org: string;
let project: string;
const eventIds = [randomId(), randomId(), randomId()];

/** Three issues in the order of their short ids; each of another level, person and system. */
beforeAll(async () => {
  tenant = await makeTenant(stack);
  org = `/api/0/organizations/${tenant.slug}/issues/`;
  project = `/api/0/projects/${tenant.slug}/shop/issues/`;
  const levels = ["error", "warning", "info"];
  const users = [
    { id: "u1", email: "ada@example.com" },
    { email: "bob@example.com" },
    { ip_address: "10.0.0.1" },
  ];
  for (const [index, event_id] of eventIds.entries()) {
    const event = {
      exception: {
        values: [{ type: `E${index + 1}`, value: "x", mechanism: { type: "generic" } }],
      },
      // A type of two letters says nothing.
      fingerprint: [`E${index + 1}`],
      level: levels[index],
      user: users[index],
      request: { url: "https://shop.example/cart" },
      contexts: { os: { name: index === 0 ? "Windows" : "Linux", version: "10" } },
      tags: { color: ["red", "green", "dark red"][index] },
    };
    await tenant.send(eventEnvelope(event, { event_id }));
    await eventually(async () => expect(await tenant.countEvents()).toBe(index + 1));
  }
  // Nothing of the digest is to come later, when it would look like the work of a door.
  await untilHandled(stack, tenant);
});

const find = async (query: string, more = "") =>
  (await tenant.get<{ title: string }[]>(`${org}?query=${encodeURIComponent(query)}${more}`))
    .map(({ title }) => title.slice(1, 2))
    .toSorted()
    .join("");

describe("a search", () => {
  test.each([
    ["!level:error", "23"],
    ["level:[error, info]", "13"],
    ["!is:resolved", "123"],
    ["!is:unresolved", ""],
    ["has:level", "123"],
    ["!has:level", ""],
    ["user:id:u1", "1"],
    ["user:u1", "1"],
    ["user:email:ada@example.com", "1"],
    ["user.email:bob@example.com", "2"],
    ["!user:bob@example.com", "13"],
    ["user:ip:10.0.0.1", "3"],
    ["has:user", "123"],
    ["!has:user", ""],
    ["os:Linux", "23"],
    ["!os:Linux", "1"],
    ['os:"Linux 10"', "23"],
    ["os:Linux*", "23"],
    ["!os:Linux*", "1"],
    ["os.name:Linux", "23"],
    ["has:os", "123"],
    ["url:https://shop.example/cart", "123"],
    ["url:*/CART", "123"],
    ["!url:*/cart", ""],
    ["url:https://shop.example", ""],
    ["has:url", "123"],
    ["!has:url", ""],
    ["error.type:e2", "2"],
    ["error.type:[E1, E3]", "13"],
    ["!error.type:E2", "13"],
    ["mechanism:generic", "123"],
    ["has:[mechanism, color]", "123"],
    ["sdk:nothing", ""],
    ["runtime:node", ""],
    ["stack.filename:*nothing*", ""],
    ["platform:node", "123"],
    ["type:error", "123"],
    ["user.email:*@example.com", "12"],
    ["!user.email:*@example.com", "3"],
    ["user:*example*", "12"],
    ["user.ip:10.0.0.1", "3"],
    ["level:error OR level:info", "13"],
    ["level:error OR user:bob@example.com OR E3", "123"],
    ["(level:error OR level:info) color:*red", "13"],
    ["!(level:error OR level:info)", "2"],
    ["NOT (E1 OR E2)", "3"],
    ["E1 OR E2", "12"],
    ["E1 OR color:green OR title:E3*", "123"],
    ["!E1", "23"],
    ["!E1 !E2", "3"],
    ['"E1: x"', "1"],
    ["E1*x", "1"],
    ["E1*E2", ""],
    ["dark", "3"],
    ["is:new", "123"],
    ["!is:new", ""],
    ["is:regressed", ""],
    ["is:[regressed, new]", "123"],
    ["is:ongoing", ""],
    ["color:*red", "13"],
    ["!color:*red", "2"],
    ["color:[red, green]", "12"],
    ['!color:""', "123"],
    ['color:""', ""],
    ["timesSeen:1 users:1 lastSeen:-24h", "123"],
    ["timesSeen:>1", ""],
    ["!timesSeen:>1", "123"],
    ["firstSeen:+1h", ""],
    ["title:E1*", "1"],
    ["!message:E1", "23"],
    ["project:shop", "123"],
    ["!project:shop", ""],
    ["issue:SHOP-2", "2"],
    ["shop-3", "3"],
    ["shop-9", ""],
  ])("%s finds %s", async (query, found) => {
    expect(await find(query)).toBe(found);
  });

  test("an event id narrows further, and does not overrule what else is asked for", async () => {
    expect(await find(eventIds[0] ?? "")).toBe("1");
    expect(await find(`id:${eventIds[1]}`)).toBe("2");
    const [first] = await tenant.issues(`?query=${eventIds[0]}`);
    expect(await find(eventIds[1] ?? "", `&id=${first?.id}`)).toBe("");
    expect(await find(eventIds[0] ?? "", "&environment=nowhere")).toBe("");
  });

  test("an event id beside other terms finds the issue of that event", async () => {
    const [first = "", second = ""] = eventIds;
    expect(await find(`is:unresolved ${first}`)).toBe("1");
    expect(await find(`is:resolved ${first}`)).toBe("");
    expect(await find(`${first} OR ${second}`)).toBe("12");
    expect(await find(`level:[error, info] !${first}`)).toBe("3");
    expect(await find(`is:unresolved ${"b".repeat(32)}`)).toBe("");
  });

  test("a key that nobody knows is looked for as a text, and the answer says so", async () => {
    const answer = await tenant.call("GET", `${org}?query=color:red enviroment:E1 E1`);
    expect([answer.status, answer.headers.get("x-query-notes"), await answer.json()]).toEqual([
      200,
      "10-23 unknown key, searched as text",
      [],
    ]);
    const plain = await tenant.call("GET", `${org}?query=E1`);
    expect([plain.status, plain.headers.get("x-query-notes")]).toEqual([200, null]);
    for (const door of [org, project]) {
      await changingNothing(stack.sql, "an unknown key", async () => {
        const change = await tenant.call("PUT", `${door}?query=E1 OR enviroment:E1`, {
          status: "resolved",
        });
        expect([change.status, await change.json()]).toEqual([
          400,
          {
            detail: expect.stringContaining("enviroment"),
            position: 6,
            length: 13,
          },
        ]);
      });
    }
  });

  test("a period narrows a list", async () => {
    await stack.sql.query(
      "update issues set last_seen_at = now() - interval '2 days' where project_id = $1 and short_number = 1",
      [tenant.projectId],
    );
    expect(await find("", "&statsPeriod=24h")).toBe("23");
    expect(await find("", "&statsPeriod=7d")).toBe("123");
  });

  test("a period finds what was seen in it, not what was seen before and after", async () => {
    const other = await makeTenant(stack);
    const list = `/api/0/organizations/${other.slug}/issues/`;
    await other.send(eventEnvelope({}));
    await other.send(eventEnvelope({}));
    await eventually(async () => expect(await other.countEvents()).toBe(2));
    await stack.sql.query(
      `update events set received_at = now() - interval '3 days' where project_id = $1
         and event_id = (select event_id from events where project_id = $1 limit 1)`,
      [other.projectId],
    );
    await stack.sql.query(
      "update issues set first_seen_at = now() - interval '3 days' where project_id = $1",
      [other.projectId],
    );
    const periods: [string, number][] = [
      ["start=now-4d&end=now-2d", 1],
      ["start=now-2d&end=now-1d", 0],
      ["start=now-1d", 1],
      ["end=now-1d", 1],
      ["end=now-4d", 0],
    ];
    for (const [period, found] of periods) {
      expect([period, await other.get<unknown[]>(`${list}?${period}`)]).toEqual([
        period,
        Array.from({ length: found }, () => expect.anything()),
      ]);
    }
  });

  test.each([
    "query=assigned:nobody@example.com",
    "query=!assigned:%23nowhere",
    "query=has:nothing",
    "query=!enviroment:prod",
    "query=is:nonsense",
    "query=level:error OR",
    "query=is:",
    "project=1",
    "project=0",
    "project=-1&project=1",
    "environment=",
    "query=project:nowhere",
  ])("%s is refused in words, by lists and by changes, which change nothing", async (query) => {
    for (const door of [org, project]) {
      const answer = await tenant.call("GET", `${door}?${query}`);
      expect([answer.status, await answer.json()]).toEqual([
        400,
        expect.objectContaining({ detail: expect.any(String) }),
      ]);
    }
    const refuse = async () => {
      for (const door of [org, project]) {
        const answer = await tenant.call("PUT", `${door}?${query}`, { status: "resolved" });
        expect([door, answer.status]).toEqual([door, 400]);
      }
    };
    await changingNothing(stack.sql, query, refuse);
  });
});

describe("a change of all that a filter finds", () => {
  test.each([
    "",
    "?query=",
    "?query=%20",
    "?project=-1",
    "?start=now-1h",
    "?statsPeriod=24h",
    `?query=${"a".repeat(32)}`,
    `?query=${"a".repeat(32)}&project=-1`,
    "?ids=1",
  ])("changes nothing with the filter '%s', which names no issue", async (query) => {
    await changingNothing(stack.sql, query, async () => {
      for (const door of [org, project]) {
        // A project's own door without any filter names the project.
        if (door === project && query === "") continue;
        const answer = await tenant.call("PUT", door + query, { status: "resolved" });
        expect([answer.status, await answer.json()]).toEqual([
          400,
          expect.objectContaining({ detail: expect.any(String) }),
        ]);
      }
    });
  });

  const statuses = async () => {
    const { rows } = await stack.sql.query(
      "select status from issues where project_id = $1 order by short_number",
      [tenant.projectId],
    );
    return rows.map(({ status }) => status[0]).join("");
  };

  test.each([
    ["an event id", () => `?query=${eventIds[1]}`, "uru"],
    ["an event id of a project", () => `?query=${eventIds[1]}&project=${tenant.projectId}`, "uru"],
    ["a negated level", () => "?query=!level:error", "urr"],
    ["a short id", () => "?query=SHOP-3", "uur"],
    ["a negated status", () => "?query=!is:unresolved", "uuu"],
    ["a person", () => "?query=user:u1", "ruu"],
    ["a negated word", () => "?query=!E1", "urr"],
    ["a negated address", () => "?query=!url:*nowhere*", "rrr"],
    ["alternatives", () => "?query=level:error%20OR%20E3", "rur"],
    ["a negated group", () => "?query=!(level:error%20OR%20E3)", "uru"],
    ["an event id among others", () => `?query=is:unresolved%20${eventIds[1]}`, "uru"],
    ["a project", () => `?project=${tenant.projectId}`, "rrr"],
    ["a project in the path", () => "", "rrr"],
  ])("with %s changes what the list shows and nothing else", async (_, query, expected) => {
    for (const door of [org, project]) {
      // On its own door a project is no choice among its issues.
      if (door === project && query().startsWith("?project=")) continue;
      if (door === org && query() === "") continue;
      await stack.sql.query("update issues set status = 'unresolved' where project_id = $1", [
        tenant.projectId,
      ]);
      expect((await tenant.call("PUT", door + query(), { status: "resolved" })).status).toBe(200);
      expect(await statuses()).toBe(expected);
    }
  });

  test("of another organization's event is refused there and changes nothing here", async () => {
    const stranger = await makeTenant(stack);
    await changingNothing(stack.sql, "a stranger's change", async () => {
      const path = `/api/0/organizations/${stranger.slug}/issues/`;
      for (const query of [`?query=${eventIds[0]}`, "?query=issue:SHOP-1"]) {
        expect((await stranger.call("PUT", path + query, { status: "resolved" })).status).toBe(400);
      }
    });
  });
});

describe("a short id", () => {
  const places = () => ["/api/0/issues/", org];

  test("is as good as an id at every door of an issue, in any case", async () => {
    const [issue] = await tenant.issues("?query=issue:SHOP-2");
    for (const place of places()) {
      for (const shortId of ["SHOP-2", "shop-2"]) {
        const path = `${place}${shortId}/`;
        expect(await tenant.get(path)).toMatchObject({ id: issue?.id, shortId: "SHOP-2" });
        expect(await tenant.get(`${path}tags/`)).toEqual(
          await tenant.get(`${place}${issue?.id}/tags/`),
        );
        for (const part of ["events/", "events/latest/", `events/${eventIds[1]}/`]) {
          expect(JSON.stringify(await tenant.get(path + part))).toContain(eventIds[1]);
        }
        const changed = await tenant.call("PUT", path, { status: "ignored" });
        expect(await changed.json()).toMatchObject({ id: issue?.id, status: "ignored" });
        await tenant.call("PUT", path, { status: "unresolved" });
      }
    }
    expect(await tenant.get(`${org}shop-2/events/latest/json/`)).toMatchObject({
      event_id: eventIds[1],
    });
  });

  test("that leads nowhere, or to somebody else, is 404 and changes nothing", async () => {
    const stranger = await makeTenant(stack);
    await changingNothing(stack.sql, "short ids of nobody", async () => {
      for (const shortId of ["SHOP-99", "NOWHERE-1", "SHOP", "SHOP-0", "%00-1", "__proto__-1"]) {
        for (const place of places()) {
          const path = `${place}${shortId}/`;
          expect((await tenant.call("GET", path)).status, path).toBe(404);
          expect((await tenant.call("PUT", path, { status: "resolved" })).status, path).toBe(404);
        }
      }
      const theirs = await stranger.call("PUT", "/api/0/issues/SHOP-1/", { status: "resolved" });
      expect(theirs.status).toBe(404);
    });
  });

  test("that two of a person's organizations could mean is 404 without the organization", async () => {
    const other = await makeTenant(stack);
    await other.send(eventEnvelope({}));
    await eventually(async () => expect(await other.countEvents()).toBe(1));
    await stack.sql.query(
      "insert into organization_members (org_id, user_id, role) values ($1, $2, 'member')",
      [tenant.orgId, other.userId],
    );
    expect((await other.call("GET", "/api/0/issues/SHOP-1/")).status).toBe(404);
    expect(await other.get("/api/0/issues/SHOP-3/")).toMatchObject({ shortId: "SHOP-3" });
    const theirs = `/api/0/organizations/${other.slug}/issues/SHOP-1/`;
    expect(await other.get(theirs)).toMatchObject({ project: { id: String(other.projectId) } });
  });

  test("and an event id are looked up by doors of their own", async () => {
    const [issue] = await tenant.issues("?query=issue:SHOP-2");
    const lookup = `/api/0/organizations/${tenant.slug}/`;
    const detail = await tenant.get(`${org}${issue?.id}/`);
    for (const shortId of ["SHOP-2", "shop-2"]) {
      expect(await tenant.get(`${lookup}shortids/${shortId}/`)).toEqual({
        organizationSlug: tenant.slug,
        projectSlug: "shop",
        groupId: issue?.id,
        group: detail,
        shortId: "SHOP-2",
      });
    }
    const eventId = eventIds[1] ?? "";
    const dashed = eventId.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    for (const spelling of [eventId, dashed]) {
      expect(await tenant.get(`${lookup}eventids/${spelling}/`)).toEqual({
        organizationSlug: tenant.slug,
        projectSlug: "shop",
        groupId: issue?.id,
        eventId,
        event: await tenant.get(`/api/0/projects/${tenant.slug}/shop/events/${eventId}/`),
      });
    }
    const stranger = await makeTenant(stack);
    for (const [who, path] of [
      [tenant, "shortids/SHOP-99/"],
      [tenant, `shortids/${issue?.id}/`],
      [tenant, `eventids/${"b".repeat(32)}/`],
      [tenant, "eventids/latest/"],
      [stranger, "shortids/SHOP-2/"],
      [stranger, `eventids/${eventId}/`],
    ] as const) {
      const address = `/api/0/organizations/${who.slug}/${path}`;
      expect((await who.call("GET", address)).status, address).toBe(404);
    }
  });
});
