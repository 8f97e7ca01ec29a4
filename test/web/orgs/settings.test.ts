import { expect, test } from "vitest";
import { joinAs, signUp } from "../people";
import { checkEverywhere, checkPage, phone, useUi } from "../ui";

const { ui, tenant, open } = useUi();

test("every page of an organization's settings, in both themes and on a phone", async () => {
  const { org, team } = await tenant();
  const pages: [path: string, heading: string][] = [
    ["", "Organization settings"],
    ["/teams", "Teams"],
    [`/teams/${team}`, `Team ${team}`],
    ["/members", "Members"],
    ["/tokens", "Organization tokens"],
    ["/audit-log", "Audit log"],
  ];
  for (const [path, heading] of pages) {
    await checkEverywhere(
      open,
      `/${org}/settings${path}`,
      `settings${path.replaceAll("/", "-")}`,
      async (page) => {
        await page.getByRole("heading", { level: 1, name: heading }).waitFor();
        await page.getByRole("status", { name: "Loading" }).waitFor({ state: "detached" });
      },
    );
  }
});

test("name and intake are saved and read back; the address follows the slug", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/settings`);
  await page.getByRole("textbox", { name: "Name" }).fill("Renamed");
  await page.getByRole("textbox", { name: "Slug" }).fill(`${org}-two`);
  await page.getByRole("form", { name: "Name" }).getByRole("button", { name: "Save" }).click();
  await page.waitForURL(`**/${org}-two/settings`);
  await page.getByLabel("Turn away, percent").fill("25");
  await page.getByLabel("Open teams").uncheck();
  const saved = page.waitForResponse((answer) => answer.request().method() === "PUT");
  await page
    .getByRole("form", { name: "Intake and teams" })
    .getByRole("button", { name: "Save" })
    .click();
  expect((await saved).status()).toBe(200);
  await page.reload();
  expect(await page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("Renamed");
  expect(await page.getByLabel("Turn away, percent").inputValue()).toBe("25");
  expect(await page.getByLabel("Open teams").isChecked()).toBe(false);
});

test("sensitive and safe fields are kept for the organization and for one project, and a wrong one is said", async () => {
  const { org, project, call } = await tenant();
  const fields = async (path: string) => {
    const { sensitiveFields, safeFields } = await call<Record<string, string[]>>("GET", path);
    return { sensitiveFields, safeFields };
  };
  const places = [
    [`/${org}/settings`, `/api/0/organizations/${org}/`],
    [
      `/${org}/settings/projects/${project.slug}/general`,
      `/api/0/projects/${org}/${project.slug}/`,
    ],
  ] as const;
  for (const [at, path] of places) {
    const page = await open(at, { expects: /\b422\b/ });
    const form = page.getByRole("form", { name: "Fields" });
    await form.getByLabel("Sensitive fields").fill("tenant_no\n\n tenant_no \nplate");
    await form.getByLabel("Safe fields").fill("user.*.**.id.");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByRole("alert").or(form.locator(".text-danger")).first().waitFor();
    expect(await fields(path)).toEqual({ sensitiveFields: [], safeFields: [] });
    await form.getByLabel("Safe fields").fill("extra.cart.**");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. It counts within a minute.").waitFor();
    expect(await fields(path)).toEqual({
      sensitiveFields: ["tenant_no", "plate"],
      safeFields: ["extra.cart.**"],
    });
  }
});

test("a slug that is taken is refused at its field, and what was typed stays", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/settings`, { expects: /\b422\b/ });
  await page.getByRole("textbox", { name: "Slug" }).fill("admin");
  await page.getByRole("form", { name: "Name" }).getByRole("button", { name: "Save" }).click();
  await page
    .getByRole("form", { name: "Name" })
    .locator('[role="alert"], .text-danger')
    .first()
    .waitFor();
  expect(await page.getByRole("textbox", { name: "Slug" }).inputValue()).toBe("admin");
});

test("several people are invited at once; one follows the mail's link and is a member with a role", async () => {
  const { org, team, call } = await tenant();
  const guest = await signUp(ui().url);
  const page = await open(`/${org}/settings/members`);
  await page.getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail addresses").fill(`${guest.email}, other@example.com`);
  await dialog.getByLabel("Role").selectOption("manager");
  await dialog.getByLabel(team).check();
  await dialog.getByRole("button", { name: "Send invitations" }).click();
  await dialog.getByText("other@example.com").waitFor();
  expect(await dialog.getByRole("button", { name: "Copy" }).count()).toBe(2);
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("row", { name: new RegExp(guest.email) });
  await row.getByText("invited", { exact: true }).waitFor();
  const members = await call<{ email: string; orgRole: string; pending: boolean }[]>(
    "GET",
    `/api/0/organizations/${org}/members/`,
  );
  expect(members.find(({ email }) => email === guest.email)).toMatchObject({
    orgRole: "manager",
    pending: true,
  });
  await row.getByRole("link").click();
  await page.getByRole("radio", { name: /^Member/ }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved").waitFor();
  await page.reload();
  expect(await page.getByRole("radio", { name: /^Member/ }).isChecked()).toBe(true);
  await page.getByRole("button", { name: "Take back the invitation" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.waitForURL(`**/${org}/settings/members`);
  await expect.poll(() => page.getByRole("row", { name: new RegExp(guest.email) }).count()).toBe(0);
});

test("a team is made, joined, renamed and deleted", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/settings/teams`);
  await page.getByRole("button", { name: "New team" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("night-shift");
  await page.getByRole("button", { name: "Create team" }).click();
  const row = page.getByRole("row", { name: /night-shift/ });
  await row.waitFor();
  const isIn = (await row.getByText("yours").count()) > 0;
  await row.getByRole("button").click();
  await expect.poll(async () => (await row.getByText("yours").count()) > 0).toBe(!isIn);
  await row.getByRole("link").click();
  await page.getByRole("textbox", { name: "Name" }).fill("day-shift");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(`**/${org}/settings/teams/day-shift`);
  await page.getByRole("button", { name: "Delete team" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete team" }).click();
  await page.waitForURL(`**/${org}/settings/teams`);
  await expect.poll(() => page.getByRole("row", { name: /day-shift/ }).count()).toBe(0);
});

test("a token is shown once, works, and is revoked", async () => {
  const { org, call } = await tenant();
  const page = await open(`/${org}/settings/tokens`);
  await page.getByRole("button", { name: "New token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("CI");
  expect(await dialog.getByRole("radio", { name: "Releases and source maps" }).isChecked()).toBe(
    true,
  );
  await dialog.getByText("3 scopes").click();
  await dialog.getByLabel("event:read").check();
  expect(await dialog.getByRole("radio", { name: "Own choice" }).isChecked()).toBe(true);
  await checkPage(page, "organization-token-desktop-light");
  await page.setViewportSize(phone);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.locator('html[data-theme="dark"]').waitFor();
  await checkPage(page, "organization-token-phone-dark");
  await page.getByRole("button", { name: "Create token" }).click();
  const token = (await page.getByLabel("the token", { exact: true }).textContent()) ?? "";
  const ask = () =>
    fetch(`${ui().url}/api/0/organizations/${org}/`, {
      headers: { authorization: `Bearer ${token}` },
    });
  expect((await ask()).status).toBe(200);
  const [made] = await call<{ scopes: string[] }[]>(
    "GET",
    `/api/0/organizations/${org}/org-auth-tokens/`,
  );
  expect(made?.scopes.toSorted()).toEqual([
    "event:read",
    "org:read",
    "project:read",
    "project:releases",
  ]);
  await page.getByRole("button", { name: "Done" }).click();
  await page.reload();
  await page.getByRole("row", { name: /CI/ }).waitFor();
  expect(await page.content()).not.toContain(token);
  await page.getByRole("button", { name: "Actions for CI" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("There are no tokens yet.").waitFor();
  expect((await ask()).status).toBe(401);
});

test("who may not change settings sees them, and who may", async () => {
  const shop = await tenant();
  const { org } = shop;
  const guest = await joinAs(ui().url, shop, "member");
  const page = await open(`/${org}/settings`, { person: guest });
  await page.getByText("Only managers and owners can change these.").waitFor();
  expect(await page.getByRole("textbox", { name: "Slug" }).isDisabled()).toBe(true);
  expect(await page.getByRole("button", { name: "Delete organization" }).count()).toBe(0);
});

test("a setting is found by its words", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/settings`);
  await page.getByRole("searchbox", { name: "Find a setting" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("totp");
  await page
    .getByRole("list", { name: "Found settings" })
    .getByRole("link", { name: /Security/ })
    .click();
  await page.waitForURL("**/profile/security");
});

test("the organization is deleted only when its slug is typed", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/settings`, { expects: /\b404\b/ });
  await page.getByRole("button", { name: "Delete organization" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByRole("button", { name: "Delete organization" }).isDisabled()).toBe(true);
  await dialog.getByRole("textbox").fill(org);
  await dialog.getByRole("button", { name: "Delete organization" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith(`/${org}/`));
});
