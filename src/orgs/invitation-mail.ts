import { mailOf } from "../platform/mail-text";
import type { Mail } from "../platform/mailer";

const nameCharsMax = 60;

/** A name in a mail to a stranger must not carry links of its own. */
const harmless = (name: string) =>
  name
    .replace(/<[^<>]*>/g, "")
    .replace(/\.com|http|[/.:$\r\n]/gi, "")
    .slice(0, nameCharsMax);

export const invitationMail = (to: string, orgName: string, link: string, days: number): Mail =>
  mailOf(to, `You are invited to ${harmless(orgName)}`, [
    `You are invited to join the organization ${harmless(orgName)} on Brinkwatch.`,
    { label: "Accept the invitation", link },
    `The link works for this address, one time, within ${days} days. If you do not expect it, ignore this mail.`,
  ]);
