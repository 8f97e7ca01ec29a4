import { randomBytes } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { users } from "../../drizzle/schema/accounts";
import { organizationMembers, organizations, teamMembers, teams } from "../../drizzle/schema/orgs";
import { uuidv7 } from "../../src/platform/ids";
import { dayMs, hourMs, hourOf } from "../../src/protocol/durations";
import type { Holder } from "../local/hold";
import { makeUser } from "../make-user";
import type { Seed } from "../seed-database";
import { type Chance, chanceOf } from "./chance";
import { momentsOf } from "./course";
import { appStories, billingStories } from "./java-stories";
import { envelopeMessage, outcomesMessage, sendPast } from "./send-past";
import { apiStories } from "./server-stories";
import type { DemoProject, Story } from "./story";
import { workTogether } from "./teamwork";
import { webStories } from "./web-stories";

const projects: DemoProject[] = [
  { name: "Storefront", platform: "javascript-nextjs", team: "shop", stories: webStories },
  { name: "Shop API", platform: "python-django", team: "shop", stories: apiStories },
  { name: "Billing", platform: "java-spring-boot", team: "payments", stories: billingStories },
  { name: "Mobile app", platform: "android", team: "mobile", stories: appStories },
];

const people = [
  { name: "Ada Byron", email: "ada@acme.example", role: "manager", team: "shop" },
  { name: "Grace Murray", email: "grace@acme.example", role: "admin", team: "payments" },
  { name: "Tim Lee", email: "tim@acme.example", role: "member", team: "mobile" },
] as const;

type Made = DemoProject & { id: number; slug: string; key: string };

/** The API as the seeded administrator; throws with the API's words. */
const apiOf = (seed: Seed) => {
  const { origin } = new URL(seed.dsn);
  return async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${origin}/api/0/${path}`, {
      method,
      headers: { authorization: `Bearer ${seed.token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
};
type Api = ReturnType<typeof apiOf>;

/**
 * Fills the seeded organization with two weeks of a shop's life: teams, people, projects of several platforms, issues
 * that come and go. Returns how many events were sent. Done again, it adds events to what is there.
 */
export async function fillDemo(
  holder: Holder,
  seed: Seed,
  say: (line: string) => void,
  now = Date.now(),
): Promise<{ events: number; issues: number }> {
  const api = apiOf(seed);
  const chance = chanceOf(42);
  const { id: orgId } = await api<{ id: string }>("GET", `organizations/${seed.org}/`);
  await makePeople(api, holder, seed.org);
  const made: Made[] = [];
  for (const project of projects) made.push(await makeProject(api, seed.org, project));
  await makeRules(api, seed.org, made);

  // Once what came back has been resolved, the rest of it is sent.
  const [before, after] = splitEvents(made, Number(orgId), now, chance);
  say(`${before.length + after.length} events of ${made.length} projects are sent …`);
  await sendPast(holder, "envelopes", before.map(envelopeMessage));
  await settled(holder);
  await decide(api, seed.org, "back");
  await sendPast(holder, "envelopes", after.map(envelopeMessage));
  await sendPast(holder, "outcomes", refusals(made, now, chance).map(outcomesMessage));
  await settled(holder);
  await decide(api, seed.org, "fading");
  await decide(api, seed.org, "ignored");
  await workTogether(api, holder.databaseUrl ?? "", seed.org);
  const issues = made.reduce((sum, { stories }) => sum + stories.length, 0);
  return { events: before.length + after.length, issues };
}

async function makePeople(api: Api, holder: Holder, org: string): Promise<void> {
  const known = await api<{ slug: string }[]>("GET", `organizations/${org}/teams/`);
  const wanted = [...new Set(projects.map(({ team }) => team))];
  for (const slug of wanted.filter((name) => !known.some(({ slug }) => slug === name))) {
    await api("POST", `organizations/${org}/teams/`, { slug });
  }
  await joinPeople(holder.databaseUrl ?? "", org);
}

/** People who are in already: by the database, because nobody is there to follow an invitation. */
async function joinPeople(databaseUrl: string, org: string): Promise<void> {
  for (const { name, email } of people) {
    const password = randomBytes(12).toString("base64url");
    await makeUser(databaseUrl, { email, name, password, isSuperuser: false });
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const db = drizzle(client);
    for (const { email, role, team } of people) {
      const [found] = await db
        .select({ orgId: organizations.id, userId: users.id, teamId: teams.id })
        .from(organizations)
        .innerJoin(users, eq(users.email, email))
        .innerJoin(teams, and(eq(teams.orgId, organizations.id), eq(teams.slug, team)))
        .where(eq(organizations.slug, org));
      if (!found) throw new Error(`The team ${team} is not there.`);
      const { orgId, userId, teamId } = found;
      const [member] = await db
        .insert(organizationMembers)
        .values({ orgId, userId, role, isPrimary: false })
        .onConflictDoNothing()
        .returning({ id: organizationMembers.id });
      if (member) await db.insert(teamMembers).values({ teamId, memberId: member.id });
    }
  } finally {
    await client.end();
  }
}

async function makeProject(api: Api, org: string, project: DemoProject): Promise<Made> {
  const all = await api<{ id: string; slug: string; name: string }[]>(
    "GET",
    `organizations/${org}/projects/`,
  );
  const found =
    all.find(({ name }) => name === project.name) ??
    (await api<{ id: string; slug: string }>("POST", `teams/${org}/${project.team}/projects/`, {
      name: project.name,
      platform: project.platform,
    }));
  const [key] = await api<{ public: string }[]>("GET", `projects/${org}/${found.slug}/keys/`);
  return { ...project, id: Number(found.id), slug: found.slug, key: key?.public ?? "" };
}

async function makeRules(api: Api, org: string, made: Made[]): Promise<void> {
  for (const { slug, name } of made.slice(0, 3)) {
    const path = `projects/${org}/${slug}/alerts/`;
    if ((await api<unknown[]>("GET", path)).length > 1) continue;
    await api("POST", path, {
      name: `Many errors in ${name}`,
      timespanMinutes: 10,
      quantity: 50,
      alertRecipients: [{ recipientType: "email" }],
    });
  }
}

type Sent = { meta: Parameters<typeof envelopeMessage>[0]["meta"]; body: Uint8Array };

function splitEvents(made: Made[], orgId: number, now: number, chance: Chance): [Sent[], Sent[]] {
  const all = made.flatMap((project) =>
    project.stories.flatMap((story) =>
      momentsOf(story.course, story.events, now, chance).map((at) => ({
        isLate: story.course === "back" && now - at < 4 * dayMs,
        at,
        sent: sentOf(project, story, orgId, at, chance),
      })),
    ),
  );
  const inOrder = all.toSorted((a, b) => a.at - b.at);
  return [
    inOrder.filter(({ isLate }) => !isLate).map(({ sent }) => sent),
    inOrder.filter(({ isLate }) => isLate).map(({ sent }) => sent),
  ];
}

function sentOf(project: Made, story: Story, orgId: number, at: number, chance: Chance): Sent {
  const body = story.isReport
    ? JSON.stringify(story.make(chance, new Date(at)))
    : envelopeOf(story, at, chance);
  return {
    meta: {
      v: 1,
      id: uuidv7(at),
      receivedAt: at,
      door: story.isReport ? "security" : "envelope",
      projectId: project.id,
      orgId,
      scrubDefaults: true,
      scrubIpAddresses: false,
      encoding: null,
    },
    body: new TextEncoder().encode(body),
  };
}

function envelopeOf(story: Story, at: number, chance: Chance): string {
  const eventId = chance.hex(32);
  return [
    { event_id: eventId, sent_at: new Date(at).toISOString() },
    { type: "event" },
    { event_id: eventId, timestamp: at / 1000, ...story.make(chance, new Date(at)) },
  ]
    .map((line) => JSON.stringify(line))
    .join("\n");
}

const reasons = [
  { outcome: "client_discard", reason: "sample_rate" },
  { outcome: "client_discard", reason: "before_send" },
  { outcome: "client_discard", reason: "network_error" },
  { outcome: "rate_limited", reason: "quota_exceeded" },
  { outcome: "invalid", reason: "origin" },
];

/** Some of what was turned away, so that the page of stats has all it can show. */
function refusals(made: Made[], now: number, chance: Chance) {
  return Array.from({ length: 14 * 24 }, (_, index) => hourOf(now - index * hourMs)).map(
    (hour) => ({
      v: 1 as const,
      id: uuidv7(hour),
      receivedAt: hour,
      counts: made.slice(0, 2).map(({ id }) => ({
        projectId: id,
        hour,
        category: "error",
        ...chance.pick(reasons),
        quantity: 1 + chance.below(3),
      })),
    }),
  );
}

const waitMs = 250;
const waitsMax = 480;

/** Waits until everything that was sent is digested. */
async function settled(holder: Holder): Promise<void> {
  const { url, secret } = holder.status ?? { url: "", secret: "" };
  for (let waits = 0; waits < waitsMax; waits++) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${secret}` } });
    const { queues } = (await answer.json()) as {
      queues: { backlogCount: number; inFlight: number }[];
    };
    const waiting = queues.reduce((sum, queue) => sum + queue.backlogCount + queue.inFlight, 0);
    if (waiting === 0) return;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  throw new Error("The events were accepted, but are not digested yet.");
}

const titles: Record<"back" | "fading" | "ignored", string[]> = {
  back: ["PaymentError", "NullPointerException"],
  fading: ["SMTPServerDisconnected", "boundsError"],
  ignored: ["ResizeObserver"],
};

/** What people decided about issues: resolved before it came back, resolved for good, ignored. */
async function decide(api: Api, org: string, course: "back" | "fading" | "ignored"): Promise<void> {
  const status = course === "ignored" ? "ignored" : "resolved";
  for (const words of titles[course]) {
    const found = await api<{ id: string }[]>(
      "GET",
      `organizations/${org}/issues/?${new URLSearchParams({ query: `is:unresolved ${words}` })}`,
    );
    for (const { id } of found) await api("PUT", `organizations/${org}/issues/${id}/`, { status });
  }
}
