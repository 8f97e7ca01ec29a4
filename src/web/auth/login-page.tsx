import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { minuteMs } from "../../protocol/durations";
import { ApiFault } from "../api/fault";
import type { Search } from "../filters";
import { installation, session } from "../frame/session";
import { canOfferPasskeys, offerPasskeys, stopOffering } from "../frame/sign-in-doors";
import { SignInSteps } from "../frame/sign-in-steps";
import { ErrorBox, ErrorLine } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { t } from "../words";
import { AuthFrame } from "./auth-frame";
import { enter } from "./enter";
import { failureReason } from "./failure-reasons";
import { returnPathOf } from "./return-path";
import { Services } from "./services";

export function Page() {
  const search = useSearch({ strict: false }) as Search;
  const router = useRouter();
  const known = useQuery(installation);
  const person = useQuery(session);
  const [step, setStep] = useState<"password" | "code">("password");
  const next = returnPathOf(search.next);
  const entered = () => enter(router, search.next);
  useOfferedPasskey(person.data === null, entered);
  const wasIn = useRef(false);
  useEffect(() => {
    if (!person.data || wasIn.current) return;
    wasIn.current = true;
    enter(router, search.next);
  }, [person.data, router, search.next]);

  if (known.data && known.data.firstUser !== "exists") return <Navigate to="/welcome" replace />;
  const passedOn = next === "/" ? {} : { next };
  return (
    <AuthFrame
      title={step === "password" ? t("Sign in") : t("One more step")}
      below={
        step === "password" &&
        known.data?.enableUserRegistration && (
          <p>
            {t("New here?")}{" "}
            <Link
              to="/register"
              search={passedOn}
              className="inline-flex items-center max-md:min-h-11"
            >
              {t("Create an account")}
            </Link>
          </p>
        )
      }
    >
      {search.socialLoginError !== undefined && step === "password" && (
        <ErrorLine>{failureReason(search.error)}</ErrorLine>
      )}
      {known.isError ? (
        <ErrorBox error={known.error} retry={() => void known.refetch()} />
      ) : known.data && person.data !== undefined ? (
        <>
          {step === "password" && <Services services={known.data.socialApps} next={next} />}
          <SignInSteps
            entered={entered}
            stepped={setStep}
            beside={
              <Link
                to="/reset-password"
                className="inline-flex items-center justify-self-start text-xs max-md:min-h-11"
              >
                {t("Forgot your password?")}
              </Link>
            }
          />
        </>
      ) : (
        <SkeletonBlock height={232} />
      )}
    </AuthFrame>
  );
}

/** A challenge is good for five minutes. */
const renewMs = 4 * minuteMs;

/** Offers passkeys among what the browser suggests in the e-mail field, as long as the page is there. */
function useOfferedPasskey(isWanted: boolean, entered: () => void): void {
  const latest = useRef(entered);
  latest.current = entered;
  useEffect(() => {
    if (!isWanted) return undefined;
    let isGone = false;
    let hasBegun = false;
    const offer = async () => {
      if (!(await canOfferPasskeys()) || isGone) return;
      hasBegun = true;
      try {
        if ((await offerPasskeys()) && !isGone) latest.current();
      } catch (error) {
        // Nobody asked for it, so nobody misses it.
        if (!(error instanceof ApiFault)) throw error;
      }
    };
    void offer();
    const timer = setInterval(() => void offer(), renewMs);
    return () => {
      isGone = true;
      clearInterval(timer);
      if (hasBegun) void stopOffering();
    };
  }, [isWanted]);
}
