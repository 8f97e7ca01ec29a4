import { mailOf } from "../platform/mail-text";
import type { Mail } from "../platform/mailer";

export const resetMail = (to: string, link: string): Mail =>
  mailOf(to, "Reset your password", [
    "Somebody, hopefully you, asked for a new password for your Brinkwatch account.",
    { label: "Choose a new password", link },
    "The link works one time, within one hour. If it was not you, ignore this mail: nothing has changed.",
  ]);

export const verificationMail = (to: string, link: string): Mail =>
  mailOf(to, "Confirm your e-mail address", [
    "Please confirm that this address belongs to you.",
    { label: "Confirm the address", link },
    "If you have not signed up with Brinkwatch, ignore this mail.",
  ]);

/** To the address that was the main one until now: its owner may not be who changed it. */
export const addressChangedMail = (to: string, next: string): Mail =>
  mailOf(to, "Your e-mail address was changed", [
    `The main address of your Brinkwatch account is now ${next}. Until now it was this one.`,
    "Every other session has ended. If it was not you, tell whoever operates your Brinkwatch at once.",
  ]);
