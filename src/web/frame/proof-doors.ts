import { queryOptions } from "@tanstack/react-query";
import { call } from "../api/client";
import { ApiFault, atField } from "../api/fault";
import { proofBy } from "./sign-in-doors";

const root = "/_allauth/browser/v1";

/** A way to prove who one is besides the password. Times are Unix seconds. */
export type Factor =
  | { type: "totp"; created_at: number; last_used_at: number | null }
  | {
      type: "recovery_codes";
      created_at: number;
      total_code_count: number;
      unused_code_count: number;
    }
  | {
      type: "webauthn";
      id: number;
      name: string;
      created_at: number;
      last_used_at: number | null;
    };

export const factors = queryOptions({
  queryKey: ["me", "factors"],
  queryFn: async () =>
    (await call<{ data: Factor[] }>("GET", `${root}/account/authenticators`)).data,
});

/** django-allauth's doors know a code and a password; a person sees them in one field each. */
async function proving(name: "password" | "code", path: string, body: object): Promise<void> {
  try {
    await call("POST", path, body);
  } catch (error) {
    const isWrong = error instanceof ApiFault && error.status === 400;
    throw isWrong ? atField(error, name) : error;
  }
}

export const proveByPassword = (password: string): Promise<void> =>
  proving("password", `${root}/auth/reauthenticate`, { password });

/** A code of the authenticator app, or a recovery code. */
export const proveByCode = (code: string): Promise<void> =>
  proving("code", `${root}/auth/2fa/reauthenticate`, { code });

type Begun = { data: { request_options: { publicKey: Parameters<typeof proofBy>[0] } } };

export async function proveByPasskey(): Promise<void> {
  const path = `${root}/auth/webauthn/reauthenticate`;
  const { data } = await call<Begun>("GET", path);
  const credential = await proofBy(data.request_options.publicKey);
  await call("POST", path, { credential });
}
