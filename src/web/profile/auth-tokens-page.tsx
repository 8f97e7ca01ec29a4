import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { Schema } from "../api/client";
import { SettingsPage } from "../frame/settings-frame";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { ConfirmDialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { SkeletonRows } from "../parts/skeleton";
import { type Column, Table } from "../parts/table";
import { Time, useNow } from "../parts/time";
import { t } from "../words";
import { NewToken } from "./new-token";
import { revokeToken, tokens } from "./queries";
import { presetOf, presets, type Scope } from "./scopes";

type Token = Schema<"ApiToken">;

export function Page() {
  const all = useQuery(tokens);
  const [isMaking, setMaking] = useState(false);
  const [going, setGoing] = useState<Token>();
  const make = (
    <Button kind="primary" icon={Plus} onClick={() => setMaking(true)}>
      {t("Create a token")}
    </Button>
  );
  return (
    <SettingsPage
      area="profile"
      wide
      title={t("Auth tokens")}
      help={t(
        "For programs that act in your name: sentry-cli, scripts, Terraform. A token can do what you can do, within its scopes.",
      )}
      actions={make}
    >
      <section className="card" aria-label={t("Your tokens")}>
        {all.isError && !all.data ? (
          <ErrorBox error={all.error} retry={() => void all.refetch()} />
        ) : !all.data ? (
          <SkeletonRows rows={3} height="48px" />
        ) : all.data.length === 0 ? (
          <Empty>{t("You have no token yet. Programs need one to use the API.")}</Empty>
        ) : (
          <Table
            label={t("Your tokens")}
            rows={all.data}
            keyOf={({ id }) => String(id)}
            columns={columns(setGoing)}
          />
        )}
      </section>
      {isMaking && <NewToken close={() => setMaking(false)} />}
      {going && (
        <ConfirmDialog
          title={t("Revoke {name}?", { name: nameOf(going) })}
          action={t("Revoke")}
          run={() => revokeToken(going.id)}
          close={() => setGoing(undefined)}
        >
          <p>{t("Programs that use it are refused from now on. This cannot be taken back.")}</p>
        </ConfirmDialog>
      )}
    </SettingsPage>
  );
}

const nameOf = ({ label, token }: Token): string => label || token;

function columns(revoke: (token: Token) => void): Column<Token>[] {
  return [
    {
      label: t("Token"),
      cell: (token) => (
        <div className="min-w-32">
          <p className="font-medium">{token.label || t("No label")}</p>
          <code className="text-muted">{token.token}</code>
        </div>
      ),
    },
    { label: t("Scopes"), cell: ({ scopes }) => <Scopes scopes={scopes} /> },
    { label: t("Created"), cell: ({ created }) => <Time at={created} />, wideOnly: true },
    {
      label: t("Last used"),
      cell: ({ lastUsed }) =>
        lastUsed === null ? (
          <span className="text-muted">{t("never")}</span>
        ) : (
          <Time at={lastUsed} />
        ),
      wideOnly: true,
    },
    { label: t("Ends"), cell: ({ expiresAt }) => <Ends at={expiresAt} /> },
    {
      label: t("Actions"),
      align: "end",
      cell: (token) => (
        <Button
          kind="danger"
          onClick={() => revoke(token)}
          aria-label={t("Revoke {name}", { name: nameOf(token) })}
        >
          {t("Revoke")}
        </Button>
      ),
    },
  ];
}

function Scopes({ scopes }: { scopes: string[] }) {
  const preset = presetOf(new Set(scopes as Scope[]));
  const name = presets.find(({ id }) => id === preset)?.label;
  return (
    <span title={scopes.join(", ")} className={name ? "" : "text-xs text-muted"}>
      {name ? t(name) : scopes.join(", ")}
    </span>
  );
}

function Ends({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return <span className="text-muted">{t("never")}</span>;
  return Date.parse(at) < now ? (
    <Badge tone="danger">{t("ended")}</Badge>
  ) : (
    <Time at={at} absolute />
  );
}
