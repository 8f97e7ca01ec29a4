import { expect, test } from "vitest";
import { useStack } from "./harness";

const wrong = {
  DATABASE_URL: "postgres://app:hunter#2hunter@db.example/shop",
  SMTP_URL: "smtp://app:hunter/2hunter@mail.example",
  SETUP_TOKEN: "hunter2hunter",
  RETENTION_DAYS: "hunter2hunter",
};
const stack = useStack({ fresh: true, bindings: wrong });

test("wrong settings are 503 and named in the log, once and without what they were set to", async () => {
  const answers = await Promise.all(
    ["/api/settings/", "/api/0/organizations/", "/api/settings/"].map(async (path) => {
      const answer = await fetch(stack.url + path);
      return { status: answer.status, text: await answer.text() };
    }),
  );
  for (const { status, text } of answers) {
    expect(status).toBe(503);
    expect(text).not.toContain("hunter");
  }
  const lines = await stack.logs();
  const named = lines.filter((line) => line.includes("not configured"));
  expect(named).toHaveLength(1);
  const { level, message } = JSON.parse(named[0] ?? "{}");
  expect(level).toBe("error");
  for (const name of Object.keys(wrong)) expect(message).toContain(`${name}: `);
  expect(lines.filter((line) => line.includes("hunter"))).toEqual([]);
});
