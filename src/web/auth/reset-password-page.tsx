import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { AddressField } from "../parts/account-fields";
import { Button } from "../parts/button";
import { Form, textOf } from "../parts/form";
import { t } from "../words";
import { AuthFrame } from "./auth-frame";
import { requestReset } from "./queries";

export function Page() {
  const [sentTo, setSentTo] = useState<string>();
  return (
    <AuthFrame
      title={sentTo ? t("Look into your mailbox") : t("Reset your password")}
      below={
        <Link to="/login" className="inline-flex items-center max-md:min-h-11">
          {t("Back to signing in")}
        </Link>
      }
    >
      {sentTo ? (
        <>
          <p role="status">
            {t("If there is an account of {email}, a mail with a link is on its way.", {
              email: sentTo,
            })}
          </p>
          <Button onClick={() => setSentTo(undefined)}>{t("Use another address")}</Button>
        </>
      ) : (
        <Form
          label={t("Reset your password")}
          className="grid gap-3"
          send={async (values) => {
            const email = textOf(values, "email");
            await requestReset(email);
            setSentTo(email);
          }}
        >
          {({ busy, trouble }) => (
            <>
              <AddressField
                help={t("We send a link there, with which you choose a new password.")}
                error={trouble.of("email")}
              />
              <Button type="submit" kind="primary" busy={busy}>
                {t("Send the link")}
              </Button>
            </>
          )}
        </Form>
      )}
    </AuthFrame>
  );
}
