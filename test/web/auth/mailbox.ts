import type { Page } from "playwright-core";

/** Opens the newest mail to an address in the local mailbox and gives the link in it. */
export async function linkInMail(page: Page, email: string, link: RegExp): Promise<string> {
  const mail = page.locator("article", { hasText: `to ${email}` });
  const found = mail.getByRole("link", { name: link }).first();
  for (;;) {
    await page.goto("/_dev/mail/");
    await page.getByRole("heading", { name: "Mailbox" }).waitFor();
    if ((await found.count()) > 0) break;
  }
  return (await found.getAttribute("href")) ?? "";
}
