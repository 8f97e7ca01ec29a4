import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "../api/client";
import { attempt } from "../parts/attempt";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ConfirmDialog } from "../parts/dialog";
import { ErrorBox } from "../parts/error-box";
import { SkeletonRows } from "../parts/skeleton";
import { Time } from "../parts/time";
import { t } from "../words";
import { accounts, addressToConnect, disconnect } from "./queries";

/** Other services that let the person in; nothing is seen of it where the installation has none. */
export function ServicesCard({ services }: { services: Schema<"Settings">["socialApps"] }) {
  const all = useQuery(accounts);
  const [going, setGoing] = useState<{ id: string; name: string }>();
  const connected = all.data?.filter(({ providerId }) => providerId !== "credential") ?? [];
  if (services.length === 0 && connected.length === 0) return null;
  const missing = services.filter(
    ({ provider }) => !connected.some(({ providerId }) => providerId === provider),
  );
  const nameOf = (id: string) => services.find(({ provider }) => provider === id)?.name ?? id;
  const connect = async (provider: string) =>
    attempt(async () => location.assign(await addressToConnect(provider)));
  return (
    <Card title={t("Connected services")} help={t("You can sign in with each of them.")}>
      {all.isError && !all.data ? (
        <ErrorBox error={all.error} retry={() => void all.refetch()} />
      ) : !all.data ? (
        <SkeletonRows rows={1} height="44px" />
      ) : (
        <ul className="divide-y divide-line">
          {connected.map(({ id, providerId, createdAt }) => (
            <li key={id} className="flex min-h-11 flex-wrap items-center gap-2 py-1">
              <span className="min-w-0 flex-1">
                {nameOf(providerId)}{" "}
                <span className="text-muted">
                  {t("since")} <Time at={createdAt} />
                </span>
              </span>
              <Button onClick={() => setGoing({ id: String(id), name: nameOf(providerId) })}>
                {t("Disconnect")}
              </Button>
            </li>
          ))}
          {missing.map(({ provider, name }) => (
            <li key={provider} className="flex min-h-11 flex-wrap items-center gap-2 py-1">
              <span className="min-w-0 flex-1 text-muted">{name}</span>
              <Button onClick={() => void connect(provider)}>
                {t("Connect {name}", { name })}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {going && (
        <ConfirmDialog
          title={t("Disconnect {name}?", { name: going.name })}
          action={t("Disconnect")}
          run={() => disconnect(going.id)}
          close={() => setGoing(undefined)}
        >
          <p>{t("It no longer signs you in, and your other sessions end.")}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
