import { randomBytes } from "node:crypto";

export type Person = {
  email: string;
  password: string;
  cookies: { name: string; value: string }[];
};

/** A session as a browser would get it. */
export async function signIn(
  url: string,
  email: string,
  password: string,
  origin = url,
): Promise<Person> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  const cookies = answer.headers.getSetCookie().map((line) => {
    const [pair = ""] = line.split(";");
    const at = pair.indexOf("=");
    return { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });
  return { email, password, cookies };
}

/** Somebody new, with an address and a password of their own. */
export async function signUp(url: string): Promise<Person> {
  const email = `p-${randomBytes(5).toString("hex")}@example.com`;
  const password = `long enough ${randomBytes(6).toString("hex")}`;
  const answer = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email, password, name: "Grace" }),
  });
  if (!answer.ok) throw new Error(`sign-up: ${answer.status} ${await answer.text()}`);
  return signIn(url, email, password);
}

type Tenant = {
  org: string;
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>;
};

/** Somebody new who has accepted an invitation to the organization. */
export async function joinAs(url: string, { org, call }: Tenant, role: string): Promise<Person> {
  const guest = await signUp(url);
  const { inviteLink } = await call<{ inviteLink: string }>(
    "POST",
    `/api/0/organizations/${org}/members/`,
    { email: guest.email, orgRole: role, sendInvite: false },
  );
  const [, member = "", token = ""] = /accept\/(\d+)\/([^/]+)/.exec(inviteLink) ?? [];
  const answer = await fetch(`${url}/api/0/accept/${member}/${token}/`, {
    method: "POST",
    headers: {
      cookie: guest.cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
      "x-csrftoken": guest.cookies.find(({ name }) => name === "csrftoken")?.value ?? "",
      "content-type": "application/json",
      origin: url,
    },
    body: JSON.stringify({ acceptInvite: true }),
  });
  if (!answer.ok) throw new Error(`accept: ${answer.status} ${await answer.text()}`);
  return guest;
}
