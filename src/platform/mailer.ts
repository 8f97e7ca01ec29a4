import type { Blobs } from "./blobs";
import { reaching } from "./deadline";
import { uuidv7 } from "./ids";

export type Mail = { to: string; subject: string; text: string; html: string };

/** How mail leaves. `isConfigured` is false when it goes nowhere: links are then to be copied by hand. */
export type Mailer = {
  isConfigured: boolean;
  send(mail: Mail): Promise<void>;
};

/** Settings of which each is a way to send mail, the first that is given the one that is used. */
export const mailTransports = ["SMTP_URL", "RESEND_API_KEY", "POSTMARK_TOKEN"] as const;

/** By the names of settings, so that a further way to send is written down here and where settings are. */
type MailSettings = { [N in (typeof mailTransports)[number]]?: string | undefined } & {
  MAIL_FROM: string;
  /** Keeps mail in the bucket for the page /_dev/mail instead of sending it. */
  DEV_MAILBOX: boolean;
};

/** The `send_email` binding. */
type MailBinding = { send(mail: object): Promise<unknown> };

type Outside = {
  binding: MailBinding | undefined;
  blobs: Blobs;
  now: () => Date;
  /** No mail is waited for longer. */
  deadlineMs: number;
};

const mailboxPrefix = "mailbox/";

/** The first transport that is configured: binding, SMTP, Resend, Postmark, mailbox page. */
export function openMailer(
  settings: MailSettings,
  { binding, blobs, now, deadlineMs }: Outside,
): Mailer {
  const { MAIL_FROM: from, SMTP_URL, RESEND_API_KEY, POSTMARK_TOKEN } = settings;
  const configured = (send: (mail: Mail, signal: AbortSignal) => Promise<void>): Mailer => ({
    isConfigured: true,
    send: (mail) => reaching(deadlineMs, "The mail server", (signal) => send(mail, signal)),
  });
  if (binding) {
    return configured(async (mail) => {
      await binding.send({ from: addressOf(from), ...mail });
    });
  }
  if (SMTP_URL) return configured((mail) => sendBySmtp(SMTP_URL, from, mail, deadlineMs));
  if (RESEND_API_KEY) {
    return configured((mail, signal) =>
      post(
        "https://api.resend.com/emails",
        { Authorization: `Bearer ${RESEND_API_KEY}` },
        { from, ...mail },
        signal,
      ),
    );
  }
  if (POSTMARK_TOKEN) {
    return configured(({ to, subject, text, html }, signal) =>
      post(
        "https://api.postmarkapp.com/email",
        { "X-Postmark-Server-Token": POSTMARK_TOKEN },
        { From: from, To: to, Subject: subject, TextBody: text, HtmlBody: html },
        signal,
      ),
    );
  }
  if (settings.DEV_MAILBOX) {
    return configured((mail) =>
      blobs.put(
        `${mailboxPrefix}${newestFirst(now())}-${uuidv7(+now())}`,
        new TextEncoder().encode(JSON.stringify({ ...mail, from, sentAt: now().toISOString() })),
      ),
    );
  }
  return { isConfigured: false, send: () => Promise.resolve() };
}

export type KeptMail = Mail & { from: string; sentAt: string };
const mailboxMax = 100;

/** Keys are listed in ascending order, so later moments get smaller ones. */
const newestFirst = (now: Date) => String(1e15 - +now).padStart(16, "0");

/** What the mailbox page shows, newest first. */
export async function readMailbox(blobs: Blobs): Promise<KeptMail[]> {
  const { blobs: found } = await blobs.list(mailboxPrefix, { limit: mailboxMax });
  const bodies = await Promise.all(found.map(({ key }) => blobs.get(key)));
  return bodies.flatMap((body) => (body ? JSON.parse(new TextDecoder().decode(body)) : []));
}

const addressOf = (from: string) => {
  const [, name, email] = /^(.*)<(.+)>$/.exec(from) ?? [];
  return email ? { name: name?.trim() ?? "", email: email.trim() } : { email: from };
};

/** `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. */
async function sendBySmtp(
  url: string,
  from: string,
  { to, subject, text, html }: Mail,
  timeoutMs: number,
) {
  // Loaded when a mail goes out: most isolates never send one.
  const { WorkerMailer, LogLevel } = await import("worker-mailer");
  const { hostname, port, username, password, protocol } = new URL(url);
  const isTls = protocol === "smtps:";
  await WorkerMailer.send(
    {
      host: hostname,
      port: Number(port || (isTls ? 465 : 587)),
      secure: isTls,
      startTls: !isTls,
      ...(username && {
        credentials: {
          username: decodeURIComponent(username),
          password: decodeURIComponent(password),
        },
        authType: ["plain", "login"],
      }),
      // At any other level every connection is written to the log, addresses included.
      logLevel: LogLevel.NONE,
      socketTimeoutMs: timeoutMs,
      responseTimeoutMs: timeoutMs,
    },
    { from: addressOf(from), to, subject, text, html },
  );
}

async function post(
  url: string,
  headers: Record<string, string>,
  body: object,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal,
  });
  // The body of a refusal may repeat addresses, so only the status is given.
  if (!response.ok) throw new Error(`The mail provider answered ${response.status}`);
}
