import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { body, empty, faults, json } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { dictionaryOf } from "../protocol/dictionary";
import { pathPart } from "../protocol/path-part";
import { PasskeyAnswer } from "./passkey-answer";
import { SignInRefusal, signInAnswers } from "./sign-in-answers";
import { signInPath } from "./sign-in-path";
import { textLimits } from "./text-limits";

const text = z.string().max(textLimits.other);
const name = z.string().max(textLimits.name);
const email = z.string().max(textLimits.email).openapi({ example: "ada@example.com" });
const password = text.openapi({ example: "correct horse battery staple" });
const code = z.string().max(100).openapi({ example: "123456" });
const rowId = z
  .number()
  .int()
  .max(10 ** 15);
const Answer = z.record(z.string(), z.unknown());

type Door = [
  method: "get" | "post" | "put" | "patch" | "delete",
  path: string,
  summary: string,
  body?: object,
  kind?: "form",
];

/** The doors of the sign-in library that are open; it answers them itself, and has others that nobody needs. */
const library = (): Door[] => [
  [
    "post",
    "/sign-up/email",
    "Sign up; `invitation` is `<member id>/<token>` of an invitation's link",
    { email, password, name, invitation: text.optional() },
  ],
  [
    "post",
    "/sign-in/email",
    "Sign in; answers `twoFactorRedirect` when a second factor is to follow",
    { email, password, rememberMe: z.boolean().optional() },
  ],
  [
    "post",
    "/sign-in/social",
    "Begin to sign in with another service; answers its address",
    { provider: text.openapi({ example: "github" }), callbackURL: text.optional() },
  ],
  ["get", "/callback/{provider}", "Where the other service sends the browser back to"],
  ["post", "/sign-out", "End this session", {}],
  ["get", "/get-session", "Who is signed in; null when nobody is"],
  ["get", "/list-sessions", "Every browser in which one is signed in"],
  ["post", "/revoke-session", "End one of them", { token: text }],
  ["post", "/revoke-other-sessions", "End all but this one", {}],
  ["post", "/request-password-reset", "Mail a link for a new password", { email }],
  [
    "post",
    "/reset-password",
    "Set a new password with the link's token; ends all sessions",
    { token: text, newPassword: password },
  ],
  [
    "post",
    "/change-password",
    "Change the password; ends all other sessions",
    { currentPassword: password, newPassword: password },
  ],
  ["post", "/send-verification-email", "Mail the link that verifies the address again", { email }],
  [
    "post",
    "/two-factor/enable",
    "Begin with a second factor: answers the secret's address and recovery codes",
    { password: password.optional() },
  ],
  [
    "post",
    "/two-factor/verify-totp",
    "Prove a code, to finish signing in or setting up",
    { code, trustDevice: z.boolean().optional() },
  ],
  ["post", "/two-factor/verify-backup-code", "Use a recovery code instead", { code: text }],
  [
    "post",
    "/two-factor/disable",
    "Go without a second factor again",
    { password: password.optional() },
  ],
  [
    "post",
    "/two-factor/generate-backup-codes",
    "New recovery codes instead of the old ones",
    { password: password.optional() },
  ],
  ["get", "/passkey/generate-register-options", "Begin to register a passkey"],
  [
    "post",
    "/passkey/verify-registration",
    "Finish it",
    { response: PasskeyAnswer, name: name.optional() },
  ],
  ["get", "/passkey/generate-authenticate-options", "Begin to sign in with a passkey"],
  ["post", "/passkey/verify-authentication", "Finish it", { response: PasskeyAnswer }],
  ["get", "/passkey/list-user-passkeys", "One's passkeys"],
  ["post", "/passkey/delete-passkey", "Remove one", { id: text }],
  ["get", "/list-accounts", "Ways in which one can sign in"],
  [
    "post",
    "/unlink-account",
    "Remove one, by the id that the list gives it",
    { accountId: text.openapi({ example: "7" }) },
  ],
  [
    "post",
    "/link-social",
    "Begin to join another service to one's account; answers its address",
    { provider: text.openapi({ example: "github" }), callbackURL: text.optional() },
  ],
];

let open: Set<string> | undefined;

/** Whether a door of the library is one of those that are documented. `path` is the library's own. */
export function isOpenDoor(method: string, path: string): boolean {
  open ??= new Set(library().map(([verb, door]) => `${verb.toUpperCase()} ${door}`));
  return open.has(`${method} ${path.replace(/^(\/callback)\/[^/]+$/, "$1/{provider}")}`);
}

/** django-allauth's words for what GlitchTip's clients do. */
const allauth = (): Door[] => [
  ["get", "/config", "How one can sign in; sets the cookie csrftoken"],
  ["get", "/auth/session", "Who is signed in; 401 with the ways to sign in when nobody is"],
  ["delete", "/auth/session", "End this session"],
  ["post", "/auth/login", "Sign in", { email, password }],
  [
    "post",
    "/auth/signup",
    "Sign up",
    { email, password, name: name.optional(), invitation: text.optional() },
  ],
  [
    "post",
    "/auth/2fa/authenticate",
    "Give the code of the second factor, or a recovery code",
    { code },
  ],
  [
    "post",
    "/auth/provider/redirect",
    "Sent as a form with the field csrfmiddlewaretoken: 302 to the other service",
    { provider: text, process: z.enum(["login", "connect"]), callback_url: text },
    "form",
  ],
  ["post", "/auth/password/request", "Mail a link for a new password", { email }],
  [
    "post",
    "/auth/password/reset",
    "Set a new password with the link's key",
    { key: text, password },
  ],
  ["post", "/auth/email/verify", "Verify an address with the link's key", { key: text }],
  ["get", "/auth/email/verify", "Whose address the key in X-Email-Verification-Key is about"],
  ["post", "/auth/email/verify/resend", "Mail the link for one's own main address again", {}],
  ["get", "/auth/password/reset", "Whose password the key in X-Password-Reset-Key is about"],
  ["post", "/auth/reauthenticate", "Prove with the password that it is oneself", { password }],
  ["post", "/auth/2fa/reauthenticate", "Prove it with a code", { code }],
  ...["login", "authenticate", "reauthenticate"].flatMap((step): Door[] => [
    ["get", `/auth/webauthn/${step}`, "Begin to use a passkey"],
    ["post", `/auth/webauthn/${step}`, "Finish it", { credential: PasskeyAnswer }],
  ]),
  ["get", "/auth/sessions", "Every browser in which one is signed in"],
  ["delete", "/auth/sessions", "End some of them", { sessions: z.array(rowId).max(100) }],
  ["get", "/account/email", "One's addresses"],
  ["post", "/account/email", "Add an address", { email, password: password.optional() }],
  ["put", "/account/email", "Mail its link again", { email }],
  ["patch", "/account/email", "Make it the main one", { email, password: password.optional() }],
  ["delete", "/account/email", "Remove it", { email, password: password.optional() }],
  ["get", "/account/providers", "Services that are joined to one's account"],
  [
    "delete",
    "/account/providers",
    "Remove one",
    { provider: text, account: text, password: password.optional() },
  ],
  ["get", "/account/authenticators", "Second factors and passkeys"],
  ["get", "/account/authenticators/totp", "The second factor; 404 with a new secret without one"],
  ["post", "/account/authenticators/totp", "Set it up with a code of that secret", { code }],
  ["delete", "/account/authenticators/totp", "Go without", { password: password.optional() }],
  ["get", "/account/authenticators/recovery-codes", "How many recovery codes are left"],
  [
    "post",
    "/account/authenticators/recovery-codes",
    "New recovery codes instead of the old ones",
    { password: password.optional() },
  ],
  ["get", "/account/authenticators/webauthn", "Begin to add a passkey"],
  [
    "post",
    "/account/authenticators/webauthn",
    "Finish it",
    { name: text.optional(), credential: PasskeyAnswer },
  ],
  ["put", "/account/authenticators/webauthn", "Rename one", { id: rowId, name: text }],
  [
    "delete",
    "/account/authenticators/webauthn",
    "Remove some",
    { authenticators: z.array(rowId).max(100), password: password.optional() },
  ],
  [
    "post",
    "/account/password/change",
    "Change the password",
    { current_password: password, new_password: password },
  ],
];

/** Puts doors that answer outside of this API's own routes into its document; made when somebody asks for it. */
export function documentDoors({ openAPIRegistry }: OpenAPIHono<AppEnv>): void {
  for (const door of library()) {
    const answers = { ...answersOf(door), ...refusals };
    openAPIRegistry.registerPath({ ...toRoute(door, signInPath, answers), tags: ["Sign-in"] });
  }
  for (const door of allauth()) {
    const [, , , , kind] = door;
    const answers = {
      ...(kind === "form" ? { 302: empty("On to there") } : { 200: json(Answer, "Done") }),
      ...faults(400, 401, 403, 429),
    };
    const route = toRoute(door, "/_allauth/browser/v1", answers);
    openAPIRegistry.registerPath({ ...route, tags: ["Sign-in for GlitchTip's clients"] });
  }
}

type Answers = Record<
  string,
  { description: string; content?: Record<string, { schema: z.ZodType }> }
>;

const answersOf = ([, path]: Door): Answers => {
  const answer = signInAnswers.get(path);
  return answer ? { 200: json(answer, "Done") } : { 302: empty("On to where it was to go") };
};

/** In the library's words, with a code beside them. */
const refusals = dictionaryOf(
  Object.entries(faults(400, 401, 403, 404, 422, 429)).map(([status, { description }]) => [
    status,
    json(SignInRefusal, description),
  ]),
);

function toRoute([method, end, summary, shape, kind]: Door, prefix: string, responses: Answers) {
  const path = prefix + end;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  return {
    method,
    path,
    summary,
    security: [],
    request: {
      ...(shape && { body: bodyOf(shape as Record<string, z.ZodType>, kind) }),
      ...(names.length > 0 && {
        params: z.object(dictionaryOf(names.map((name) => [name, pathPart()]))),
      }),
    },
    responses,
  };
}

const bodyOf = (shape: Record<string, z.ZodType>, kind: "form" | undefined) =>
  kind === "form"
    ? { content: { "application/x-www-form-urlencoded": { schema: z.object(shape) } } }
    : body(z.object(shape));
