import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "../harness";
import { signUp } from "./people";
import { useUi } from "./ui";

const { ui, tenant, open } = useUi();

const folder = join(import.meta.dirname, "outlines");

/** What differs from run to run: names made up by tests, ids, keys, times. */
const steady = (text: string, org: string) =>
  text
    .replaceAll(org, "ORG")
    .replace(/Org [\da-f]{8}/g, "Org NAME")
    .replace(/http:\/\/[^\s"]+/g, "URL")
    .replace(/\b[\da-f]{32}\b/g, "HEX")
    .replace(/\b[\da-f]{8}\b/g, "HEX")
    .replace(/\b(?:now|\d+ (?:s|min|h|d) ago|less than a second|\d+[smhd])\b/g, "AGO")
    .replace(/\b\d{1,2} [A-Z][a-z]{2} \d\d:\d\d(?::\d\d)?\b/g, "WHEN")
    .replace(/\d+(?:\.\d+)? (?:ms|s|kB|MB|GB)\b/g, "SIZE")
    .replace(/\/issues\/\d+/g, "/issues/ID")
    .replace(/project=\d+/g, "project=ID")
    .replace(/members\/\d+/g, "members/ID")
    .replace(/127\.0\.0\.1/g, "IP");

// What a screen reader finds on the pages that people use most: names, roles and states, without how they look.
test("what a screen reader finds on the fifteen pages that are used most", async () => {
  const { org, project, send, call } = await tenant();
  await send({
    level: "error",
    release: "shop@1.0",
    environment: "production",
    user: { id: "7", email: "ada@customer.example" },
    exception: {
      values: [
        {
          type: "TypeError",
          value: "total is undefined",
          stacktrace: {
            frames: [
              { filename: "node_modules/lib/run.js", function: "run", lineno: 3, in_app: false },
              {
                filename: "app/cart.js",
                function: "sum",
                lineno: 12,
                colno: 5,
                in_app: true,
                context_line: "total.add(price)",
              },
            ],
          },
        },
      ],
    },
    breadcrumbs: { values: [{ category: "ui.click", message: "button#pay" }] },
  });
  const issue = await eventually(async () => {
    const [found] = await call<{ id: string }[]>("GET", `/api/0/organizations/${org}/issues/`);
    if (!found) throw new Error("it is not digested yet");
    return found.id;
  });
  await call("POST", `/api/0/projects/${org}/${project.slug}/alerts/`, {
    name: "Spike",
    quantity: 20,
    timespanMinutes: 60,
    alertRecipients: [{ recipientType: "email" }],
  });
  const somebody = await signUp(ui().url);
  const pages: [name: string, path: string, person?: typeof somebody | null][] = [
    ["login", "/login", null],
    ["register", "/register", null],
    ["issues", `/${org}/issues`],
    ["issue", `/${org}/issues/${issue}`],
    ["issue-tags", `/${org}/issues/${issue}/tags`],
    ["projects", `/${org}/projects`],
    ["setup", `/${org}/projects/${project.slug}/setup`],
    ["project-keys", `/${org}/settings/projects/${project.slug}/keys`],
    ["alerts", `/${org}/alerts`],
    ["stats", `/${org}/stats`],
    ["organization", `/${org}/settings`],
    ["members", `/${org}/settings/members`],
    ["security", "/profile/security", somebody],
    ["preferences", "/profile/preferences", somebody],
    ["administration", "/admin/settings"],
  ];
  for (const [name, path, person] of pages) {
    const page = await open(path, person === undefined ? {} : { person, expects: /401/ });
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expect
      .poll(() => page.getByRole("status", { name: "Loading" }).count(), { timeout: 60_000 })
      .toBe(0);
    await page.waitForLoadState("networkidle");
    const outline = steady(await page.locator("body").ariaSnapshot(), org);
    await expect(outline).toMatchFileSnapshot(join(folder, `${name}.txt`));
    await page.context().close();
  }
});
