import { expect, test } from "vitest";
import { useUi } from "../ui";

const { tenant, open } = useUi();

test("the rules of all projects come with one request, and the projects without one are named", async () => {
  const { org, team, project, call } = await tenant();
  for (const name of ["Backend", "Worker"]) {
    await call("POST", `/api/0/teams/${org}/${team}/projects/`, { name });
  }
  const rule = { name: "Spike", quantity: 20, timespanMinutes: 60, alertRecipients: [] };
  await call("POST", `/api/0/projects/${org}/${project.slug}/alerts/`, rule);
  await call("POST", `/api/0/projects/${org}/backend/alerts/`, { ...rule, name: "Of the backend" });

  const page = await open(`/${org}/issues`);
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith("/alerts/")) asked.push(pathname);
  });
  await page.goto(`/${org}/alerts`);
  await page.getByRole("region", { name: "Shop" }).getByText("Spike").waitFor();
  await page.getByRole("region", { name: "Backend" }).getByText("Of the backend").waitFor();
  const without = page.getByRole("region", { name: "Without a rule" });
  expect(await without.getByRole("link").allTextContents()).toEqual(["Worker"]);
  expect(asked).toEqual([`/api/0/organizations/${org}/alerts/`]);

  await page.getByRole("button", { name: "More about Of the backend" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await without.getByRole("link", { name: "Backend" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("region", { name: "Backend" }).getByText("Of the backend").waitFor();
});
