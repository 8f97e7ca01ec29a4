import type { Blobs } from "./blobs";
import { reaching } from "./deadline";
import { uuidv7 } from "./ids";

export type Mail = { to: string; subject: string; text: string; html: string };

/** How mail leaves. `isConfigured` is false when it goes nowhere: links are then to be copied by hand. */
export type Mailer = {
  isConfigured: boolean;
  send(mail: Mail): Promise<void>;
};

export type MailSettings = {
  from: string;
  /** The `send_email` binding. */
  binding?: { send(mail: object): Promise<unknown> } | undefined;
  smtpUrl?: string | undefined;
  resendKey?: string | undefined;
  postmarkToken?: string | undefined;
  /** Keeps mail in the bucket for the page /_dev/mail instead of sending it. */
  isMailbox: boolean;
  /** No mail is waited for longer. */
  deadlineMs: number;
};

const mailboxPrefix = "mailbox/";

/** The first transport that is configured: binding, SMTP, Resend, Postmark, mailbox page. */
export function openMailer(settings: MailSettings, blobs: Blobs, now: () => Date): Mailer {
  const { from, binding, smtpUrl, resendKey, postmarkToken, deadlineMs } = settings;
  const configured = (send: (mail: Mail, signal: AbortSignal) => Promise<void>): Mailer => ({
    isConfigured: true,
    send: (mail) => reaching(deadlineMs, "The mail server", (signal) => send(mail, signal)),
  });
  if (binding) {
    return configured(async (mail) => {
      await binding.send({ from: addressOf(from), ...mail });
    });
  }
  if (smtpUrl) return configured((mail) => sendBySmtp(smtpUrl, from, mail, deadlineMs));
  if (resendKey) {
    return configured((mail, signal) =>
      post(
        "https://api.resend.com/emails",
        { Authorization: `Bearer ${resendKey}` },
        { from, ...mail },
        signal,
      ),
    );
  }
  if (postmarkToken) {
    return configured(({ to, subject, text, html }, signal) =>
      post(
        "https://api.postmarkapp.com/email",
        { "X-Postmark-Server-Token": postmarkToken },
        { From: from, To: to, Subject: subject, TextBody: text, HtmlBody: html },
        signal,
      ),
    );
  }
  if (settings.isMailbox) {
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
