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
import { Time, useNow } from "../parts/time";
import { presetOf, presets, type Scope } from "../parts/token-scopes";
import { plural, t } from "../words";
import { NewToken } from "./new-token";
import { revokeToken, tokens } from "./queries";

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
          <ul className="divide-y divide-line">
            {all.data.map((token) => (
              <TokenRow key={token.id} token={token} revoke={() => setGoing(token)} />
            ))}
          </ul>
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

function TokenRow({ token, revoke }: { token: Token; revoke: () => void }) {
  const { label, created, lastUsed, expiresAt } = token;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="grid min-w-0 flex-1 basis-40 gap-1">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium">{label || t("No label")}</span>
          <code className="text-muted">{token.token}</code>
          <Ends at={expiresAt} />
        </p>
        <p className="text-xs text-muted">
          {t("made")} <Time at={created} />
          {", "}
          {lastUsed === null ? (
            t("never used")
          ) : (
            <>
              {t("last used")} <Time at={lastUsed} />
            </>
          )}
        </p>
        <Scopes scopes={token.scopes} />
      </div>
      <Button
        kind="danger"
        onClick={revoke}
        aria-label={t("Revoke {name}", { name: nameOf(token) })}
      >
        {t("Revoke")}
      </Button>
    </li>
  );
}

/** What it is for, or how much it may do; opened, each scope. */
function Scopes({ scopes }: { scopes: string[] }) {
  const preset = presetOf(new Set(scopes as Scope[]));
  const name = presets.find(({ id }) => id === preset)?.label;
  return (
    <details className="text-xs text-muted">
      <summary className="max-md:min-h-11 max-md:content-center">
        {name && `${t(name)}, `}
        {plural(scopes.length, "scope", "scopes")}
      </summary>
      <p className="mt-1 font-mono">{scopes.join(", ")}</p>
    </details>
  );
}

function Ends({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return null;
  return Date.parse(at) < now ? (
    <Badge tone="danger">{t("ended")}</Badge>
  ) : (
    <Badge>
      {t("until")} <Time at={at} absolute />
    </Badge>
  );
}
