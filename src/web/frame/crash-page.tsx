import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorBox } from "../parts/error-box";
import { t } from "../words";
import { Page } from "./page";

/** A page that could not be shown; the frame around it goes on. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  return (
    <Page title={t("This page does not work")} hideHeading>
      <ErrorBox error={error} retry={reset} />
    </Page>
  );
}
