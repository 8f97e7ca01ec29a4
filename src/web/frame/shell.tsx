import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useRouter } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { ApiFault } from "../api/fault";
import { ErrorBox } from "../parts/error-box";
import { adoptPreferences } from "../use-preferences";
import { t } from "../words";
import { Frame } from "./frame";
import { useProofQuestion } from "./fresh";
import {
  me,
  organization,
  organizationAtHand,
  organizations,
  rememberOrganization,
} from "./session";
import { useSessionEnd } from "./session-end";

const Palette = lazy(async () => ({ default: (await import("./palette")).Palette }));
const KeyHelp = lazy(async () => ({ default: (await import("./key-help")).KeyHelp }));
const SignInAgain = lazy(async () => ({
  default: (await import("./sign-in-again")).SignInAgain,
}));
const ProveAgain = lazy(async () => ({ default: (await import("./prove-again")).ProveAgain }));

/** Around every page of somebody who is signed in. */
export function Shell({ children }: { children: ReactNode }) {
  const { org } = useParams({ strict: false }) as { org?: string };
  const person = useQuery(me);
  const sessionEnd = useSessionEnd();
  const question = useProofQuestion();
  const [layer, setLayer] = useState<"palette" | "keys">();
  const options = person.data?.options;
  useEffect(() => {
    if (options) adoptPreferences(options);
  }, [options]);
  const known = useQuery({
    ...organization(org ?? ""),
    enabled: org !== undefined && person.isSuccess,
  });

  const isKnown = known.isSuccess;
  useEffect(() => {
    if (org && isKnown) rememberOrganization(org);
  }, [org, isKnown]);
  // Pages of the person have no organization in their address, but the way back to one.
  const all = useQuery({ ...organizations, enabled: org === undefined && person.isSuccess });
  const atHand = org ?? (all.data && organizationAtHand(all.data)?.slug);

  const isSignedOut = person.error instanceof ApiFault && person.error.status === 401;
  if (isSignedOut && !person.data) {
    return <SignInFirst />;
  }
  return (
    <Frame org={atHand} open={setLayer}>
      {person.isError && !person.data ? (
        <ErrorBox error={person.error} retry={() => void person.refetch()} />
      ) : org && known.isError && !known.data ? (
        <>
          <h1 className="sr-only">{t("Organization")}</h1>
          <ErrorBox error={known.error} retry={() => void known.refetch()} />
        </>
      ) : (
        children
      )}
      {/* Signed out meanwhile: what is on the page stays, and what was typed too. */}
      {sessionEnd && (
        <Suspense>
          <SignInAgain done={sessionEnd.answer} />
        </Suspense>
      )}
      {question && (
        <Suspense>
          <ProveAgain answer={question.answer} />
        </Suspense>
      )}
      {layer === "palette" && (
        <Suspense>
          <Palette org={atHand} close={() => setLayer(undefined)} />
        </Suspense>
      )}
      {layer === "keys" && (
        <Suspense>
          <KeyHelp close={() => setLayer(undefined)} />
        </Suspense>
      )}
    </Frame>
  );
}

/** Leads to the page of signing in, once: the way there changes the address that is to be come back to. */
function SignInFirst() {
  const navigate = useNavigate();
  const router = useRouter();
  const [next] = useState(() => {
    const { pathname, searchStr } = router.state.location;
    return pathname + searchStr;
  });
  useEffect(() => {
    void navigate({ to: "/login", search: { next }, replace: true });
  }, [navigate, next]);
  return null;
}
