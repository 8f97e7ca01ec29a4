import type { Schema } from "../api/client";

/** What SDKs and tools are given to send to a project. */
export type Destination = {
  dsn: string;
  /** 32 digits, as it stands in the DSN. */
  key: string;
  /** Where envelopes are posted. */
  envelope: string;
  /** Where browsers report violations of a page's policy. */
  reports: string;
};

/** The forms of a key's address. A DSN is `scheme://key@host[/prefix]/project`. */
export function destinationOf({ dsn }: Pick<Schema<"ProjectKey">, "dsn">): Destination {
  const address = new URL(dsn.public);
  const key = address.username;
  const at = address.pathname.lastIndexOf("/");
  const prefix = address.pathname.slice(0, at);
  const project = address.pathname.slice(at + 1);
  return {
    dsn: dsn.public,
    key,
    envelope: `${address.protocol}//${address.host}${prefix}/api/${project}/envelope/`,
    reports: dsn.security,
  };
}

/** Puts a project's own addresses into a snippet. */
export const fillIn = (text: string, { dsn, key, envelope, reports }: Destination): string =>
  text
    .replaceAll("__DSN__", () => dsn)
    .replaceAll("__KEY__", () => key)
    .replaceAll("__ENVELOPE__", () => envelope)
    .replaceAll("__REPORTS__", () => reports);
