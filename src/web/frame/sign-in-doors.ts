import { call } from "../api/client";
import { ApiFault } from "../api/fault";
import { t } from "../words";

/** Whether a code of the authenticator app is still to come. */
export type PasswordAnswer = { twoFactorRedirect?: boolean };

export const signInByPassword = (email: string, password: string): Promise<PasswordAnswer> =>
  call("POST", "/api/auth/sign-in/email", { email, password });

export const signInByCode = (code: string, trustDevice: boolean): Promise<unknown> =>
  call("POST", "/api/auth/two-factor/verify-totp", { code, trustDevice });

export const signInByRecoveryCode = (code: string): Promise<unknown> =>
  call("POST", "/api/auth/two-factor/verify-backup-code", { code });

/** Asks for the mail that proves an address again. */
export const sendConfirmation = (email: string): Promise<unknown> =>
  call("POST", "/api/auth/send-verification-email", { email });

/** Loaded when somebody has a passkey in hand: most people never need it. */
const library = () => import("@simplewebauthn/browser");

export const hasPasskeys = (): boolean => "PublicKeyCredential" in globalThis;

type RequestOptions = Parameters<
  Awaited<ReturnType<typeof library>>["startAuthentication"]
>[0]["optionsJSON"];
type CreationOptions = Parameters<
  Awaited<ReturnType<typeof library>>["startRegistration"]
>[0]["optionsJSON"];

/** Somebody pressed a button: what is only offered must neither take its place nor its challenge. */
let isAsked = false;
let offering: Promise<unknown> | undefined;

const challenge = () =>
  call<RequestOptions>("GET", "/api/auth/passkey/generate-authenticate-options");

/** Signs in with a passkey. */
export async function signInByPasskey(): Promise<void> {
  isAsked = true;
  try {
    await offering?.catch(() => undefined);
    await enterWith(await proofBy(await challenge()));
  } finally {
    isAsked = false;
  }
}

/** Waits until the person picks a passkey among what the e-mail field suggests; whether they are in then. */
export async function offerPasskeys(): Promise<boolean> {
  if (isAsked) return false;
  const asked = challenge();
  offering = asked;
  const options = await asked;
  if (isAsked) return false;
  await enterWith(await proofBy(options, true));
  return true;
}

const enterWith = (response: object) =>
  call("POST", "/api/auth/passkey/verify-authentication", { response });

/** What the device says to a challenge. Faults in words where it says nothing. */
export async function proofBy(options: RequestOptions, isOffered = false): Promise<object> {
  const { startAuthentication } = await library();
  return startAuthentication({ optionsJSON: options, useBrowserAutofill: isOffered }).catch(giveUp);
}

/** A new passkey on this device or another. */
export async function newPasskey(options: CreationOptions): Promise<object> {
  const { startRegistration } = await library();
  return startRegistration({ optionsJSON: options }).catch(giveUp);
}

function giveUp(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  const isKnown = error.name === "InvalidStateError";
  throw new ApiFault({
    status: 0,
    code: error.name === "AbortError" ? "ABORTED" : "NO_PASSKEY",
    detail: isKnown
      ? t("This device has a passkey of your account already.")
      : t("The passkey was not used: it was cancelled, or this device has none for this address."),
  });
}

/** Whether the e-mail field of this browser can suggest passkeys. */
export async function canOfferPasskeys(): Promise<boolean> {
  if (!hasPasskeys()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false;
}

/** Lets go of a passkey that is waited for. */
export async function stopOffering(): Promise<void> {
  const { WebAuthnAbortService } = await library();
  WebAuthnAbortService.cancelCeremony();
}
