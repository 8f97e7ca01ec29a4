import { expect, test } from "vitest";
import { eventually } from "../../harness";
import { checkEverywhere, useUi } from "../ui";

const { ui, tenant, open } = useUi();

test("stats say what came in and why the rest was not kept, equal to what the database counted", async () => {
  const { org, project, dsn, send } = await tenant();
  await send({ message: "one" }, { message: "two" }, { message: "three" });
  const { username: key } = new URL(dsn);
  await fetch(`${ui().url}/api/${project.id}/store/?sentry_key=${key}&sentry_version=7`, {
    method: "POST",
    body: "no json",
  });
  const counted = () =>
    ui().server.query<{ outcome: string; n: number }>(
      "select outcome, sum(quantity)::integer as n from outcome_hours where project_id = $1 group by 1 order by 1",
      [project.id],
    );
  const rows = await eventually(async () => {
    const found = await counted();
    if (found.reduce((sum, { n }) => sum + n, 0) < 4) throw new Error("not counted yet");
    return found;
  });
  expect(rows).toEqual([
    { outcome: "accepted", n: 3 },
    { outcome: "invalid", n: 1 },
  ]);
  const page = await checkEverywhere(open, `/${org}/stats`, "stats", (opened) =>
    opened.getByRole("table").first().waitFor(),
  );
  const byProject = page
    .getByRole("region", { name: "Items of each project" })
    .getByRole("row", { name: /Shop/ });
  expect(await byProject.getByRole("cell").allTextContents()).toEqual(["Shop", "3", "1"]);
  await page
    .getByRole("region", { name: "Reasons" })
    .getByRole("row", { name: /not readable/ })
    .waitFor();

  const chart = page.getByRole("slider", { name: "Items over time, by outcome" });
  await chart.focus();
  await page.keyboard.press("End");
  expect(await chart.getAttribute("aria-valuetext")).toContain("accepted 3");
  await page.getByRole("button", { name: "Show as table" }).click();
  await page.getByRole("columnheader", { name: "not readable" }).waitFor();

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  expect((await download).suggestedFilename()).toBe(`stats-${org}.csv`);
});
