import { useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { ApiFault } from "../api/fault";
import type { Search } from "../filters";
import { installation } from "../frame/session";
import { AddressField, NewPasswordField } from "../parts/account-fields";
import { Button } from "../parts/button";
import { ErrorBox } from "../parts/error-box";
import { Field } from "../parts/field";
import { Form, passwordOf, textOf } from "../parts/form";
import { SkeletonBlock } from "../parts/skeleton";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { AuthFrame } from "./auth-frame";
import { enter } from "./enter";
import { invitationOf } from "./invitation";
import { acceptInvitation, signUp } from "./queries";
import { returnPathOf } from "./return-path";
import { Services } from "./services";

export function Page() {
  const search = useSearch({ strict: false }) as Search;
  const router = useRouter();
  const known = useQuery(installation);
  const [mailedTo, setMailedTo] = useState<string>();
  const invitation = invitationOf(search.invitation);
  const next = returnPathOf(search.next);

  const send = async (values: FormData) => {
    const email = textOf(values, "email");
    const { isIn } = await signUp({
      name: textOf(values, "name"),
      email,
      password: passwordOf(values),
      ...(invitation && { invitation }),
    });
    if (!isIn) {
      setMailedTo(email);
      return;
    }
    if (!invitation) {
      enter(router, search.next);
      return;
    }
    try {
      const { org } = await acceptInvitation(invitation);
      enter(router, `/${org}/issues`);
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      // The account is there all the same.
      showToast({ text: error.detail, isError: true });
      enter(router, "/");
    }
  };

  const signIn = (
    <p>
      {t("You have an account?")}{" "}
      <Link
        to="/login"
        search={next === "/" ? {} : { next }}
        className="inline-flex items-center max-md:min-h-11"
      >
        {t("Sign in")}
      </Link>
    </p>
  );
  if (mailedTo) {
    return (
      <AuthFrame title={t("Look into your mailbox")} below={signIn}>
        <p role="status">
          {t(
            "A mail is on its way to {email}. Its link proves the address; then you can sign in.",
            {
              email: mailedTo,
            },
          )}
        </p>
      </AuthFrame>
    );
  }
  if (known.data && !known.data.enableUserRegistration && !invitation) {
    return (
      <AuthFrame title={t("Registration is closed")} below={signIn}>
        <p>
          {t(
            "New accounts need an invitation here. Ask somebody of your organization to send one.",
          )}
        </p>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      title={t("Create an account")}
      {...(invitation && {
        help: t("You were invited: use the address that the invitation was sent to."),
      })}
      below={signIn}
    >
      {known.isError ? (
        <ErrorBox error={known.error} retry={() => void known.refetch()} />
      ) : !known.data ? (
        <SkeletonBlock height={300} />
      ) : (
        <>
          <Services
            services={
              known.data.enableSocialAppsUserRegistration || known.data.enableUserRegistration
                ? known.data.socialApps
                : []
            }
            next={invitation ? `/accept/${invitation}/` : next}
          />
          <Form send={send} label={t("Create an account")} className="grid gap-3">
            {({ busy, trouble }) => (
              <>
                <Field
                  label={t("Name")}
                  help={t("What others in your organization see. It may stay empty.")}
                  name="name"
                  autoComplete="name"
                  maxLength={255}
                  error={trouble.of("name")}
                />
                <AddressField
                  defaultValue={typeof search.email === "string" ? search.email : ""}
                  error={trouble.of("email")}
                />
                <NewPasswordField
                  label={t("Password")}
                  name="password"
                  error={trouble.of("password")}
                />
                <Button type="submit" kind="primary" busy={busy}>
                  {t("Create the account")}
                </Button>
              </>
            )}
          </Form>
        </>
      )}
    </AuthFrame>
  );
}
