import { expect, test } from "vitest";
import { checkEverywhere, joinAs, useUi } from "../ui";

const { ui, tenant, open } = useUi();

test("name, slug and intake of a project are saved and read back", async () => {
  const { org, project, call } = await tenant();
  const page = await open(`/${org}/settings/projects/${project.slug}/general`);
  await page.getByLabel("Name").fill("Shop front");
  await page.getByLabel("Slug").fill("shop-front");
  await page.getByLabel("Platform").selectOption("python-django");
  await page.getByRole("form", { name: "Project" }).getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/shop-front\/general/);
  await page.getByLabel("Allowed domains").fill("https://shop.example.com\n*.example.org\n");
  await page.getByLabel("Throttle").fill("25");
  await page.getByRole("form", { name: "Intake" }).getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. It counts within a minute.").waitFor();
  await page.getByLabel("Resolve after, hours").fill("48");
  await page
    .getByRole("form", { name: "Old issues" })
    .getByRole("button", { name: "Save" })
    .click();
  await page.getByText("Saved. It is looked at every hour.").waitFor();
  await page.getByLabel("Do not keep IP addresses").click();
  await page.getByRole("button", { name: "Undo" }).waitFor();
  const at = `/api/0/projects/${org}/shop-front/`;
  expect(await call("GET", at)).toMatchObject({
    name: "Shop front",
    platform: "python-django",
    eventThrottleRate: 25,
    resolveAge: 48,
    allowedDomains: ["https://shop.example.com", "*.example.org"],
  });
  await page.reload();
  await expect.poll(() => page.getByLabel("Throttle").inputValue()).toBe("25");
  expect(await page.getByLabel("Name").inputValue()).toBe("Shop front");
});

test("what the API refuses is said at the field, which keeps what was typed", async () => {
  const { org, project, team, call } = await tenant();
  await call("POST", `/api/0/teams/${org}/${team}/projects/`, { name: "Taken" });
  const page = await open(`/${org}/settings/projects/${project.slug}/general`, {
    expects: /409|400|422/,
  });
  await page.getByLabel("Slug").fill("taken");
  await page.getByRole("form", { name: "Project" }).getByRole("button", { name: "Save" }).click();
  await page
    .getByRole("form", { name: "Project" })
    .getByText(/taken|exists|already/i)
    .waitFor();
  expect(await page.getByLabel("Slug").inputValue()).toBe("taken");
});

test("a project is deleted by typing its slug, and is gone from the list", async () => {
  const { org, project, call } = await tenant();
  const page = await open(`/${org}/settings/projects/${project.slug}/general`);
  await page.getByRole("button", { name: "Delete Shop" }).click();
  const dialog = page.getByRole("dialog");
  const action = dialog.getByRole("button", { name: "Delete the project" });
  expect(await action.isDisabled()).toBe(true);
  await dialog.getByLabel(`Type ${project.slug} to go on`).fill(project.slug);
  await action.click();
  await page.getByText("No project yet.").waitFor();
  await expect.poll(() => call("GET", `/api/0/organizations/${org}/projects/`)).toEqual([]);
});

test("rules of grouping are kept, and a wrong one is said with its place", async () => {
  const { org, project, call } = await tenant();
  const page = await open(`/${org}/settings/projects/${project.slug}/general`, {
    expects: /\b422\b/,
  });
  const form = page.getByRole("form", { name: "Rules of grouping" });
  const rules = form.getByLabel("Fingerprint rules");
  await rules.fill("type:DbDown -> db\ntyp:X -> y");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText('line 2, column 1: nothing is called "typ" here').waitFor();
  await rules.fill("type:DbDown -> db");
  await form.getByRole("button", { name: "Preview" }).click();
  await form.getByText("There are no events yet to try this on.").waitFor();
  expect(await call("GET", `/api/0/projects/${org}/${project.slug}/`)).toMatchObject({
    fingerprintingRules: "",
  });
  await form.getByLabel("Stack-trace rules").fill("path:**/gen/** -group");
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. New events follow it within a minute.").waitFor();
  expect(await call("GET", `/api/0/projects/${org}/${project.slug}/`)).toMatchObject({
    fingerprintingRules: "type:DbDown -> db",
    groupingEnhancements: "path:**/gen/** -group",
  });
});

test("what nobody wants to see is filtered by switches and lists, and a wrong line is said with its number", async () => {
  const { org, project, call } = await tenant();
  const at = `/${org}/settings/projects/${project.slug}/filters`;
  const page = await checkEverywhere(
    open,
    at,
    "project-filters",
    (one) => one.getByLabel("Crawlers").waitFor(),
    { expects: /\b422\b/ },
  );
  await page.getByLabel("Crawlers").check();
  await page.getByText("Saved. It counts within a minute.").waitFor();
  await page.getByLabel("Old browsers").check();
  await page.getByLabel("Safari up to 15").uncheck();
  const form = page.getByRole("form", { name: "Lists of filters" });
  await form.getByLabel("Messages").fill("*Timeout*\n{a");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText(/^line 2 has a \{/).waitFor();
  await form.getByLabel("Messages").fill("*Timeout*\nDisk *");
  await form.getByRole("button", { name: "Save" }).click();
  type State = { id: string; active: boolean | string[] }[];
  const active = async () =>
    Object.fromEntries(
      (await call<State>("GET", `/api/0/projects/${org}/${project.slug}/filters/`)).map(
        (one) => [one.id, one.active] as const,
      ),
    );
  await expect.poll(active, { timeout: 30_000 }).toMatchObject({
    "web-crawlers": true,
    localhost: false,
    "legacy-browsers": ["ie", "edge", "firefox", "chrome", "opera", "android", "opera_mini"],
  });
  await expect
    .poll(() => call("GET", `/api/0/projects/${org}/${project.slug}/`), { timeout: 30_000 })
    .toMatchObject({ options: { "filters:error_messages": "*Timeout*\nDisk *" } });
});

test("rules of grouping are tried on stored events before they are saved", async () => {
  const { org, project, call, send } = await tenant();
  const failure = (type: string, region: string) => ({
    exception: { values: [{ type, value: "it broke" }] },
    tags: { region },
  });
  await send(
    failure("DbDown", "us"),
    failure("DbGone", "us"),
    failure("Cart", "us"),
    failure("Cart", "eu"),
  );
  const countOf = async () => {
    const at = `/api/0/organizations/${org}/issues/?query=`;
    return (await call<{ count: string }[]>("GET", at)).reduce(
      (sum, { count }) => sum + Number(count),
      0,
    );
  };
  await expect.poll(countOf, { timeout: 30_000 }).toBe(4);
  const page = await open(`/${org}/settings/projects/${project.slug}/general`);
  const form = page.getByRole("form", { name: "Rules of grouping" });
  const rules = "type:Db* -> db\ntype:Cart tags.region:eu -> europe";
  await form.getByLabel("Fingerprint rules").fill(rules);
  await form.getByRole("button", { name: "Preview" }).click();
  await form.getByText("Of the newest 4 events, 2 events would change their issue.").waitFor();
  const merged = form.getByRole("region", { name: "Issues that would be one" });
  expect(await merged.getByText("By line 1").count()).toBe(1);
  expect(await merged.getByRole("link").count()).toBe(2);
  const split = form.getByRole("region", { name: "Issues that would be several" });
  expect(await split.getByText("a new issue").count()).toBe(1);
  expect(await form.getByLabel("Fingerprint rules").inputValue()).toBe(rules);
  expect(await call("GET", `/api/0/projects/${org}/${project.slug}/`)).toMatchObject({
    fingerprintingRules: "",
  });

  const countsOf = async () => {
    const at = `/api/0/organizations/${org}/issues/?query=`;
    const issues = await call<{ title: string; count: string }[]>("GET", at);
    return issues.map(({ title, count }) => `${title} ${count}`).toSorted();
  };
  const before = await countsOf();
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. New events follow it within a minute.").waitFor();
  const stored = page.getByRole("region", { name: "Apply to stored events" });
  await stored.getByRole("button", { name: "Apply" }).click();
  await page.getByText("Grouped anew: 2 events changed their issue").waitFor();
  expect((await countsOf()).map((text) => text.slice(-1))).toEqual(["1", "1", "2"]);
  await stored.getByRole("button", { name: "Put back" }).click();
  await page.getByText("The events are back in the issues where they were").waitFor();
  expect(await countsOf()).toEqual(before);
});

test("a key is made with a limit, disabled, enabled again by undo, and deleted", async () => {
  const { org, project, call } = await tenant();
  const at = `/api/0/projects/${org}/${project.slug}/keys/`;
  const page = await open(`/${org}/settings/projects/${project.slug}/keys`);
  await page.getByRole("button", { name: "New key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("worker");
  await dialog.getByLabel("At most").fill("100");
  await dialog.getByLabel("in each").selectOption("3600");
  await dialog.getByRole("button", { name: "Create key" }).click();
  const card = page.getByRole("region", { name: "worker" });
  await card.getByText("100 events an hour").waitFor();
  await card.getByRole("button", { name: "Disable" }).click();
  await card.getByText("disabled", { exact: true }).waitFor();
  type Key = { name: string; isActive: boolean; rateLimit: unknown };
  const worker = async () => (await call<Key[]>("GET", at)).find(({ name }) => name === "worker");
  await expect.poll(worker).toMatchObject({
    isActive: false,
    rateLimit: { window: 3600, count: 100 },
  });
  await page.getByRole("button", { name: "Undo" }).click();
  await card.getByText("active", { exact: true }).waitFor();
  await card.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the key" }).click();
  await card.waitFor({ state: "detached" });
  await expect.poll(worker).toBeUndefined();
});

test("an environment is hidden, and shown again by undo", async () => {
  const { org, project, send, call } = await tenant();
  await send({ message: "one", environment: "staging" });
  const at = `/api/0/projects/${org}/${project.slug}/environments/?visibility=hidden`;
  const page = await open(`/${org}/settings/projects/${project.slug}/environments`);
  await expect
    .poll(
      async () => {
        await page.reload();
        const hide = page.getByRole("button", { name: "Hide staging" });
        return hide.or(page.getByText("No event has named")).first().textContent();
      },
      { timeout: 20_000 },
    )
    .toBe("Hide");
  await page.getByRole("button", { name: "Hide staging" }).click();
  await page.getByText("staging is hidden").waitFor();
  await expect.poll(() => call("GET", at)).toMatchObject([{ name: "staging", isHidden: true }]);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Hide staging" }).waitFor();
  await expect.poll(() => call("GET", at)).toEqual([]);
});

test("an alert rule is made, tested with the real answer, and brought back after it was deleted", async () => {
  const { org, project, call } = await tenant();
  const page = await open(`/${org}/settings/projects/${project.slug}/alerts`);
  await page.getByRole("button", { name: "New rule" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Spike");
  await dialog.getByLabel("Number of events").fill("5");
  await dialog.getByRole("button", { name: "Add a recipient" }).click();
  await dialog.getByLabel("Recipient").last().selectOption("discord");
  await dialog.getByLabel("Address of Discord").fill("https://discord.com/api/webhooks/1/x");
  await dialog.getByRole("button", { name: "Create rule" }).click();
  const sentence =
    "When an issue gets 5 events or more within 10 minutes, send to Mail and Discord at discord.com.";
  await page.getByText(sentence).waitFor();
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("Alerts are not delivered yet").first().waitFor();
  await page.getByRole("button", { name: "More about Spike" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByText("No rule yet.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText(sentence).waitFor();
  await expect
    .poll(() => call("GET", `/api/0/projects/${org}/${project.slug}/alerts/`))
    .toMatchObject([{ name: "Spike", quantity: 5, timespanMinutes: 10 }]);
});

test("who is no admin sees all settings of a project, and what may not be changed is closed and says for whom it is", async () => {
  const shop = await tenant();
  const { org, project, send } = shop;
  await send({ message: "one", environment: "staging" });
  const person = await joinAs(ui().url, shop, "member");
  const at = `/${org}/settings/projects/${project.slug}`;
  const page = await open(`${at}/general`, { person });
  await page.getByText("Only people with the role admin or above can change these.").waitFor();
  for (const name of ["Name", "Slug", "Platform", "Allowed domains", "Throttle"]) {
    expect([name, await page.getByLabel(name).isDisabled()]).toEqual([name, true]);
  }
  for (const save of await page.getByRole("button", { name: "Save" }).all()) {
    expect(await save.isDisabled()).toBe(true);
  }
  expect(await page.getByLabel("Do not keep IP addresses").isDisabled()).toBe(true);
  expect(await page.getByRole("button", { name: /Delete/ }).count()).toBe(0);

  await page.goto(`${at}/keys`);
  await page.getByText(shop.dsn).first().waitFor();
  expect(await page.getByRole("button", { name: /New key|Disable|Delete|Edit/ }).count()).toBe(0);

  await page.goto(`${at}/alerts`);
  const forTeams = "Members of the project's teams, and admins, can change these.";
  await page.getByText(forTeams).waitFor();
  expect(await page.getByRole("button", { name: "New rule" }).count()).toBe(0);
  await page.goto(`${at}/environments`);
  await page.getByText(forTeams).waitFor();
  const hide = page.getByRole("button", { name: "Hide staging" });
  await expect.poll(() => hide.count(), { timeout: 20_000 }).toBe(1);
  expect(await hide.isDisabled()).toBe(true);
});

test("a member of the project's team may write its rules and hide its environments, no more", async () => {
  const shop = await tenant();
  const { org, team, project, call } = shop;
  const person = await joinAs(ui().url, shop, "member");
  const members = await call<{ id: string; email: string }[]>(
    "GET",
    `/api/0/organizations/${org}/members/`,
  );
  const member = members.find(({ email }) => email === person.email);
  await call("POST", `/api/0/organizations/${org}/members/${member?.id}/teams/${team}/`);
  const at = `/${org}/settings/projects/${project.slug}`;
  const page = await open(`${at}/alerts`, { person });
  await page.getByRole("button", { name: "New rule" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Of the team");
  await dialog.getByLabel("Number of events").fill("5");
  await dialog.getByRole("button", { name: "Create rule" }).click();
  await page.getByText("Of the team").first().waitFor();
  expect(await call("GET", `/api/0/projects/${org}/${project.slug}/alerts/`)).toMatchObject([
    { name: "Of the team" },
  ]);
  await page.goto(`${at}/general`);
  await page.getByText("Only people with the role admin or above can change these.").waitFor();
  expect(await page.getByLabel("Name").isDisabled()).toBe(true);
});

test("settings of projects and alerts are accessible in both themes and on a phone", async () => {
  const { org, project, call } = await tenant();
  const one = `/api/0/projects/${org}/${project.slug}/`;
  await call("POST", `${one}alerts/`, {
    name: "Spike",
    quantity: 20,
    timespanMinutes: 60,
    alertRecipients: [{ recipientType: "email" }],
  });
  const at = `/${org}/settings/projects`;
  const pages: [path: string, name: string, shows: string][] = [
    [at, "project-settings", "Keys of Shop"],
    [`${at}/${project.slug}/general`, "project-general", "Delete Shop"],
    [`${at}/${project.slug}/keys`, "project-keys", "New key"],
    [`${at}/${project.slug}/alerts`, "project-alerts", "Send a test"],
    [`${at}/${project.slug}/environments`, "project-environments", "No event has named"],
    [`/${org}/alerts`, "alerts", "Send a test"],
  ];
  for (const [path, name, shows] of pages) {
    await checkEverywhere(open, path, name, (page) =>
      page
        .getByText(shows)
        .or(page.getByRole("link", { name: shows }))
        .first()
        .waitFor(),
    );
  }
}, 240_000);

test("who looks after what is kept with the place of what is wrong, and switched off and on", async () => {
  const { org, project, call } = await tenant();
  const page = await checkEverywhere(
    open,
    `/${org}/settings/projects/${project.slug}/ownership`,
    "project-ownership",
    (one) => one.getByRole("form", { name: "Rules of ownership" }).waitFor(),
    { expects: /\b422\b/ },
  );
  const form = page.getByRole("form", { name: "Rules of ownership" });
  await form.getByLabel("Rules").fill("path:src #core\nfile:x #core");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText(/^line 2, column 1: a rule begins with/).waitFor();
  await form.getByLabel("Rules").fill("path:src #core");
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. New issues follow it within a minute.").waitFor();
  await page.getByRole("button", { name: "Import CODEOWNERS" }).click();
  const dialog = page.getByRole("dialog", { name: "Import CODEOWNERS" });
  await dialog.getByLabel("The file").fill("# ours\n/docs/ @acme/core\n*.js @ada\n!x @acme/core");
  await dialog.getByRole("button", { name: "Convert" }).click();
  await dialog.getByText("@ada, line 3").waitFor();
  await dialog.getByText("line 4: patterns with ! are not known").waitFor();
  await dialog.getByRole("button", { name: "Add 1 rule" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await form.getByLabel("Rules").inputValue()).toBe("path:docs/** #core\npath:src #core");
  await page.getByLabel("Give new issues to whom a rule names").uncheck();
  await page.getByLabel("Suggest all teams where no rule names anybody").check();
  await expect
    .poll(() => call("GET", `/api/0/projects/${org}/${project.slug}/ownership/`), {
      timeout: 30_000,
    })
    .toMatchObject({
      raw: "path:docs/** #core\npath:src #core",
      autoAssignment: "Turn off Auto-Assignment",
      fallthrough: true,
    });
});
