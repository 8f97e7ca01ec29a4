import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { checkEverywhere, signUp, useUi } from "../ui";
import { linkInMail } from "./mailbox";

const { ui, tenant, open } = useUi();

const newAddress = () => `r-${randomBytes(5).toString("hex")}@example.com`;
const refused = (status: number) => new RegExp(`^${status} |status of ${status}`);

test.each([
  ["/register", "Create the account"],
  ["/reset-password", "Send the link"],
])("%s bears every theme and size", async (path, button) => {
  await checkEverywhere(
    open,
    path,
    path.slice(1),
    (page) => page.getByRole("button", { name: button }).waitFor(),
    { person: null },
  );
});

test("somebody new registers; a password that is easy to guess is said at its field", async () => {
  const email = newAddress();
  const page = await open("/login", { person: null, expects: refused(400) });
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Name").fill("Eve");
  await page.getByLabel("E-mail address").fill(email);
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("12345678");
  await page.keyboard.press("Enter");
  await page.getByText("The password must not be all digits.").waitFor();
  expect(await password.getAttribute("aria-invalid")).toBe("true");
  expect(await page.getByLabel("E-mail address").inputValue()).toBe(email);
  await password.fill("correct horse battery");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/organizations/new");
});

test("a forgotten password is reset by the link in the mail, and the new one signs in", async () => {
  const person = await signUp(ui().url);
  const page = await open("/login", { person: null });
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  // Both pages ask for an address.
  await page.getByRole("heading", { name: "Reset your password" }).waitFor();
  await page.getByLabel("E-mail address").fill(person.email);
  await page.keyboard.press("Enter");
  await page.getByText(`If there is an account of ${person.email}`).waitFor();
  await page.goto(await linkInMail(page, person.email, /password/i));
  await page.getByLabel("New password").fill("another good passphrase");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill("another good passphrase");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/organizations/new");
});

test("who is invited and signs in by the UI comes back to the invitation, and from there to the issues", async () => {
  const { org, name, call } = await tenant();
  const person = await signUp(ui().url);
  const { inviteLink } = await call<{ inviteLink: string }>(
    "POST",
    `/api/0/organizations/${org}/members/`,
    { email: person.email },
  );
  const page = await open(new URL(inviteLink).pathname, { person: null });
  await page.getByRole("link", { name: /passkey or another service/ }).click();
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Accept" }).click();
  await page.getByRole("heading", { name: `You are a member of ${name}` }).waitFor();
  await page.getByRole("link", { name: `Go to the issues of ${name}` }).click();
  await page.waitForURL(`**/${org}/issues**`);
});

test("who registers by a link with an invitation is a member at once", async () => {
  const { org, call } = await tenant();
  const email = newAddress();
  const { inviteLink } = await call<{ inviteLink: string }>(
    "POST",
    `/api/0/organizations/${org}/members/`,
    { email },
  );
  const invitation = new URL(inviteLink).pathname.split("/").filter(Boolean).slice(1).join("/");
  const query = new URLSearchParams({ invitation, email });
  const page = await open(`/register?${query}`, { person: null });
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/${org}/issues**`);
});
