import { api, call, ok, type Schema } from "../api/client";
import { ApiFault, atField } from "../api/fault";
import { mount } from "../mount";

/** Where the browser goes to sign in at another service. Addresses are paths without mount. */
export async function addressOfService(provider: string, next: string): Promise<string> {
  const { url } = await call<{ url: string }>("POST", "/api/auth/sign-in/social", {
    provider,
    callbackURL: location.origin + mount + next,
    errorCallbackURL: `${location.origin}${mount}/login?socialLoginError=true`,
  });
  return url;
}

type NewAccount = { name: string; email: string; password: string; invitation?: string };

/** A new account; no token where the address must be proven before one may sign in. */
export async function signUp(account: NewAccount): Promise<{ isIn: boolean }> {
  try {
    const { token } = await call<{ token: string | null }>(
      "POST",
      "/api/auth/sign-up/email",
      account,
    );
    return { isIn: token !== null };
  } catch (error) {
    throw saidAtField(error);
  }
}

const fieldOfCode = new Map([
  ["WEAK_PASSWORD", "password"],
  ["PASSWORD_TOO_SHORT", "password"],
  ["PASSWORD_TOO_LONG", "password"],
  ["WRONG_SETUP_TOKEN", "setupToken"],
  ["USER_ALREADY_EXISTS", "email"],
  ["USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "email"],
]);

const saidAtField = (error: unknown): unknown => {
  const field = error instanceof ApiFault ? fieldOfCode.get(error.code ?? "") : undefined;
  return error instanceof ApiFault && field ? atField(error, field) : error;
};

export const requestReset = (email: string): Promise<unknown> =>
  call("POST", "/api/auth/request-password-reset", { email });

/** Becomes a member by a link of an invitation; `invitation` is "<member id>/<token>". */
export async function acceptInvitation(invitation: string): Promise<{ org: string }> {
  const [member = "", token = ""] = invitation.split("/");
  const { orgUser } = await ok(
    api.POST("/api/0/accept/{member_id}/{token}/", {
      params: { path: { member_id: member, token } },
      body: { acceptInvite: true },
    }),
  );
  return { org: orgUser.organization.slug };
}

type FirstUser = {
  name: string;
  email: string;
  password: string;
  organization: string;
  project?: { name: string; platform?: string };
  setupToken?: string;
};

/** The first person of an installation, with an organization; signs in nobody. */
export async function makeFirstUser(first: FirstUser): Promise<Schema<"SetUpAnswer">> {
  try {
    return await ok(api.POST("/api/0/internal/first-user/", { body: first }));
  } catch (error) {
    throw saidAtField(error);
  }
}
