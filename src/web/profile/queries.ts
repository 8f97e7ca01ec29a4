import { queryOptions } from "@tanstack/react-query";
import { api, call, ok, page, type Schema } from "../api/client";
import { ApiFault, atField } from "../api/fault";
import { queryClient } from "../api/query-client";
import { fresh } from "../frame/fresh";
import { me } from "../frame/session";
import { newPasskey } from "../frame/sign-in-doors";
import { mount } from "../mount";
import type { Scope } from "../parts/token-scopes";

const myself = { params: { path: { user_id: "me" } } } as const;

/** Something changed about the person: everything about them is read again. */
const changed = () => queryClient.invalidateQueries({ queryKey: me.queryKey });

// Name, addresses, the account itself.

export async function saveName(name: string): Promise<void> {
  await ok(api.PUT("/api/0/users/{user_id}/", { ...myself, body: { name } }));
  await changed();
}

export async function saveOptions(options: Schema<"UserOptions">): Promise<void> {
  const known = queryClient.getQueryData(me.queryKey)?.options;
  // The door replaces them as a whole.
  const body = { options: { ...known, ...options } };
  const saved = await ok(api.PUT("/api/0/users/{user_id}/", { ...myself, body }));
  queryClient.setQueryData(me.queryKey, (old) =>
    old && saved ? { ...old, options: saved.options } : old,
  );
}

export const emails = queryOptions({
  queryKey: ["me", "emails"],
  queryFn: () => ok(api.GET("/api/0/users/{user_id}/emails/", myself)),
});

export async function addEmail(email: string): Promise<void> {
  try {
    await fresh(() =>
      ok(api.POST("/api/0/users/{user_id}/emails/", { ...myself, body: { email } })),
    );
  } catch (error) {
    throw error instanceof ApiFault && error.status === 400 ? atField(error, "email") : error;
  }
  await changed();
}

export async function makeMainEmail(email: string): Promise<void> {
  await fresh(() => ok(api.PUT("/api/0/users/{user_id}/emails/", { ...myself, body: { email } })));
  await changed();
}

export async function removeEmail(email: string): Promise<void> {
  await fresh(() =>
    ok(api.DELETE("/api/0/users/{user_id}/emails/", { ...myself, body: { email } })),
  );
  await changed();
}

export const confirmEmailAgain = (email: string): Promise<unknown> =>
  ok(api.POST("/api/0/users/{user_id}/emails/confirm/", { ...myself, body: { email } }));

export const deleteAccount = (): Promise<unknown> =>
  fresh(() => ok(api.DELETE("/api/0/users/{user_id}/", myself)));

// How one signs in.

/** Other sessions end with it. */
export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  try {
    await call("POST", "/api/auth/change-password", { currentPassword, newPassword });
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    if (error.code === "INVALID_PASSWORD") throw atField(error, "currentPassword");
    throw /PASSWORD/.test(error.code ?? "") ? atField(error, "newPassword") : error;
  }
  await changed();
}

/** For an account without a password: a link to choose one. */
export const mailPasswordLink = (email: string): Promise<unknown> =>
  call("POST", "/api/auth/request-password-reset", { email });

export type TotpSetup = { totpURI: string; backupCodes: string[] };

/** A secret for an authenticator app; it counts when a code of it was shown. */
export const beginTotp = (): Promise<TotpSetup> =>
  fresh(() => call<TotpSetup>("POST", "/api/auth/two-factor/enable", {}));

export async function finishTotp(code: string): Promise<void> {
  try {
    await fresh(() => call("POST", "/api/auth/two-factor/verify-totp", { code }));
  } catch (error) {
    throw error instanceof ApiFault && error.code === "INVALID_CODE"
      ? atField(error, "code")
      : error;
  }
}

export const factorsChanged = changed;

export async function endTotp(): Promise<void> {
  await fresh(() => call("POST", "/api/auth/two-factor/disable", {}));
  await changed();
}

export async function newRecoveryCodes(): Promise<string[]> {
  const { backupCodes } = await fresh(() =>
    call<{ backupCodes: string[] }>("POST", "/api/auth/two-factor/generate-backup-codes", {}),
  );
  await changed();
  return backupCodes;
}

type Passkey = {
  id: string | number;
  name?: string | null;
  createdAt: string;
  deviceType?: string;
  backedUp?: boolean;
};

export const passkeys = queryOptions({
  queryKey: ["me", "passkeys"],
  queryFn: () => call<Passkey[]>("GET", "/api/auth/passkey/list-user-passkeys"),
});

export async function addPasskey(name: string): Promise<void> {
  const options = await fresh(() =>
    call<Parameters<typeof newPasskey>[0]>("GET", "/api/auth/passkey/generate-register-options"),
  );
  const response = await newPasskey(options);
  await fresh(() => call("POST", "/api/auth/passkey/verify-registration", { response, name }));
  await changed();
}

export async function renamePasskey(id: string, name: string): Promise<void> {
  await call("PUT", "/_allauth/browser/v1/account/authenticators/webauthn", {
    id: Number(id),
    name,
  });
  await changed();
}

export async function removePasskey(id: string): Promise<void> {
  await fresh(() => call("POST", "/api/auth/passkey/delete-passkey", { id }));
  await changed();
}

type Account = { id: string | number; accountId: string; providerId: string; createdAt: string };

/** Ways in that are kept by others; "credential" is the password. */
export const accounts = queryOptions({
  queryKey: ["me", "accounts"],
  queryFn: () => call<Account[]>("GET", "/api/auth/list-accounts"),
});

/** Where the browser goes to connect another service. */
export async function addressToConnect(provider: string): Promise<string> {
  const { url } = await fresh(() =>
    call<{ url: string }>("POST", "/api/auth/link-social", {
      provider,
      callbackURL: `${location.origin}${mount}/profile/security`,
      errorCallbackURL: `${location.origin}${mount}/profile/security?socialLoginError=true`,
    }),
  );
  return url;
}

export async function disconnect(accountId: string): Promise<void> {
  await fresh(() => call("POST", "/api/auth/unlink-account", { accountId }));
  await changed();
}

// Sessions.

export type Session = {
  id: number;
  ip: string | null;
  user_agent: string | null;
  created_at: number;
  last_seen_at: number | null;
  is_current: boolean;
};
const sessionsPath = "/_allauth/browser/v1/auth/sessions";

export const sessions = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: async () => (await call<{ data: Session[] }>("GET", sessionsPath)).data,
});

export async function endSessions(ids: number[]): Promise<void> {
  await call("DELETE", sessionsPath, { sessions: ids });
  await queryClient.invalidateQueries({ queryKey: sessions.queryKey });
}

// Notifications.

export const notificationDefault = queryOptions({
  queryKey: ["me", "notifications"],
  queryFn: () => ok(api.GET("/api/0/users/{user_id}/notifications/", myself)),
});

export async function saveNotificationDefault(subscribeByDefault: boolean): Promise<void> {
  const body = { subscribeByDefault };
  const saved = await ok(api.PUT("/api/0/users/{user_id}/notifications/", { ...myself, body }));
  queryClient.setQueryData(notificationDefault.queryKey, saved);
}

/** By project id: 1 on, 0 off; others follow the default. */
export const projectAlerts = queryOptions({
  queryKey: ["me", "project-alerts"],
  queryFn: () => ok(api.GET("/api/0/users/{user_id}/notifications/alerts/", myself)),
});

export async function saveProjectAlert(projectId: string, choice: number): Promise<void> {
  const body = { [projectId]: choice };
  await ok(api.PUT("/api/0/users/{user_id}/notifications/alerts/", { ...myself, body }));
  queryClient.setQueryData(projectAlerts.queryKey, (old) => {
    const { [projectId]: _, ...others } = old ?? {};
    return choice === -1 ? others : { ...others, [projectId]: choice };
  });
}

/** A page of the projects that the person can see, from a cursor on. */
export const projectsFrom = (cursor: string | undefined) =>
  page(
    api.GET("/api/0/projects/", {
      params: { query: { limit: 100, ...(cursor !== undefined && { cursor }) } },
    }),
  );

// Tokens.

export const tokens = queryOptions({
  queryKey: ["me", "tokens"],
  queryFn: async () =>
    (await page(api.GET("/api/0/api-tokens/", { params: { query: { limit: 100 } } }))).rows,
});

type NewToken = {
  label: string;
  scopes: Scope[];
  dialect: "glitchtip" | "sentry";
  expiresAt: string | null;
};

/** The answer has the whole token, this once. */
export async function makeToken(body: NewToken): Promise<Schema<"ApiToken">> {
  const made = await ok(api.POST("/api/0/api-tokens/", { body }));
  await queryClient.invalidateQueries({ queryKey: tokens.queryKey });
  return made;
}

export async function revokeToken(id: number): Promise<void> {
  await ok(
    api.DELETE("/api/0/api-tokens/{token_id}/", { params: { path: { token_id: String(id) } } }),
  );
  await queryClient.invalidateQueries({ queryKey: tokens.queryKey });
}
