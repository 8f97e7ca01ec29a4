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
