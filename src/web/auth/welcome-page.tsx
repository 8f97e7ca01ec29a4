import { useQuery } from "@tanstack/react-query";
import { Navigate, useRouter } from "@tanstack/react-router";
import { queryClient } from "../api/query-client";
import { installation } from "../frame/session";
import { signInByPassword } from "../frame/sign-in-doors";
import { AddressField, NewPasswordField } from "../parts/account-fields";
import { Button } from "../parts/button";
import { ErrorBox } from "../parts/error-box";
import { Field, PasswordField } from "../parts/field";
import { Form, passwordOf, textOf } from "../parts/form";
import { SkeletonBlock } from "../parts/skeleton";
import { t } from "../words";
import { AuthFrame } from "./auth-frame";
import { enter } from "./enter";
import { makeFirstUser } from "./queries";

export function Page() {
  const router = useRouter();
  const known = useQuery(installation);
  const door = known.data?.firstUser;
  if (door === "exists") return <Navigate to="/login" replace />;

  const send = async (values: FormData) => {
    const [email, password] = [textOf(values, "email"), passwordOf(values)];
    const project = textOf(values, "project");
    const setupToken = textOf(values, "setupToken");
    const made = await makeFirstUser({
      name: textOf(values, "name"),
      email,
      password,
      organization: textOf(values, "organization"),
      ...(project !== "" && { project: { name: project } }),
      ...(setupToken !== "" && { setupToken }),
    });
    await signInByPassword(email, password);
    queryClient.removeQueries({ queryKey: installation.queryKey });
    const at = `/${made.organization}/projects`;
    enter(router, made.project ? `${at}/${made.project}/setup` : `${at}/new`);
  };

  if (door === "closed") {
    return (
      <AuthFrame title={t("Nobody is here yet")}>
        <p>
          {t("This installation has no user, and no way to make the first one from a browser.")}
        </p>
        <p>
          {t("Set SETUP_TOKEN and come back, or run this where Brinkwatch was installed:")}{" "}
          <code className="rounded-sm bg-sunken px-1 py-0.5 whitespace-nowrap">
            npm run create-user
          </code>
        </p>
        <Button onClick={() => void known.refetch()}>{t("Look again")}</Button>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      wide
      title={t("Welcome to Brinkwatch")}
      help={t("Nobody is here yet. You become the administrator of this installation.")}
    >
      {known.isError ? (
        <ErrorBox error={known.error} retry={() => void known.refetch()} />
      ) : !door ? (
        <SkeletonBlock height={420} />
      ) : (
        <Form send={send} label={t("Set up")} className="grid gap-4">
          {({ busy, trouble }) => (
            <>
              {door === "token" && (
                <PasswordField
                  label={t("Setup token")}
                  help={t("The value of SETUP_TOKEN, which whoever installed Brinkwatch has set.")}
                  name="setupToken"
                  required
                  autoComplete="off"
                  error={trouble.of("setupToken")}
                />
              )}
              <div className="grid gap-4 md:grid-cols-2">
                <Field
                  label={t("Your name")}
                  help={t("It may stay empty.")}
                  name="name"
                  autoComplete="name"
                  maxLength={255}
                  error={trouble.of("name")}
                />
                <AddressField help={t("You sign in with it.")} error={trouble.of("email")} />
              </div>
              <NewPasswordField
                label={t("Password")}
                name="password"
                error={trouble.of("password")}
              />
              <div className="grid gap-4 md:grid-cols-2">
                <Field
                  label={t("Organization")}
                  help={t("Your company or team. More can be made later.")}
                  name="organization"
                  required
                  autoComplete="organization"
                  maxLength={200}
                  error={trouble.of("organization")}
                />
                <Field
                  label={t("First project")}
                  help={t(
                    "What is to be watched, e.g. shop-web. Leave it empty to choose a platform first.",
                  )}
                  name="project"
                  autoComplete="off"
                  maxLength={64}
                  error={trouble.of("project")}
                />
              </div>
              <Button type="submit" kind="primary" busy={busy}>
                {t("Begin")}
              </Button>
            </>
          )}
        </Form>
      )}
    </AuthFrame>
  );
}
