import { mailOf } from "../platform/mail-text";
import type { Mail } from "../platform/mailer";

export const resetMail = (to: string, link: string): Mail =>
  mailOf(to, "Reset your password", [
    "Somebody, hopefully you, asked for a new password for your Faultline account.",
    { label: "Choose a new password", link },
    "The link works one time, within one hour. If it was not you, ignore this mail: nothing has changed.",
  ]);

export const verificationMail = (to: string, link: string): Mail =>
  mailOf(to, "Confirm your e-mail address", [
    "Please confirm that this address belongs to you.",
    { label: "Confirm the address", link },
    "If you have not signed up with Faultline, ignore this mail.",
  ]);
