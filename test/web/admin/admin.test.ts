import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { signUp } from "../people";
import { checkEverywhere, useUi } from "../ui";

const { ui, tenant, open } = useUi();

test("every page of the administration, in both themes and on a phone", async () => {
  const pages: [path: string, heading: string][] = [
    ["", "Administration"],
    ["/users", "Users"],
    ["/organizations", "Organizations"],
    ["/settings", "Settings of this installation"],
    ["/dead-letters", "Dead letters"],
  ];
  for (const [path, heading] of pages) {
    await checkEverywhere(
      open,
      `/admin${path}`,
      `admin${path.replaceAll("/", "-")}`,
      async (page) => {
        await page.getByRole("heading", { level: 1, name: heading }).waitFor();
        await page.getByRole("status", { name: "Loading" }).waitFor({ state: "detached" });
      },
    );
  }
});

test("the overview says how the installation is", async () => {
  const page = await open("/admin");
  await page.getByRole("heading", { name: "All is well" }).waitFor();
  for (const name of ["Database", "Redis", "Bucket", "Queues", "Disk"]) {
    await page.getByRole("listitem").filter({ hasText: name }).first().waitFor();
  }
});

test("somebody is deactivated and cannot come in, and is let in again", async () => {
  const guest = await signUp(ui().url);
  const page = await open("/admin/users");
  const act = async (name: string) => {
    await page.getByRole("searchbox").fill(guest.email);
    await page.getByRole("button", { name: `Actions for ${guest.email}` }).click();
    await page.getByRole("menuitem", { name }).click();
    await page.getByRole("dialog").getByRole("button", { name }).click();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  };
  const enter = () =>
    fetch(`${ui().url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ui().url },
      body: JSON.stringify({ email: guest.email, password: guest.password }),
    });
  await act("Deactivate");
  await page.getByText("deactivated").waitFor();
  expect((await enter()).status).toBe(403);
  await act("Activate");
  await expect.poll(() => page.getByText("deactivated").count()).toBe(0);
  expect((await enter()).status).toBe(200);
});

test("an organization is found", async () => {
  const { name } = await tenant();
  const page = await open("/admin/organizations");
  await page.getByRole("searchbox").fill(name);
  await page.getByRole("row", { name: new RegExp(name) }).waitFor();
});

test("a message that no digest can read is shown with its reason, and discarded", async () => {
  const { server } = ui();
  const { status } = JSON.parse(
    await import("node:fs").then(({ readFileSync }) =>
      readFileSync(`${server.home}/running.json`, "utf8"),
    ),
  ) as { status: { url: string; secret: string } };
  const words = `no message of ours ${randomUUID()}`;
  const sent = await fetch(new URL("/message", status.url), {
    method: "POST",
    headers: {
      authorization: `Bearer ${status.secret}`,
      "x-brinkwatch-queue": "envelopes",
      "x-msg-fmt": "bytes",
    },
    body: words,
  });
  expect(sent.status).toBe(200);
  const page = await open("/admin/dead-letters");
  const row = page.getByRole("row", { name: /envelopes/ }).first();
  await expect
    .poll(
      async () => {
        if ((await row.count()) === 0) await page.reload();
        return row.count();
      },
      { timeout: 60_000, interval: 1000 },
    )
    .toBeGreaterThan(0);
  await row.getByRole("button", { name: /Actions/ }).click();
  await page.getByRole("menuitem", { name: "Look" }).click();
  await page.getByRole("dialog", { name: "Dead letter" }).waitFor();
  await page.keyboard.press("Escape");
  await row.getByRole("button", { name: /Actions/ }).click();
  await page.getByRole("menuitem", { name: "Discard" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await page.getByText("There are none: everything that was accepted has been digested.").waitFor();
});

test("whoever is no administrator sees nothing of it", async () => {
  const guest = await signUp(ui().url);
  const page = await open("/admin/users", { person: guest, expects: /40[34]/ });
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("row").count()).toBe(0);
});
