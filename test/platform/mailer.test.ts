import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Blobs } from "../../src/platform/blobs";
import { type Mail, openMailer } from "../../src/platform/mailer";
import { eventually, makeTenant, type Stack, startStack } from "../harness";

const invite = (tenant: Awaited<ReturnType<typeof makeTenant>>, email: string) =>
  tenant.call("POST", `/api/0/organizations/${tenant.slug}/members/`, { email });

describe("by SMTP", () => {
  const received: { user: string; from: string; to: string[]; text: string }[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, done) =>
      password === "p@ss word" ? done(null, { user: username }) : done(new Error("no")),
    onData: (stream, session, done) => {
      let text = "";
      stream.on("data", (chunk) => (text += chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          user: session.user ?? "",
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          text,
        });
        done();
      });
    },
  });
  let stack: Stack;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    const { port } = server.server.address() as AddressInfo;
    stack = await startStack({
      bindings: {
        SMTP_URL: `smtp://mailer:${encodeURIComponent("p@ss word")}@127.0.0.1:${port}`,
        MAIL_FROM: "Brinkwatch <errors@brinkwatch.example>",
      },
    });
  });
  afterAll(async () => {
    await stack.dispose();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  test("an invitation arrives with a plain and an HTML part", async () => {
    const tenant = await makeTenant(stack);
    expect((await invite(tenant, "guest@example.com")).status).toBe(201);
    const [mail] = await eventually(() => {
      expect(received).toHaveLength(1);
      return received;
    });
    expect(mail).toMatchObject({
      user: "mailer",
      from: "errors@brinkwatch.example",
      to: ["guest@example.com"],
    });
    expect(mail?.text).toContain("text/plain");
    expect(mail?.text).toContain("text/html");
    expect(mail?.text).toMatch(/^Subject: .*invited/m);
    const logged = (await stack.logs()).join("\n");
    expect([logged.includes("guest@example.com"), logged.includes("p@ss word")]).toEqual([
      false,
      false,
    ]);
  });
});

describe("by a provider", () => {
  test.each([
    [
      "RESEND_API_KEY",
      "https://api.resend.com/emails",
      { authorization: "Bearer key-of-mine" },
      {
        from: "a@b.example",
        to: "guest@example.com",
        subject: expect.any(String),
        text: expect.any(String),
        html: expect.any(String),
      },
    ],
    [
      "POSTMARK_TOKEN",
      "https://api.postmarkapp.com/email",
      { "x-postmark-server-token": "key-of-mine" },
      {
        From: "a@b.example",
        To: "guest@example.com",
        Subject: expect.any(String),
        TextBody: expect.any(String),
        HtmlBody: expect.any(String),
      },
    ],
  ])("%s", async (setting, url, headers, body) => {
    const calls: { url: string; headers: Record<string, string>; body: unknown }[] = [];
    const stack = await startStack({
      bindings: { [setting]: "key-of-mine", MAIL_FROM: "a@b.example" },
      adjust: (options) =>
        ({
          ...options,
          outboundService: async (request: Request) => {
            if (new URL(request.url).hostname === "127.0.0.1") {
              const passed = await fetch(request.url, {
                method: request.method,
                headers: Object.fromEntries(request.headers),
                body: await request.text(),
              });
              return new Response(await passed.text(), { status: passed.status }) as never;
            }
            calls.push({
              url: request.url,
              headers: Object.fromEntries(request.headers),
              body: await request.json(),
            });
            return Response.json({ id: "1" }) as never;
          },
        }) as never,
    });
    try {
      await invite(await makeTenant(stack), "guest@example.com");
      await eventually(() => expect(calls).toHaveLength(1));
      expect(calls[0]).toEqual({ url, headers: expect.objectContaining(headers), body });
    } finally {
      await stack.dispose();
    }
  });
});

describe("the order of transports", () => {
  const mail: Mail = { to: "a@example.com", subject: "s", text: "t", html: "<p>t</p>" };
  const blobs = { put: async () => {} } as unknown as Blobs;

  test("a binding comes first; without any, mail goes nowhere and says so", async () => {
    const sent: object[] = [];
    const binding = { send: async (each: object) => void sent.push(each) };
    const outside = { blobs, now: () => new Date(0), deadlineMs: 10_000 };
    const mailer = openMailer(
      { MAIL_FROM: "F <f@example.com>", DEV_MAILBOX: true, SMTP_URL: "smtp://localhost" },
      { ...outside, binding },
    );
    await mailer.send(mail);
    expect(sent).toEqual([{ from: { name: "F", email: "f@example.com" }, ...mail }]);
    const none = openMailer(
      { MAIL_FROM: "f@example.com", DEV_MAILBOX: false },
      { ...outside, binding: undefined },
    );
    await none.send(mail);
    expect([mailer.isConfigured, none.isConfigured]).toEqual([true, false]);
  });

  test("without mail an invitation still works: its link is in the answer", async () => {
    const stack = await startStack({ bindings: { DEV_MAILBOX: "false" } });
    try {
      const answer = await invite(await makeTenant(stack), "guest@example.com");
      expect(await answer.json()).toMatchObject({
        inviteLink: expect.stringContaining("/accept/"),
      });
    } finally {
      await stack.dispose();
    }
  });
});
