import { useState } from "react";
import type { Schema } from "../api/client";
import { ApiFault } from "../api/fault";
import { Button } from "../parts/button";
import { ErrorLine } from "../parts/error-box";
import { t } from "../words";
import { addressOfService } from "./queries";

type Service = Schema<"Settings">["socialApps"][number];

/** Other services that know the person; one leaves the page for them. */
export function Services({ services, next }: { services: Service[]; next: string }) {
  const [busy, setBusy] = useState<string>();
  const [problem, setProblem] = useState<string>();
  if (services.length === 0) return null;
  const leave = async (provider: string) => {
    setBusy(provider);
    setProblem(undefined);
    try {
      location.assign(await addressOfService(provider, next));
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      setProblem(error.detail);
      setBusy(undefined);
    }
  };
  return (
    <div className="grid gap-2">
      {services.map(({ provider, name }) => (
        <Button key={provider} busy={busy === provider} onClick={() => void leave(provider)}>
          {t("Continue with {name}", { name })}
        </Button>
      ))}
      {problem && <ErrorLine>{problem}</ErrorLine>}
      <p className="flex items-center gap-3 text-xs text-muted">
        <span className="h-px flex-1 bg-line" />
        {t("or")}
        <span className="h-px flex-1 bg-line" />
      </p>
    </div>
  );
}
